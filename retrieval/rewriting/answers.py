"""Take the last answer as what a follow-up question points at."""

from __future__ import annotations

import re

from retrieval.rewriting.anaphora import Anaphor, Kind
from retrieval.rewriting.lexicon import FUNCTION_WORDS, PREPOSITIONS
from retrieval.rewriting.phrases import find_words
from retrieval.types import Turn

_MOST_WORDS = 6
"""Of an answer that can stand in a question; a longer one is a sentence."""

_PERSON = re.compile(r"\b(who|whom|whose|which (person|man|woman|minister|president))\b", re.I)
_PLACE = re.compile(
    r"\b(where|(which|what) (city|cities|town|towns|country|place|region|village|state|river))\b",
    re.I,
)
_TIME = re.compile(r"\b(when|(which|what) (day|date|year|month|time))\b", re.I)
_THING = re.compile(r"\b(which|what) (?!(is|was|are|were|did|does|do|happened)\b)", re.I)
_NAMING = re.compile(r"\bwhat (is|was) the\b", re.I)
_THE_PLACE = re.compile(
    r"\bthe (city|town|capital|country|village|state|region|place|river)\b(?! of\b)(?=\W*(\w+\W*)?$|"
    r" (is|was|has|have|had|did|do|does|get|be|are|were|in|on|after|before|during)\b)",
    re.I,
)
_NAME = re.compile(r"(?:[A-Z][\w'’-]+ ){1,3}[A-Z][\w'’-]+")
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
    answer = _short(last.answers[0]) if last.answers else ""
    named = answer[:1].isupper()
    if anaphor.kind is Kind.PERSON:
        if answer and named and _PERSON.search(asked):
            return answer
        return ""
    if not answer:
        return ""
    if anaphor.kind is Kind.PLACE and _PLACE.search(asked):
        return _hang(answer, "in")
    if anaphor.kind is Kind.TIME and _TIME.search(asked):
        return _hang(answer, _time_preposition(answer))
    if anaphor.kind is Kind.NOUN and named and re.search(rf"\b{anaphor.noun}\b", asked, re.I):
        return _free(answer)
    if anaphor.kind is Kind.PLURAL and _PERSON.search(asked):
        return answer
    if anaphor.kind in {Kind.NEUTER, Kind.POINTER} and named:
        names = _THING.search(asked) or _PLACE.search(asked) or _NAMING.search(asked)
        if names and not _TIME.search(asked) and not _PERSON.search(asked):
            return _free(answer)
    return ""


def name_the_place(question: str, last: Turn) -> tuple[str, str]:
    """ "The city" becomes "Astana" where that was the last answer: the question, and the name.

    Both are "" where it was not.
    """
    answer = _short(last.answers[0]) if last.answers else ""
    asked = last.standalone or last.question
    match = _THE_PLACE.search(question)
    if match is None or not answer[:1].isupper() or match.group().lower() in asked.lower():
        return "", ""
    if not (_PLACE.search(asked) or _THING.search(asked) or _NAMING.search(asked)):
        return "", ""
    name = _free(answer)
    return question[: match.start()] + name + question[match.end() :], name


def person_in_answer(last: Turn) -> str:
    """The first name of a person's shape in what was answered, "" if there is none."""
    for text in (*last.answers, *last.quotes):
        for match in _NAME.finditer(text):
            words = find_words(text[: match.start()])
            if words and words[-1].lower in PREPOSITIONS | {"the"} - {"by", "with", "for"}:
                continue
            kept = match.group().split()
            while kept and kept[0].lower() in FUNCTION_WORDS:
                kept.pop(0)
            if len(kept) > 1:
                return " ".join(kept)
    return ""


def _short(answer: str) -> str:
    text = answer.strip().rstrip(".!?,;: ")
    words = find_words(text)
    return text if words and len(words) <= _MOST_WORDS and not re.search(r"[.!?;:]\s", text) else ""


def _free(answer: str) -> str:
    """The answer without a preposition in front."""
    first, _, rest = answer.partition(" ")
    return rest if first.lower() in PREPOSITIONS and rest else answer


def _hang(answer: str, preposition: str) -> str:
    first = answer.split()[0].lower()
    if first in PREPOSITIONS | {"early", "late", "last"}:
        return answer[0].lower() + answer[1:]
    return f"{preposition} {answer}"


def _time_preposition(answer: str) -> str:
    if _WEEKDAY.match(answer) or re.search(r"\b\d{1,2}(st|nd|rd|th)?\b", answer):
        return "on"
    return "in" if _MONTH.match(answer) or re.match(r"\d{4}", answer) else "at"
