"""Take the last answer as what a follow-up question points at."""

from __future__ import annotations

import re

from retrieval.english.lexicon import FUNCTION_WORDS, PREPOSITIONS
from retrieval.english.phrases import find_words
from retrieval.rewriting.anaphora import Anaphor, Kind
from retrieval.types import Turn

_MOST_WORDS = 6
"""Of an answer that can stand in a question; a longer one is a sentence."""

_PERSON = re.compile(r"\b(who|whom|whose|which (person|man|woman|minister|president))\b", re.I)
# Asked for a name, one may be given a person's: "he" then tells that it is.
_NAME_ASKED = re.compile(r"\b(what|tell|give) .*(['\u2019]s? name|\bname of)\b", re.I)
_PLACE = re.compile(
    r"\b(where|(which|what) (city|cities|towns?|country|place|region|village|state|river)|"
    r"capital|headquarters)\b",
    re.I,
)
_TIME = re.compile(r"\b(when|(which|what) (day|date|year|month|time))\b", re.I)
_THING = re.compile(r"\b(which|what) (?!(is|was|are|were|did|does|do|happened)\b)", re.I)
_NAMING = re.compile(r"\bwhat (is|was) the\b", re.I)
_NAME = re.compile(r"(?:[A-Z][\w'\u2019-]+ ){1,3}[A-Z][\w'\u2019-]+")
_SENTENCES = re.compile(r"[.!?;:]\s")
_MONTH = re.compile(
    r"^(january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.I,
)
_WEEKDAY = re.compile(r"^(mon|tues|wednes|thurs|fri|satur|sun)day\b", re.I)


def answer_antecedent(anaphor: Anaphor, last: Turn) -> str:
    """What of the last answer the anaphor stands for, "" if nothing of it.

    A short answer is meant where the question before asked for what the anaphor needs: a person,
    a place, a time. The text fits the anaphor's place in the question.
    """
    asked = last.standalone or last.question
    answer = short_answer(last)
    if not answer or not _fits(anaphor, asked, answer[0].isupper()):
        return ""
    if anaphor.kind is Kind.PLACE:
        return _hang(answer, "in")
    if anaphor.kind is Kind.TIME:
        return _hang(answer, _time_preposition(answer))
    if anaphor.kind in {Kind.PERSON, Kind.PLURAL}:
        return answer
    return without_preposition(answer)


def short_answer(turn: Turn) -> str:
    """The surest answer, if it is short enough to stand in a question, else ""."""
    text = turn.answers[0].strip().rstrip(".!?,;: ") if turn.answers else ""
    words = find_words(text)
    return text if words and len(words) <= _MOST_WORDS and not _SENTENCES.search(text) else ""


def without_preposition(answer: str) -> str:
    """The answer without a preposition in front."""
    first, _, rest = answer.partition(" ")
    return rest if first.lower() in PREPOSITIONS and rest else answer


def asks_for_name(asked: str) -> bool:
    """Whether a question asks which thing or place, so that a name answers it."""
    if _TIME.search(asked) or _PERSON.search(asked):
        return False
    return any(pattern.search(asked) for pattern in (_THING, _PLACE, _NAMING))


def person_in_answer(last: Turn) -> str:
    """The first name of a person's shape in what was answered, "" if there is none."""
    for text in (*last.answers, *last.quotes):
        for match in _NAME.finditer(text):
            words = find_words(text[: match.start()])
            if words and words[-1].lower in (PREPOSITIONS | {"the"}) - {"by", "with", "for"}:
                continue
            kept = match.group().split()
            while kept and kept[0].lower() in FUNCTION_WORDS:
                kept.pop(0)
            if len(kept) > 1:
                return " ".join(kept)
    return ""


def _fits(anaphor: Anaphor, asked: str, named: bool) -> bool:
    """Whether the question before asked for what the anaphor needs."""
    if anaphor.kind is Kind.PERSON:
        return named and any(each.search(asked) for each in (_PERSON, _NAME_ASKED))
    if anaphor.kind is Kind.PLURAL:
        return _PERSON.search(asked) is not None
    if anaphor.kind is Kind.PLACE:
        return _PLACE.search(asked) is not None
    if anaphor.kind is Kind.TIME:
        return _TIME.search(asked) is not None
    if anaphor.kind is Kind.NOUN:
        return named and re.search(rf"\b{re.escape(anaphor.noun)}\b", asked, re.I) is not None
    # "Where did the fire start?" "How did it spread?": the fire.
    aside = asked.lower().startswith("where")
    return (
        anaphor.kind in {Kind.NEUTER, Kind.POINTER} and named and not aside and asks_for_name(asked)
    )


def _hang(answer: str, preposition: str) -> str:
    first = answer.split(maxsplit=1)[0].lower()
    if first in PREPOSITIONS | {"early", "late", "last"}:
        return answer[0].lower() + answer[1:]
    return f"{preposition} {answer}"


def _time_preposition(answer: str) -> str:
    if _WEEKDAY.match(answer) or re.search(r"\b\d{1,2}(st|nd|rd|th)?\b", answer):
        return "on"
    return "in" if _MONTH.match(answer) or re.match(r"\d{4}", answer) else "at"
