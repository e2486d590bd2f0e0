"""Put two runs of the same queries side by side: is one better, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.evaluation.rank_metrics import METRICS, RankMetrics

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
    """A query whose `MOVED_BY` differs between the runs."""

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
    by_metric = {}
    for name in METRICS:
        ours, theirs = _column(this, name), _column(other, name)
        differences = ours - theirs
        by_metric[name] = MetricComparison(
            this=this.mean[name],
            other=other.mean[name],
            difference=this.mean[name] - other.mean[name],
            p_value=randomisation_test(differences.tolist()),
            wins=int((differences > _SAME).sum()),
            ties=int((np.abs(differences) <= _SAME).sum()),
            losses=int((differences < -_SAME).sum()),
        )
    moves = [
        Move(query_id, figures[MOVED_BY], other.per_query[query_id][MOVED_BY])
        for query_id, figures in this.per_query.items()
    ]
    moved = [move for move in moves if abs(move.difference) > _SAME]
    moved.sort(key=lambda move: -abs(move.difference))
    return Comparison(by_metric, tuple(moved[:MOST_MOVED]))


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


def _column(metrics: RankMetrics, name: str) -> NDArray[np.float64]:
    return np.array([figures[name] for figures in metrics.per_query.values()])
