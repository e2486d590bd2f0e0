"""A reader on the encoder: ranks sentences and their clauses, and says how sure it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.sentences import split_sentences
from index.types import Encoder, Passage
from retrieval.cues import Kind, question_kind
from retrieval.features import (
    SENTENCE_FEATURES,
    SPAN_FEATURES,
    content_words,
    likeness,
    says_more,
    sentence_features,
    span_features,
)
from retrieval.spans import candidates
from retrieval.types import Span

WEIGHTS_FILE = Path(__file__).with_name("sentence_reader.json")

CUED = {Kind.CAUSE, Kind.TIME, Kind.FIGURE}
"""Kinds of which a span with the right look is taken before a clause.

Mean F1 of the right sentence's span, cued spans alone against all: why .683 to .670 (qa/train),
how many .515 to .512 and when .617 to .617 (qa/dev): no worse, and shorter. For who and where it
is .416 to .273 and .315 to .292, but the name taken is too often just any name, which misleads a
person more than a clause with the right one in it.
"""

SPAN_SENTENCES = 12
"""Sentences, the best, in which a span is sought."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted numbers; one row a kind of question, in the order of `Kind`."""

    sentence: NDArray[np.float64]
    span: NDArray[np.float64]
    calibration: tuple[float, float]
    threshold: float

    @classmethod
    def load(cls, path: Path = WEIGHTS_FILE) -> Self:
        """Read what `retrieval.fit_sentences` wrote. Raises ValueError for other features."""
        found = json.loads(path.read_text(encoding="utf-8"))
        rows = [[found[part][kind.value] for kind in Kind] for part in ("sentence", "span")]
        names = [found["sentence_features"], found["span_features"]]
        wanted = [list(SENTENCE_FEATURES), list(SPAN_FEATURES)]
        lengths = [{len(row) for row in part} for part in rows]
        if names != wanted or lengths != [{len(part)} for part in wanted]:
            raise ValueError(
                f"{path}: fitted for other features: run retrieval.fit_sentences again"
            )
        sentence, span = (np.array(part) for part in rows)
        slope, offset = found["calibration"]
        return cls(sentence, span, (float(slope), float(offset)), float(found["threshold"]))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage; `window` is it with the one before it."""

    passage: int
    start: int
    end: int
    text: str
    window: str


class SentenceReader:
    """Judges sentences, then the spans of the best ones; both judgements are linear and fitted.

    A sentence counts by its likeness to the question, as a whole and word by word, alone and with
    the one before it, and by what looks like the kind of answer that is asked for.
    """

    def __init__(self, encoder: Encoder, weights: Weights) -> None:
        self._encoder = encoder
        self._weights = weights

    @property
    def threshold(self) -> float:
        """The confidence from which on a span is shown, chosen on dev data."""
        return self._weights.threshold

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        """The best span of each of the best sentences, most confident first."""
        kind = question_kind(question)
        asked = content_words(question)
        sentences = list_sentences([passage.text for passage in passages], self._encoder)
        if not sentences:
            return []
        features = describe_sentences(question, kind, sentences, self._encoder)
        if kind is Kind.CAUSE:
            # A sentence that only says again what was asked about cannot say why it is so.
            kept = features[:, SENTENCE_FEATURES.index("says_more")] > 0
            sentences = [each for each, more in zip(sentences, kept, strict=True) if more]
            features = features[kept]
        row = list(Kind).index(kind)
        slope, offset = self._weights.calibration
        scores = slope * (features @ self._weights.sentence[row]) + offset
        confidences = 1 / (1 + np.exp(-scores))
        ranked = sorted(
            zip(np.round(confidences, 4).tolist(), sentences, strict=True),
            key=lambda pair: -pair[0],
        )
        spans = []
        for confidence, sentence in ranked[:SPAN_SENTENCES]:
            found = candidates(sentence.text, kind)
            if kind in CUED:
                found = [each for each in found if each.form == "cue"] or found
            if not found:
                continue
            judged = np.stack([span_features(kind, asked, sentence.text, each) for each in found])
            best = found[int(np.argmax(np.round(judged @ self._weights.span[row], 6)))]
            start = sentence.start + best.start
            spans.append(Span(sentence.passage, start, start + best.end - best.start, confidence))
        return spans


def list_sentences(texts: Sequence[str], encoder: Encoder) -> list[Sentence]:
    """The sentences of each text that are short enough to embed, in order."""
    sentences = []
    for number, text in enumerate(texts):
        before: int | None = None
        for start, end in split_sentences(text):
            window = text[start if before is None else before : end]
            before = start
            if len(encoder.piece_offsets(text[start:end])) > encoder.max_pieces:
                continue
            if len(encoder.piece_offsets(window)) > encoder.max_pieces:
                window = text[start:end]
            sentences.append(Sentence(number, start, end, text[start:end], window))
    return sentences


def describe_sentences(
    question: str, kind: Kind, sentences: Sequence[Sentence], encoder: Encoder
) -> NDArray[np.float64]:
    """Features of the sentences, shape (sentences, len(SENTENCE_FEATURES))."""
    texts = list(dict.fromkeys([each for s in sentences for each in (s.text, s.window)]))
    asked, *embedded = encoder.embed_pieces([question, *texts])
    found = dict(zip(texts, embedded, strict=True))
    near = {
        text: (round(float(each.whole @ asked.whole), 6), likeness(question, asked, each))
        for text, each in found.items()
    }
    return np.stack(
        [
            sentence_features(
                kind,
                s.text,
                near[s.text],
                near[s.window],
                says_more(question, asked, s.text, found[s.text]),
            )
            for s in sentences
        ]
    )
