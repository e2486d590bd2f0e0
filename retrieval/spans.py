"""The spans of a sentence that could be an answer: itself, its clauses, and short cued spans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from retrieval.cues import Kind, cue_spans

MAX_CLAUSES = 3
"""Clauses in a row that one span may run over."""

# One white space is enough: the rest is trimmed off, and a run of it must not be tried at each.
_BREAK = re.compile(
    r"[,;:()\u2013\u2014\u201c\u201d\"]+(?!\d)\s{0,3}(?:(?:that|and|but|or|which|who|said)\s)?"
    r"|\s-+\s"
    r"|\s(?:that|and|but|or|which|who|whom|led to)\s"
    r"|(?<!ccording)(?<!owing)(?<!due)(?<!order)\s(?=(?:because|due to|owing to|after|although"
    r"|while|where|so that|since|before|when|until"
    r"|unless|as|in protest|caused by|prompted by|to)\b)"
)
_EDGE = " \t\r\n\u00a0\u200b\ufeff.,;:!?()[]\u2013\u2014\"\u201c\u201d'\u2018\u2019*#>_-"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a sentence, `sentence[start:end]`."""

    start: int
    end: int
    form: Literal["sentence", "clause", "cue"]


def candidates(sentence: str, kind: Kind) -> list[Candidate]:
    """The candidates, each once, in order; each has a letter or digit, no edge is punctuation."""
    found: dict[tuple[int, int], Candidate] = {}

    def add(start: int, end: int, form: Literal["sentence", "clause", "cue"]) -> None:
        start, end = _trimmed(sentence, start, end)
        if any(character.isalnum() for character in sentence[start:end]):
            found.setdefault((start, end), Candidate(start, end, form))

    for start, end in cue_spans(kind, sentence):
        add(start, end, "cue")
    add(0, len(sentence), "sentence")
    breaks = [(0, 0), *(match.span() for match in _BREAK.finditer(sentence))]
    breaks.append((len(sentence), len(sentence)))
    for first in range(len(breaks) - 1):
        for last in range(first + 1, min(first + 1 + MAX_CLAUSES, len(breaks))):
            add(breaks[first][1], breaks[last][0], "clause")
    return sorted(found.values(), key=lambda each: (each.start, each.end))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE and not _closes(text, start, end):
        end -= 1
    return start, end


def _closes(text: str, start: int, end: int) -> bool:
    """Whether the last character is a bracket whose opening is inside, or an abbreviation's dot."""
    last = text[end - 1]
    if last == ")":
        return "(" in text[start:end]
    return (
        last == "."
        and re.search(r"\b(?:\w\.\w|[ap]\.m|U\.S|U\.N|Inc|Corp|Co|Ltd|Jr|Sr)\.$", text[start:end])
        is not None
    )
