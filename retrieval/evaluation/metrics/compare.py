"""Put two runs of the same queries side by side: is one better, and where."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.metrics.rank_metrics import METRICS, RankMetrics

PERMUTATIONS = 10_000
SEED = 0

MOVED_BY = "nDCG@10"
"""The metric by which queries are said to have moved."""

MOST_MOVED = 10

_SAME = 1e-9
"""Differences up to this are the arithmetic's, not the runs'."""

_CHUNK = 500
"""Permutations computed at once: a row each, as long as there are queries."""


@dataclass(frozen=True, slots=True)
class MetricComparison:
    """One metric of this run and of the other.

    `difference` is this less other: above 0, this one is better. `p_value` is that of a paired
    randomisation test. A query is a win where this run is better by it.
    """

    this: float
    other: float
    difference: float
    p_value: float
    wins: int
    ties: int
    losses: int


@dataclass(frozen=True, slots=True)
class Move:
    """A query whose figure differs between the runs."""

    query_id: str
    this: float
    other: float

    @property
    def difference(self) -> float:
        """How much better it is in this run."""
        return self.this - self.other


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side: by metric, and the queries that moved most, those first."""

    metrics: Mapping[str, MetricComparison]
    moved: tuple[Move, ...]


def compare_runs(this: RankMetrics, other: RankMetrics) -> Comparison:
    """Compare two runs that were measured on the same judgements.

    Queries that moved equally far are in the judgements' order. The same figures always give the
    same p values.
    """
    moved = most_moved(
        {query_id: figures[MOVED_BY] for query_id, figures in this.per_query.items()},
        {query_id: figures[MOVED_BY] for query_id, figures in other.per_query.items()},
    )
    by_metric = {
        name: compare_values(_column(this, name), _column(other, name)) for name in METRICS
    }
    return Comparison(by_metric, moved)


def compare_values(this: Sequence[float], other: Sequence[float]) -> MetricComparison:
    """Compare the figures of the same queries, in the same order; there has to be one."""
    differences = np.asarray(this, dtype=np.float64) - np.asarray(other, dtype=np.float64)
    # fsum is exact, so the order of the queries changes no digit.
    ours, theirs = math.fsum(this) / len(this), math.fsum(other) / len(other)
    return MetricComparison(
        this=ours,
        other=theirs,
        difference=ours - theirs,
        p_value=randomisation_test(differences.tolist()),
        wins=int((differences > _SAME).sum()),
        ties=int((np.abs(differences) <= _SAME).sum()),
        losses=int((differences < -_SAME).sum()),
    )


def most_moved(this: Mapping[str, float], other: Mapping[str, float]) -> tuple[Move, ...]:
    """The `MOST_MOVED` queries whose figures differ most; equally far ones in this one's order."""
    moves = [Move(query_id, figure, other[query_id]) for query_id, figure in this.items()]
    moved = [move for move in moves if abs(move.difference) > _SAME]
    moved.sort(key=lambda move: -abs(move.difference))
    return tuple(moved[:MOST_MOVED])


def randomisation_test(
    differences: Sequence[float], permutations: int = PERMUTATIONS, seed: int = SEED
) -> float:
    """The two-sided p value of a paired randomisation test on the queries' differences.

    Were the two runs alike, each difference could as well have had the other sign: p is the share
    of random signs whose mean difference is at least as far from 0 as the one observed (Smucker,
    Allan and Carterette 2007; Fisher 1935). The observed signs count as one of the
    arrangements (Phipson and Smyth 2010), so p is never 0: with 10,000 drawn, 1/10,001 is the
    least. Differences that are all 0 give 1.
    """
    values = np.asarray(differences, dtype=np.float64)
    observed = abs(values.sum())
    generator = np.random.default_rng(seed)
    as_far = 0
    for start in range(0, permutations, _CHUNK):
        shape = (min(_CHUNK, permutations - start), len(values))
        signs = generator.integers(0, 2, shape, dtype=np.int8) * 2 - 1
        sums = np.abs((signs * values).sum(axis=1))
        # Sums that are equal on paper may differ in the last digits.
        as_far += int((sums >= observed - _SAME).sum())
    return (as_far + 1) / (permutations + 1)


def _column(metrics: RankMetrics, name: str) -> list[float]:
    return [figures[name] for figures in metrics.per_query.values()]
