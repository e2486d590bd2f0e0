"""Fill a question that leaves out what the one before it said: "and where?", "in Aktau?"."""

from __future__ import annotations

import re

from retrieval.english.lexicon import (
    ADVERBS,
    AUXILIARIES,
    BEING,
    COMMON_VERBS,
    POINTERS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
)
from retrieval.english.phrases import Phrase, find_phrases, find_words
from retrieval.types import Turn

_HANGING = r"(?:by|for|to|from|with|in|at|on|until|since) (?:how much|how many|which [\w-]+)"
BARE = re.compile(
    r"^(why|where|when|who|how|how many|how much|how long|how often|since when|until when|by whom|"
    rf"why not|how so|(?:for|to|from|with) (?:whom|what)|{_HANGING})(?: exactly)?$",
    re.I,
)
"""A question of a question word alone."""

_ADVERBIAL = re.compile(
    rf"^(?:since when|until when|how long|how often|when|where|why|how|{_HANGING})\s+(?=(?:"
    + "|".join(sorted(AUXILIARIES))
    + r")\b)",
    re.I,
)
_ADVERBS = frozenset("why when where how since until".split())
_THING = re.compile(
    r"^(?P<asked>who|what|(?:which|what|how many|how much)"
    r"(?: (?P<noun>(?:[\w'-]+ ){0,3}?[\w'-]+))?)"
    rf" (?P<aux>{'|'.join(sorted(AUXILIARIES))})\b(?P<rest>.*)$",
    re.I,
)
_AND_WORD = re.compile(
    r", and (?:why|where|when|who|how|how many|how much|by whom|why not|"
    rf"(?:for|to|from|with) (?:whom|what)|{_HANGING})$",
    re.I,
)
"""What `ask_otherwise` may have added."""


def without_added(before: str) -> str:
    """A question without what `ask_otherwise` added to it, or the mark at its end."""
    return _AND_WORD.sub("", before.strip().rstrip(" ?.!"))


def ask_otherwise(word: str, body: str, answer: str) -> str:
    """The question before, with another question word.

    `answer` is its short answer, "" if it has none: after "Which bridge was closed?", "why?" asks
    why that bridge was.
    """
    if word in {"why not", "how so"}:
        return f"{word}, {_lowercase_first(body)}?" if _opens(body) else f"{body}, and {word}?"
    if word in {"how many", "how much", "who", "by whom"}:
        return f"{body}, and {word}?"
    adverbial = _ADVERBIAL.match(body)
    if adverbial:
        return f"{word} {body[adverbial.end() :]}?"
    if _opens(body):
        return f"{word} {_lowercase_first(body)}?"
    told = _tell(body, answer) if word.partition(" ")[0] in _ADVERBS else ""
    return f"{word} {told}?" if told else f"{body}, and {word}?"


def _tell(body: str, answer: str) -> str:
    """What a question for a thing takes to be so, verb first, with the answer in the thing's place.

    "" where that cannot be said without bending a verb.
    """
    match = _THING.match(body)
    if match is None:
        return ""
    asked, auxiliary, rest = match["asked"].lower(), match["aux"].lower(), match["rest"]
    counted = asked.startswith(("how many", "how much"))
    noun = match["noun"] or ""
    meant = re.sub(r"^(The|An?) ", lambda found: found.group().lower(), answer)
    if counted and noun:
        # "120" alone does not say of what.
        meant = noun if auxiliary in BEING else ""
    if auxiliary not in BEING or re.match(r"(?: [\w'-]+)+ \w+ing$", rest):
        # "What did she declare", "what is she building": what is asked for comes last.
        return f"{auxiliary}{rest} {meant}".rstrip() if meant or counted else ""
    return f"{auxiliary} {meant}{rest}" if meant and rest.strip() else ""


def _opens(body: str) -> bool:
    """Whether an auxiliary begins it, so that a question word can go before."""
    words = find_words(body)
    return bool(words) and words[0].lower in AUXILIARIES


def _lowercase_first(body: str) -> str:
    return body[0].lower() + body[1:]


_OWNER = re.compile(r"\b[A-Z][\w-]*['\u2019]s(?![\w-])")
_CONTRACTED = frozenset("what who where when how that it there here he she let".split())
_PARTICIPLE = re.compile(
    r"^(?:(?P<noun>.+) )?(?P<done>\w+(?:ed|(?<!m)en)|hurt|lost|shot|built|made)$"
)
_COUNTED = re.compile(
    r"^(?P<start>how many|how much) (?P<noun>(?:[\w'-]+ )*?)"
    rf"(?P<verb>(?:{'|'.join(sorted(BEING))}) \w+|{'|'.join(sorted(COMMON_VERBS))}|\w+ed)"
    r"\b(?P<rest>.*)$",
    re.I,
)


def fill_owned(question: str, last: Turn) -> str:
    """The question with the last turn's noun after "Aktau's", "" if none belongs there."""
    for match in _OWNER.finditer(question):
        after = find_words(question[match.end() :])
        owner = match.group()[:-2]
        if owner.lower() in _CONTRACTED or (after and not _is_no_noun(after[0].lower)):
            continue
        noun = _owned(last)
        if noun:
            return f"{question[: match.end()]} {noun}{question[match.end() :]}"
    return ""


def _is_no_noun(word: str) -> bool:
    return word in COMMON_VERBS | PREPOSITIONS | AUXILIARIES | ADVERBS


def _owned(last: Turn) -> str:
    """What the last turn said belongs to somebody or some place; else the one thing it asked of."""
    for text in (last.standalone or last.question, *last.answers, *last.quotes):
        match = _OWNER.search(text)
        while match is not None:
            phrases = find_phrases(text[match.end() :])
            if phrases and not text[match.end() :][: phrases[0].start].strip():
                return phrases[0].text
            match = _OWNER.search(text, match.end())
    asked = find_phrases(last.standalone or last.question)
    things = [each for each in asked if not each.is_generic and not each.is_name]
    return things[0].text if len(things) == 1 else ""


def fill_participle(named: str, before: str) -> str:
    """The count asked for before, of what was done to others: "people evacuated", "injured"."""
    done, counted = _PARTICIPLE.match(named), _COUNTED.match(before)
    if done is None or counted is None:
        return ""
    noun = (done["noun"] or counted["noun"]).strip()
    being = counted["verb"].split()[0].lower()
    being = being if being in BEING else "were"
    return f"{counted['start']} {noun} {being} {done['done']}{counted['rest']}?".replace("  ", " ")


LEAD = re.compile(r"^(?:(?:and|but|so|or|ok|okay|oh|yes|no|then|also|well)\b[\s,.]*)+", re.I)
_ABOUT = re.compile(r"^(?:what|how) about\s+", re.I)
_CORRECTING = re.compile(
    r"^(?:(?:no|not that(?: one)?|sorry|oops|wait|actually|pardon|rather)\b[\s,.:-]*)*"
    r"(?:(?:i (?:mean|meant|was asking about)|make (?:that|it))\b[\s,.:-]*)?",
    re.I,
)
"""How a correction begins: "no, in Aktau", "sorry, I meant the brewery"."""

_SWAPPED = frozenset("in on at during since before after near for from by under".split())
_MOST_WORDS = 6
_LEAST_KEPT = 2
"""Words that must be left of the question before: less is no question, but a search term."""
_NO_PART = AUXILIARIES | QUESTION_WORDS | POINTERS | (PRONOUNS - {"people"})
"""Words of a whole question, or that point elsewhere."""


def fill_ellipsis(question: str, before: str, answer: str = "") -> str:
    """The question filled from the one before, "" if it leaves out nothing of that kind.

    `answer` is the short answer to the one before, "" if it had none.
    """
    before = without_added(before)
    if not before:
        return ""
    body = question.strip().rstrip(" ?.!")
    corrected = _CORRECTING.sub("", body)
    lead = LEAD.match(body)
    rest = body[lead.end() :] if lead else body
    bare = BARE.match(rest)
    if bare:
        return ask_otherwise(bare.group(1).lower(), before, answer)
    correcting = corrected != body
    rest = corrected if correcting else rest
    about = _ABOUT.match(rest)
    named = rest[about.end() :] if about else rest
    words = [word.lower for word in find_words(named)]
    if (
        not words
        or len(words) > _MOST_WORDS
        or not (about or lead or correcting or words[0] in _SWAPPED)
    ):
        return ""
    if not set(words).isdisjoint(_NO_PART):
        return ""
    if named.strip().isdigit():
        named, words = f"in {named.strip()}", ["in", *words]
    if words[0] in PREPOSITIONS:
        named = _lowered(named)
        return _swap_place(named, words[0], before) if words[0] in _SWAPPED else ""
    return fill_participle(named, before) or _swap_phrase(
        named, before, asked=bool(about) or correcting
    )


def _lowered(body: str) -> str:
    return body[0].lower() + body[1:]


def _swap_place(named: str, preposition: str, before: str) -> str:
    """The question before with another place or time."""
    body = before.strip()
    for phrase in reversed(find_phrases(body)):
        if phrase.preposition == preposition and _same_sort(phrase, named):
            start = body.lower().rfind(preposition, 0, phrase.start)
            return body[:start] + named + body[phrase.end :] + "?"
    text = body.rstrip(" ?.!")
    return f"{text} {named}?"


def _same_sort(phrase: Phrase, named: str) -> bool:
    """Whether both are times or neither is."""
    return any(map(str.isdigit, phrase.text)) == any(map(str.isdigit, named))


def _swap_phrase(named: str, before: str, *, asked: bool) -> str:
    """The question before, about another of the same sort; "" where it has none or several."""
    body = before.strip()
    wanted = find_phrases(f"about {named}")
    if len(wanted) != 1:
        return ""
    new = wanted[0]
    alike = [
        phrase
        for phrase in find_phrases(body)
        if not phrase.is_generic
        and not any(map(str.isdigit, phrase.text))
        and phrase.is_name == new.is_name
        and (new.is_name or phrase.is_plural == new.is_plural)
    ]
    of_head = [phrase for phrase in alike if phrase.head == new.head]
    alike = of_head or alike
    if len(alike) != 1 or not (asked or new.is_name):
        return ""
    old = alike[0]
    if len(find_words(body)) - len(find_words(old.text)) < _LEAST_KEPT:
        return ""
    start = old.start
    if _has_article(named):
        # "The first flood": the article, and what stands between.
        article = re.search(r"\b(?:the|an?)\s+(?:[\w-]+\s+)?$", body[:start], re.I)
        start = article.start() if article else start
    return body[:start] + named + body[old.end :] + "?"


def _has_article(text: str) -> bool:
    return re.match(r"(the|an?)\b", text, re.I) is not None
