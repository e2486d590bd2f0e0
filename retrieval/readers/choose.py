"""Choose the spans that a model's start and end scores speak for."""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.sentences import split_paragraphs, split_sentences
from retrieval.readers.layout import Layout

MAX_SPAN_PIECES = 40
MAX_SPAN_SENTENCES = 2

SPANS = 3
"""Spans offered of a passage, at the most."""

_STRAY = ".,;:!?#>-\u2013\u2014/\\|*_~"
_PAIRS = {"(": ")", "[": "]", "{": "}", "\u201c": "\u201d", "\u2018": "\u2019", "\u00ab": "\u00bb"}
_QUOTES = "\"'"
_ABBREVIATION = re.compile(
    r"(?<![\w.])(?:(?:[^\W\d_]{1,2}\.){2,}|(?:Inc|Ltd|Co|Corp|Jr|Sr|St|No)\.)$"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A span of a passage; `margin` is its score less that of there being no answer.

    Both are sums of two logits, so that the margin is the logarithm of a likelihood ratio.
    """

    start: int
    end: int
    margin: float


def choose_spans(
    passage: str,
    layouts: Sequence[Layout],
    logits: Sequence[tuple[NDArray[np.float32], NDArray[np.float32]]],
    count: int = SPANS,
) -> list[Choice]:
    """The best spans of a passage, best first, none in a sentence of another.

    `logits` are each layout's start and end scores, shape (length,). A span is of whole words of
    one paragraph, at most MAX_SPAN_PIECES and MAX_SPAN_SENTENCES, without stray punctuation at its
    ends. There is always one, however unlikely, if the passage has a word of so many pieces.
    """
    starts = [start for start, _ in split_sentences(passage)]
    paragraphs = [start for start, _ in split_paragraphs(passage)]
    found = [
        choice
        for layout, (start, end) in zip(layouts, logits, strict=True)
        for choice in _of_layout(passage, layout, start, end, (starts, paragraphs), count)
    ]
    found.sort(key=lambda choice: (-choice.margin, choice.start, choice.end))
    chosen: list[Choice] = []
    taken: set[int] = set()
    for choice in found:
        first, last = (bisect.bisect_right(starts, at) for at in (choice.start, choice.end - 1))
        if taken.isdisjoint(range(first, last + 1)):
            chosen.append(choice)
            taken.update(range(first, last + 1))
    return chosen[:count]


def _of_layout(
    passage: str,
    layout: Layout,
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    bounds: tuple[Sequence[int], Sequence[int]],
    count: int,
) -> list[Choice]:
    pieces = len(layout.offsets)
    if not pieces:
        return []
    null = float(start[0]) + float(end[0])
    inside = slice(layout.first, layout.first + pieces)
    scores = start[inside, None].astype(np.float64) + end[None, inside]
    words = np.array(layout.words)
    edges = words[1:] != words[:-1]
    # A part of a long passage may begin and end inside a word.
    begun, unfinished = (
        _is_inside_word(passage, at) for at in (layout.offsets[0][0], layout.offsets[-1][1])
    )
    opens = np.r_[not begun, edges] & [
        not _goes_on(passage, a, "'\u2019") for a, _ in layout.offsets
    ]
    closes = np.r_[edges, not unfinished] & [not _goes_on(passage, b) for _, b in layout.offsets]
    of_sentence, of_paragraph = (
        np.array([bisect.bisect_right(starts, at) for at, _ in layout.offsets]) for starts in bounds
    )
    place = np.arange(pieces)
    # How many pieces before each place have a letter or a digit.
    before = np.cumsum([0, *(any(map(str.isalnum, passage[a:b])) for a, b in layout.offsets)])
    allowed = (
        (place[None, :] >= place[:, None])
        & (place[None, :] < place[:, None] + MAX_SPAN_PIECES)
        & (of_sentence[None, :] < of_sentence[:, None] + MAX_SPAN_SENTENCES)
        & (of_paragraph[None, :] == of_paragraph[:, None])
        & (before[None, 1:] > before[:-1, None])
        & opens[:, None]
        & closes[None, :]
    )
    scores[~allowed] = -np.inf
    chosen: list[Choice] = []
    while len(chosen) < count and np.isfinite(best := scores.max()):
        first, last = divmod(int(scores.argmax()), pieces)
        end_of_word = _after_marks(passage, layout.offsets[last][1])
        a, b = _trim(passage, layout.offsets[first][0], end_of_word)
        chosen.append(Choice(a, b, round(float(best) - null, 4)))
        # No other span of its sentences: that would be the same place read another way.
        touching = of_sentence[:, None] <= of_sentence[last]
        scores[touching & (of_sentence[None, :] >= of_sentence[first])] = -np.inf
    return chosen


def _goes_on(text: str, at: int, joining: str = "") -> bool:
    """Whether a number or an abbreviation goes on across the place, as in 2.5, 12:30 and U.S.

    Also a word across one of `joining`: so that no span starts within "Ann's", though one may end
    before the mark.
    """
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before in ".,:" + joining:
        return at >= 2 and text[at - 2].isalnum() and after.isalnum()
    return after in ".,:" + joining and before.isalnum() and text[at + 1 : at + 2].isalnum()


def _is_inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _after_marks(text: str, at: int) -> int:
    """The place behind the marks that combine with the last character: no piece has them."""
    while at < len(text) and unicodedata.category(text[at]).startswith("M"):
        at += 1
    return at


def _trim(passage: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space and punctuation that belongs to what is around it."""
    while start < end:
        text = passage[start:end]
        first, last = text[0], text[-1]
        if first.isspace() or (first in _STRAY and not text[1:2].isdigit()):
            start += 1
        elif last.isspace() or (last in _STRAY and not _ABBREVIATION.search(text)):
            end -= 1
        elif first in _PAIRS.values() or (first in _PAIRS and _PAIRS[first] not in text):
            start += 1
        elif last in _PAIRS or (
            last in _PAIRS.values() and not any(o in text for o, c in _PAIRS.items() if c == last)
        ):
            end -= 1
        elif _is_enclosed(text):
            start, end = start + 1, end - 1
        elif first in _QUOTES and text.count(first) == 1:
            start += 1
        elif last in _QUOTES and text.count(last) == 1 and text[-2:] != "s'":
            end -= 1
        else:
            return start, end
    return start, end


def _is_enclosed(text: str) -> bool:
    """Whether one pair of brackets or quotes is around it all."""
    first, inside, last = text[0], text[1:-1], text[-1]
    if first in _QUOTES:
        return len(text) > 1 and first == last and first not in inside
    return _PAIRS.get(first) == last and first not in inside and last not in inside
