"""Ask a reader every example's question over its own context, and judge what it finds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.types import Passage
from retrieval.evaluation.files.examples import Example
from retrieval.evaluation.metrics.answerability import ReliabilityBin, RiskPoint
from retrieval.evaluation.metrics.figures import (
    Judged,
    ReaderFigures,
    bins_of,
    reader_figures,
    risk_curve,
)
from retrieval.evaluation.metrics.text_match import asks_why, best_exact, best_f1
from retrieval.types import Reader, Span

RIGHT_F1 = 0.5
"""The F1 with an accepted answer from which on a best span counts as right.

Half, so that a span that is a little longer or shorter than a person would mark is right, and one
that only shares a word or two is not.
"""


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best span of an example: `context[start:end] == text`.

    Where the reader finds none, it is the empty text at 0 with confidence 0. `answered` says
    whether Dateline would have shown it.
    """

    id: str
    text: str
    start: int
    end: int
    confidence: float
    answered: bool


@dataclass(frozen=True, slots=True)
class ReaderEvaluation:
    """What a reader did on examples.

    `by_question` has "why" and "other" (see `asks_why`). `by_source` is sorted by source; examples
    without one are in none of them. `bins`, `curve`, `predictions` and `judged` are of all
    examples, the last two in their order. `seconds` is the time spent reading: all else depends on
    the examples, the reader and the threshold alone.
    """

    threshold: float
    overall: ReaderFigures
    by_question: dict[str, ReaderFigures]
    by_source: dict[str, ReaderFigures]
    bins: tuple[ReliabilityBin, ...]
    curve: tuple[RiskPoint, ...]
    predictions: tuple[Prediction, ...]
    judged: tuple[Judged, ...]
    seconds: float

    @property
    def examples_per_second(self) -> float | None:
        """Examples read in a second; None where the clock did not move."""
        return len(self.predictions) / self.seconds if self.seconds > 0 else None


def _ignore(_prediction: Prediction) -> None:
    """Do nothing."""


def evaluate_reader(
    examples: Sequence[Example],
    reader: Reader,
    threshold: float,
    *,
    on_done: Callable[[Prediction], None] = _ignore,
    clock: Callable[[], float] = time.perf_counter,
) -> ReaderEvaluation:
    """Read each example's context for its question, one at a time, and judge the first span.

    `threshold` is the confidence from which on a span is shown. `on_done` is called after each
    example. What calibration and risk are measured against is "the best span is right": for an
    answerable example, if its F1 with an accepted answer is `RIGHT_F1` or more; for an
    unanswerable one never, whatever its best span.

    Raises ValueError if a span reaches out of its context or a confidence out of 0 to 1: then the
    reader is at fault. Errors of the reader pass through.
    """
    predictions = []
    judged = []
    seconds = 0.0
    for number, example in enumerate(examples, start=1):
        passage = Passage(
            id=number,
            document_id=example.id,
            start=0,
            end=len(example.context),
            text=example.context,
            title=example.title,
            date=None,
        )
        began = clock()
        spans = reader.read(example.question, [passage])
        seconds += clock() - began
        prediction = _predict(example, spans, threshold)
        predictions.append(prediction)
        judged.append(_judge(example, prediction))
        on_done(prediction)
    sources = sorted({each.source for each in judged} - {""})
    return ReaderEvaluation(
        threshold=threshold,
        overall=reader_figures(judged),
        by_question={
            "why": reader_figures([each for each in judged if each.why]),
            "other": reader_figures([each for each in judged if not each.why]),
        },
        by_source={
            source: reader_figures([each for each in judged if each.source == source])
            for source in sources
        },
        bins=tuple(bins_of(judged)),
        curve=tuple(risk_curve(judged)),
        predictions=tuple(predictions),
        judged=tuple(judged),
        seconds=seconds,
    )


def _predict(example: Example, spans: Sequence[Span], threshold: float) -> Prediction:
    if not spans:
        return Prediction(example.id, "", 0, 0, 0.0, answered=False)
    best = spans[0]
    if best.passage != 0 or not 0 <= best.start < best.end <= len(example.context):
        raise ValueError(f"the reader's {best} reaches out of the context of {example.id!r}")
    if not 0 <= best.confidence <= 1:
        raise ValueError(f"the reader's {best} for {example.id!r} has no confidence from 0 to 1")
    return Prediction(
        example.id,
        example.context[best.start : best.end],
        best.start,
        best.end,
        float(best.confidence),
        answered=bool(best.confidence >= threshold),
    )


def _judge(example: Example, prediction: Prediction) -> Judged:
    accepted = example.gold()
    answerable = bool(accepted)
    shown = prediction.text if prediction.answered else ""
    span_f1 = best_f1(prediction.text, accepted)
    return Judged(
        source=example.source,
        why=asks_why(example.question),
        answerable=answerable,
        confidence=prediction.confidence,
        exact=best_exact(shown, accepted),
        f1=best_f1(shown, accepted),
        span_exact=best_exact(prediction.text, accepted),
        span_f1=span_f1,
        right=answerable and bool(prediction.text) and span_f1 >= RIGHT_F1,
    )
