"""Measure what a confidence is worth: does it rank, is it calibrated, what does silence buy.

Everywhere a confidence is a number from 0 to 1, and higher means surer. Nothing depends on the
order of the examples: those of equal confidence are taken together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10
"""Bins of the calibration figures: a tenth of confidence each."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Examples with a confidence in (low, high]; 0 itself is in the first bin.

    `confidence` is their mean confidence and `right` the share that is right; None where there are
    no examples.
    """

    low: float
    high: float
    count: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering the surest `coverage` of the examples, a share `risk` of those is wrong."""

    coverage: float
    risk: float


def auroc(confidences: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The chance that a positive example has a higher confidence than a negative; ties count half.

    The area under the ROC curve by ranks (Mann and Whitney 1947; Hanley and McNeil 1982): with R
    the sum of the positives' ranks, lowest first and ties at their mean rank,
    (R - P (P + 1) / 2) / (P N) for P positives and N negatives. None without one of the two.
    """
    values, holds = _checked(confidences, positive)
    positives = int(holds.sum())
    negatives = len(holds) - positives
    if not positives or not negatives:
        return None
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[group]
    above = float(ranks[holds].sum()) - positives * (positives + 1) / 2
    return above / (positives * negatives)


def reliability_bins(confidences: Sequence[float], right: Sequence[bool]) -> list[ReliabilityBin]:
    """The `BINS` bins of equal width from 0 to 1, lowest first."""
    values, holds = _checked(confidences, right)
    edges = [number / BINS for number in range(BINS + 1)]
    # Comparing with the edges themselves: 0.3 is in (0.2, 0.3], which multiplying by 10 may miss.
    places = np.searchsorted(edges[1:-1], values, side="left")
    bins = []
    for place in range(BINS):
        inside = places == place
        count = int(inside.sum())
        # fsum, because numpy's sums depend on the order of the examples.
        confidence = math.fsum(values[inside]) / count if count else None
        share = int(holds[inside].sum()) / count if count else None
        bins.append(ReliabilityBin(edges[place], edges[place + 1], count, confidence, share))
    return bins


def calibration_error(bins: Sequence[ReliabilityBin]) -> float | None:
    """The expected calibration error: the mean gap of confidence and right, by examples.

    The sum over the bins of count / n * |right - confidence| (Naeini, Cooper and Hauskrecht 2015;
    Guo et al. 2017, equation 3). None without examples.
    """
    total = sum(each.count for each in bins)
    gaps = [
        each.count * abs(each.right - each.confidence)
        for each in bins
        if each.right is not None and each.confidence is not None
    ]
    return math.fsum(gaps) / total if total else None


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[RiskPoint]:
    """The risk of answering the k surest of n examples, for k from 1 to n.

    The point k is (k / n, wrong among the k surest / k) (El-Yaniv and Wiener 2010; Geifman and
    El-Yaniv 2017). Where k cuts through examples of equal confidence, each of them is as likely to
    be taken as the others, and the wrong ones count by their expected number.
    """
    values, holds = _checked(confidences, right)
    if not len(values):
        return []
    _, group, sizes = np.unique(-values, return_inverse=True, return_counts=True)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    errors = np.concatenate([[0], np.cumsum(np.bincount(group[~holds], minlength=len(sizes)))])
    taken = np.arange(1, len(values) + 1)
    risks = np.interp(taken, ends, errors) / taken
    return [
        RiskPoint(count / len(values), risk)
        for count, risk in zip(taken.tolist(), risks.tolist(), strict=True)
    ]


def risk_at(curve: Sequence[RiskPoint], coverage: float) -> float | None:
    """The risk of answering the fewest examples that are at least `coverage` of all.

    None without examples. Raises ValueError for a coverage of 0 or less, or above 1.
    """
    if not 0 < coverage <= 1:
        raise ValueError(f"a coverage is above 0 and at most 1, not {coverage}")
    if not curve:
        return None
    # Rounded, because 0.07 * 100 is a little more than 7.
    return curve[math.ceil(round(coverage * len(curve), 9)) - 1].risk


def risk_coverage_area(curve: Sequence[RiskPoint]) -> float | None:
    """The mean risk over all coverages k / n (AURC: Geifman, Uziel and El-Yaniv 2019).

    Lower is better. None without examples.
    """
    return math.fsum(point.risk for point in curve) / len(curve) if curve else None


def _checked(
    confidences: Sequence[float], holds: Sequence[bool]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Both as arrays. Raises ValueError for unequal lengths or what is no confidence."""
    values = np.asarray(confidences, dtype=np.float64)
    flags = np.asarray(holds, dtype=np.bool_)
    if values.shape != flags.shape:
        raise ValueError(f"{len(values)} confidences for {len(flags)} examples")
    if not np.all((values >= 0) & (values <= 1)):
        raise ValueError("a confidence is not a number from 0 to 1")
    return values, flags
