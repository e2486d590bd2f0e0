"""Measure rankings against judgements, through ir-measures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.evaluation.files.trec_run import Ranked, Run

METRICS = ("nDCG@10", "R@100", "RR@10", "AP", "R@5")
"""What is measured, as ir-measures calls it.

nDCG@10 is with linear gains (Järvelin and Kekäläinen 2002, as trec_eval computes it), RR@10 the
reciprocal rank of the first relevant document among ten, AP the average precision, R@k the share
of the relevant documents among the first k. All but the first take a judgement from 1 on as
relevant.
"""

DEPTHS = (1, 2, 3, 5, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100)
"""Where recall is taken for its curve."""


@dataclass(frozen=True, slots=True)
class RankMetrics:
    """A run's figures, by name as in `METRICS`.

    `per_query` has every judged query, in the judgements' order; one that the run has nothing for
    is 0 in all. `mean` is over them.
    """

    mean: Mapping[str, float]
    per_query: Mapping[str, Mapping[str, float]]


def rank_metrics(judgements: Mapping[str, Mapping[str, int]], run: Run) -> RankMetrics:
    """The figures of a run over the judged queries; its other queries count for nothing."""
    per_query = measure(judgements, run, METRICS)
    return RankMetrics(
        {name: mean(figures[name] for figures in per_query.values()) for name in METRICS},
        per_query,
    )


def recall_curve(
    judgements: Mapping[str, Mapping[str, int]], run: Run, depths: Sequence[int] = DEPTHS
) -> dict[int, float]:
    """The mean recall among the first so many documents."""
    per_query = measure(judgements, run, [f"R@{depth}" for depth in depths])
    return {depth: mean(each[f"R@{depth}"] for each in per_query.values()) for depth in depths}


def first_relevant(judged: Mapping[str, int], ranking: Sequence[Ranked]) -> int | None:
    """The rank, from 1, of the first relevant document; None if there is none."""
    ranks = (rank for rank, found in enumerate(ranking, 1) if judged.get(found.document_id, 0) > 0)
    return next(ranks, None)


def measure(
    judgements: Mapping[str, Mapping[str, int]], run: Run, names: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Each judged query's figures, by what ir-measures calls them; 0 where the run has nothing."""
    import ir_measures

    wanted = {ir_measures.parse_measure(name): name for name in names}
    per_query = {query_id: dict.fromkeys(names, 0.0) for query_id in judgements}
    qrels = {query_id: dict(judged) for query_id, judged in judgements.items()}
    scores = {
        query_id: {found.document_id: found.score for found in run[query_id]}
        for query_id in judgements
        if run.get(query_id)
    }
    for found in ir_measures.iter_calc(list(wanted), qrels, scores):
        per_query[found.query_id][wanted[found.measure]] = float(found.value)
    return per_query


def mean(values: Iterable[float]) -> float:
    """The mean of at least one value."""
    found = list(values)
    # fsum is exact, so the order of the queries changes no digit.
    return math.fsum(found) / len(found)
