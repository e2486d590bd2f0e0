"""Fill a question that leaves out what the one before it said: "and where?", "in Aktau?"."""

from __future__ import annotations

import re

from retrieval.rewriting.lexicon import (
    AUXILIARIES,
    POINTERS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
)
from retrieval.rewriting.phrases import Phrase, find_phrases, find_words
from retrieval.rewriting.put_in import full_phrase

_LEAD = re.compile(r"^(?:(?:and|but|so|or|ok|okay|oh|yes|no|then|also|well)\b[\s,.]*)+", re.I)
_ABOUT = re.compile(r"^(?:what|how) about\s+", re.I)
_BARE = re.compile(
    r"^(why|where|when|who|how|how many|how much|how long|how often|since when|until when|by whom|"
    r"why not|how so)(?: exactly)?$",
    re.I,
)
_ADVERBIAL = re.compile(
    r"^(?:since when|until when|how long|how often|when|where|why|how)\s+(?=(?:"
    + "|".join(sorted(AUXILIARIES))
    + r")\b)",
    re.I,
)
_AND_WORD = re.compile(r", and (?:why|where|when|who|how|how many|how much|by whom|why not)$", re.I)
"""What `_ask_otherwise` may have added."""

_SWAPPED = frozenset("in on at during since before after near for from by under".split())
_MOST_WORDS = 6


def fill_ellipsis(question: str, before: str) -> str:
    """The question filled from the one before, "" if it leaves out nothing of that kind."""
    before = _AND_WORD.sub("", before.strip().rstrip(" ?.!"))
    if not before:
        return ""
    body = question.strip().rstrip(" ?.!")
    lead = _LEAD.match(body)
    rest = body[lead.end() :] if lead else body
    bare = _BARE.match(rest)
    if bare:
        return _ask_otherwise(bare.group(1).lower(), before)
    about = _ABOUT.match(rest)
    named = rest[about.end() :] if about else rest
    words = [word.lower for word in find_words(named)]
    if not words or len(words) > _MOST_WORDS or not (about or lead or words[0] in _SWAPPED):
        return ""
    if not set(words).isdisjoint(AUXILIARIES | QUESTION_WORDS | PRONOUNS | POINTERS):
        return ""
    if named.strip().isdigit():
        named, words = f"in {named.strip()}", ["in", *words]
    if words[0] in PREPOSITIONS:
        named = _lowered(named)
        return _swap_place(named, words[0], before) if words[0] in _SWAPPED else ""
    return _swap_phrase(named, before, asked=bool(about))


def _ask_otherwise(word: str, before: str) -> str:
    """The question before with another question word."""
    body = before.strip().rstrip(" ?.!")
    if word in {"why not", "how so"}:
        return f"{word}, {_lowered(body)}?" if _opens(body) else f"{body}, and {word}?"
    adverbial = _ADVERBIAL.match(body)
    if word in {"how many", "how much", "who", "by whom"}:
        return f"{body}, and {word}?"
    if adverbial:
        return f"{word} {body[adverbial.end() :]}?"
    if _opens(body):
        return f"{word} {_lowered(body)}?"
    return f"{body}, and {word}?"


def _opens(body: str) -> bool:
    """Whether an auxiliary begins it, so that a question word can go before."""
    words = find_words(body)
    return bool(words) and words[0].lower in AUXILIARIES


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
    if set(find_words(new.text)) & set(find_words(body)):
        return ""
    alike = [
        phrase
        for phrase in find_phrases(body)
        if not phrase.is_generic
        and not any(map(str.isdigit, phrase.text))
        and phrase.is_name == new.is_name
        and (new.is_name or phrase.is_plural == new.is_plural)
    ]
    if len(alike) != 1 or not (asked or new.is_name):
        return ""
    old = alike[0]
    start = old.end - len(full_phrase(old)) if _has_article(named) else old.start
    return body[:start] + named + body[old.end :] + "?"


def _has_article(text: str) -> bool:
    return re.match(r"(the|an?)\b", text, re.I) is not None
