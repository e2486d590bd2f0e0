"""The numbers by which the sentence reader judges sentences and spans."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from functools import cache

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.lexical import STOP_WORDS, analyzer
from index.types import PieceVectors
from retrieval.cues import NAMES, TIMES, Kind, cue_strength
from retrieval.spans import Candidate

ALIKE = 0.6
"""The cosine from which on two word pieces in context count as saying the same."""

_ATTRIBUTION = re.compile(
    r"\b(?:said|says|told|according to|reported|added|noted|announced)\b", re.I
)

Features = NDArray[np.float64]

SENTENCE_FEATURES = (
    "bias",
    "cosine",
    "window_cosine",
    "likeness",
    "window_likeness",
    "cue",
    "cue_beside_topic",
    "length",
    "says_more",
)
SPAN_FEATURES = (
    "bias",
    "sentence",
    "cue_form",
    "covers",
    "repeats",
    "length",
    "share",
    "cue",
    "cue_starts",
    "far",
    "follows_topic",
    "opens",
    "closes",
    "attributes",
)


@cache
def _words() -> tantivy.TextAnalyzer:
    return analyzer(stop_words=False)


def content_words(text: str) -> list[str]:
    """Stems without stop words, in order."""
    return list(_words().analyze(text))


def sentence_features(
    kind: Kind,
    sentence: str,
    alone: tuple[float, float],
    window: tuple[float, float],
    more: int,
) -> Features:
    """Features of a sentence, shape (len(SENTENCE_FEATURES),).

    `alone` and `window` are cosine and likeness of the sentence and of it with the one before;
    `more` is what `says_more` counts.
    """
    cue = cue_strength(kind, sentence)
    return np.array(
        [
            1.0,
            alone[0],
            window[0],
            alone[1],
            window[1],
            cue,
            cue * max(window[1], 0.0),
            math.log1p(len(sentence.split())) / 3,
            math.log1p(min(more, 10)) / 2,
        ]
    )


def likeness(question: str, asked: PieceVectors, text: PieceVectors) -> float:
    """How well each of the question's word pieces is met by the nearest of the text, on average.

    The sum of maxima of late interaction (Khattab and Zaharia 2020), on the question's content
    words alone: "start" is met by "began", which no shared stem would tell.
    """
    kept = _content_pieces(question, asked)
    if not kept or not len(text.pieces):
        return 0.0
    return round(float((asked.pieces[kept] @ text.pieces.T).max(axis=1).mean()), 6)


def says_more(question: str, asked: PieceVectors, sentence: str, text: PieceVectors) -> int:
    """How many content pieces of a sentence are neither like the question's nor name or time.

    A sentence that says the question again with a date, such as "Protests began on January 2.",
    says no more and can give no cause.
    """
    named = [match.span() for pattern in (TIMES, NAMES) for match in pattern.finditer(sentence)]
    kept = [
        number
        for number in _content_pieces(sentence, text)
        if not any(
            start <= text.offsets[number][0] and text.offsets[number][1] <= end
            for start, end in named
        )
    ]
    if not kept:
        return 0
    topic = _content_pieces(question, asked)
    if not topic:
        return len(kept)
    nearest = (text.pieces[kept] @ asked.pieces[topic].T).max(axis=1)
    return int((nearest < ALIKE).sum())


def _content_pieces(text: str, pieces: PieceVectors) -> list[int]:
    return [
        number
        for number, (start, end) in enumerate(pieces.offsets)
        if text[start:end].isalnum() and text[start:end].lower() not in STOP_WORDS
    ]


def span_features(
    kind: Kind, question: Collection[str], sentence: str, candidate: Candidate
) -> Features:
    """Features of a span of a sentence, shape (len(SPAN_FEATURES),)."""
    asked = set(question)
    text = sentence[candidate.start : candidate.end]
    words = content_words(text)
    before, after = sentence[: candidate.start], sentence[candidate.end :]
    near_before = _distance(asked, list(reversed(content_words(before))))
    near_after = _distance(asked, content_words(after))
    return np.array(
        [
            1.0,
            candidate.form == "sentence",
            candidate.form == "cue",
            _covered(asked, words),
            sum(word in asked for word in words) / max(1, len(words)),
            math.log1p(len(text.split())) / 3,
            len(text) / len(sentence),
            cue_strength(kind, text),
            cue_strength(kind, " ".join(text.split()[:3])),
            min(near_before, near_after, 10) / 10,
            near_before < near_after,
            candidate.start < 3,
            len(after) < 3,
            _ATTRIBUTION.search(text) is not None,
        ],
        dtype=np.float64,
    )


def _covered(asked: set[str], words: Sequence[str]) -> float:
    return len(asked.intersection(words)) / len(asked) if asked else 0.0


def _distance(asked: set[str], words: Sequence[str]) -> int:
    return next((at for at, word in enumerate(words) if word in asked), 99)
