"""What a reader's answers to examples add up to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.evaluation.metrics.answerability import (
    ReliabilityBin,
    RiskPoint,
    auroc,
    calibration_error,
    reliability_bins,
    risk_at,
    risk_coverage,
    risk_coverage_area,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One example's answer, judged.

    `exact` and `f1` are of the text that is shown, "" where none is (the treatment of SQuAD 2.0);
    `span_exact` and `span_f1` of the best span, shown or not. `right` says whether the best span
    answers: always False where the context has no answer.
    """

    source: str
    why: bool
    answerable: bool
    confidence: float
    exact: float
    f1: float
    span_exact: float
    span_f1: float
    right: bool


@dataclass(frozen=True, slots=True)
class ReaderFigures:
    """Figures of a group of examples; None where no example of the group counts for one.

    All but the counts are shares or means from 0 to 1.

    `exact` and `f1` are SQuAD 2.0's over all examples: what is shown against the accepted answers,
    where silence is right if none is accepted. `has_answer_*` are the same over the answerable
    examples, `no_answer_accuracy` over the others. `best_span_*` judge the best span of the
    answerable ones as if it were always shown.

    `auroc` asks whether confidence tells answerable from unanswerable. The rest ask whether it
    tells right best spans from wrong ones (see `Judged.right`), over all examples: the expected
    calibration error, the share of wrong ones among the surest half and the surest 80%, and the
    mean of that share over all coverages (lower is better for these four).
    """

    total: int
    answerable: int
    exact: float | None
    f1: float | None
    has_answer_exact: float | None
    has_answer_f1: float | None
    no_answer_accuracy: float | None
    best_span_exact: float | None
    best_span_f1: float | None
    auroc: float | None
    calibration_error: float | None
    risk_at_50: float | None
    risk_at_80: float | None
    risk_coverage_area: float | None


def reader_figures(examples: Sequence[Judged]) -> ReaderFigures:
    """The figures of the examples, in whatever order they come."""
    answerable = [each for each in examples if each.answerable]
    others = [each for each in examples if not each.answerable]
    confidences = [each.confidence for each in examples]
    curve = risk_curve(examples)
    return ReaderFigures(
        total=len(examples),
        answerable=len(answerable),
        exact=mean(each.exact for each in examples),
        f1=mean(each.f1 for each in examples),
        has_answer_exact=mean(each.exact for each in answerable),
        has_answer_f1=mean(each.f1 for each in answerable),
        no_answer_accuracy=mean(each.exact for each in others),
        best_span_exact=mean(each.span_exact for each in answerable),
        best_span_f1=mean(each.span_f1 for each in answerable),
        auroc=auroc(confidences, [each.answerable for each in examples]),
        calibration_error=calibration_error(bins_of(examples)),
        risk_at_50=risk_at(curve, 0.5),
        risk_at_80=risk_at(curve, 0.8),
        risk_coverage_area=risk_coverage_area(curve),
    )


def bins_of(examples: Sequence[Judged]) -> list[ReliabilityBin]:
    """How often the best span is right at each confidence."""
    return reliability_bins(
        [each.confidence for each in examples], [each.right for each in examples]
    )


def risk_curve(examples: Sequence[Judged]) -> list[RiskPoint]:
    """How often the best span is wrong among the surest examples."""
    return risk_coverage([each.confidence for each in examples], [each.right for each in examples])


def mean(values: Iterable[float]) -> float | None:
    """The mean, which does not depend on the order; None of nothing."""
    found = list(values)
    # fsum is exact: no digit changes.
    return math.fsum(found) / len(found) if found else None
