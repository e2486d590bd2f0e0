"""Measure rankings against judgements, through ir-measures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retrieval.evaluation.trec_run import Ranked, Run

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
    import ir_measures as measures

    wanted = {
        "nDCG@10": measures.nDCG @ 10,
        "R@100": measures.R @ 100,
        "RR@10": measures.RR @ 10,
        "AP": measures.AP,
        "R@5": measures.R @ 5,
    }
    per_query = _per_query(judgements, run, {name: wanted[name] for name in METRICS})
    return RankMetrics(
        {name: _mean(figures[name] for figures in per_query.values()) for name in METRICS},
        per_query,
    )


def recall_curve(
    judgements: Mapping[str, Mapping[str, int]], run: Run, depths: Sequence[int] = DEPTHS
) -> dict[int, float]:
    """The mean recall among the first so many documents."""
    import ir_measures as measures

    wanted = {str(depth): measures.R @ depth for depth in depths}
    per_query = _per_query(judgements, run, wanted)
    return {depth: _mean(figures[str(depth)] for figures in per_query.values()) for depth in depths}


def first_relevant(judged: Mapping[str, int], ranking: Sequence[Ranked]) -> int | None:
    """The rank, from 1, of the first relevant document; None if there is none."""
    ranks = (rank for rank, found in enumerate(ranking, 1) if judged.get(found.document_id, 0) > 0)
    return next(ranks, None)


def _per_query(
    judgements: Mapping[str, Mapping[str, int]], run: Run, wanted: Mapping[str, Any]
) -> dict[str, dict[str, float]]:
    import ir_measures

    names = {measure: name for name, measure in wanted.items()}
    per_query = {query_id: dict.fromkeys(wanted, 0.0) for query_id in judgements}
    qrels = {query_id: dict(judged) for query_id, judged in judgements.items()}
    scores = {
        query_id: {found.document_id: found.score for found in run[query_id]}
        for query_id in judgements
        if run.get(query_id)
    }
    for found in ir_measures.iter_calc(list(names), qrels, scores):
        per_query[found.query_id][names[found.measure]] = float(found.value)
    return per_query


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    # fsum is exact, so the order of the queries changes no digit.
    return math.fsum(found) / len(found)
