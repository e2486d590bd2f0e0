"""Give a mention its full name: "the industry", "Anne", "the city"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.english.lexicon import GENERIC
from retrieval.english.phrases import find_phrases, find_words, stem_word
from retrieval.rewriting.candidates import Candidate
from retrieval.rewriting.short_answer import asks_for_name, short_answer, without_preposition
from retrieval.types import Turn

_MOST_NAMES = 3
"""Parts of a person's name in full."""

_TURNS = 3
"""How many turns ago a place may have been the answer."""

_THE_PLACE = re.compile(
    r"\bthe (city|town|capital|country|village|state|region|place|river)\b(?! of\b)"
    r"(?=\W*(\w+\W*)?$|"
    r" (is|was|has|have|had|did|do|does|get|be|are|were|in|on|after|before|during)\b)",
    re.I,
)


def widen(
    question: str, candidates: Sequence[Candidate], history: Sequence[Turn]
) -> tuple[str, tuple[str, ...]] | None:
    """The question with one short mention in full, and that; None if it has none."""
    return (
        _name_place(question, history)
        or _widen_head(question, candidates)
        or _widen_name(question, candidates)
    )


def _name_place(question: str, history: Sequence[Turn]) -> tuple[str, tuple[str, ...]] | None:
    """Say in full "the city" soon after the answer "Astana"."""
    match = _THE_PLACE.search(question)
    if match is None:
        return None
    for turn in history[: -_TURNS - 1 : -1]:
        asked = turn.standalone or turn.question
        if match.group().lower() in asked.lower():
            return None
        answer = short_answer(turn)
        if answer[:1].isupper() and asks_for_name(asked):
            name = without_preposition(answer)
            return question[: match.start()] + name + question[match.end() :], (name,)
    return None


def _widen_head(
    question: str, candidates: Sequence[Candidate]
) -> tuple[str, tuple[str, ...]] | None:
    """Say in full "the industry" where the last turn or the first spoke of the steel industry."""
    for match in re.finditer(r"\bthe ([^\W\d_]+)\b(?! of\b)", question, re.I):
        noun = match.group(1)
        stems = set(stem_word(noun.lower()))
        if not stems or noun.lower() in GENERIC or _continues(question, match.end()):
            continue
        for candidate in candidates:
            words = find_words(candidate.phrase.text)
            near = candidate.turns[0] == 1 or candidate.first_turn
            if near and len(words) > 1 and set(stem_word(words[-1].lower)) == stems:
                text = candidate.phrase.text
                return question[: match.start(1)] + text + question[match.end() :], (text,)
    return None


def _widen_name(
    question: str, candidates: Sequence[Candidate]
) -> tuple[str, tuple[str, ...]] | None:
    """Say in full "Anne" where Anne Bonny was spoken of."""
    for phrase in find_phrases(question):
        if not phrase.is_name or len(find_words(phrase.text)) != 1 or phrase.text.isdigit():
            continue
        for candidate in candidates:
            text = candidate.phrase.text
            parts = [word.word for word in find_words(text)]
            whole = candidate.phrase.is_name and all(part[0].isupper() for part in parts)
            if whole and 1 < len(parts) <= _MOST_NAMES and phrase.text in {parts[0], parts[-1]}:
                return question[: phrase.start] + text + question[phrase.end :], (text,)
    return None


def _continues(question: str, place: int) -> bool:
    """Whether another part of the same name follows, with a capital or a hyphen."""
    return re.match(r"[-'\u2019]|\s+[A-Z0-9]", question[place:]) is not None
