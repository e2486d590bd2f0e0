"""Fill a question that leaves out what the one before it said: "and where?", "in Aktau?"."""

from __future__ import annotations

import re

from retrieval.rewriting.ask_otherwise import BARE, ask_otherwise, without_added
from retrieval.rewriting.fill_gap import fill_participle
from retrieval.rewriting.lexicon import (
    AUXILIARIES,
    POINTERS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTION_WORDS,
)
from retrieval.rewriting.phrases import Phrase, find_phrases, find_words

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
