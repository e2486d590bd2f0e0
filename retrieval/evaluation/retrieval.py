"""Search for every query of a collection, and judge what is found."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from index.types import Filter
from retrieval.errors import QuestionEmpty
from retrieval.evaluation.collection import Collection
from retrieval.evaluation.files.beir import Beir
from retrieval.evaluation.files.trec_run import Ranked, Run, strictly_decreasing
from retrieval.evaluation.metrics.compare import Comparison, compare_runs
from retrieval.evaluation.metrics.rank_metrics import RankMetrics, rank_metrics, recall_curve
from retrieval.evaluation.pages.plots import latency
from retrieval.search.expand import Context
from retrieval.search.hybrid import CANDIDATES, search_any_length
from retrieval.search.rerank import rerank
from retrieval.types import Hit, Reader

DEPTH = 100
"""Documents that a query's ranking has, unless the collection has fewer."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A run, and what it is worth.

    `recall` is the mean by depth. `without_result` are the judged queries that the run has nothing
    for: they count 0 in every mean.
    """

    run: Run
    metrics: RankMetrics
    recall: Mapping[int, float]
    without_result: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetrievalEvaluation:
    """What search did on a collection.

    `judged` is over the judged queries. `unjudged` have no judgement, and count in no figure;
    `without_relevant` are judged, but no document is said to be relevant, so they count 0 whatever
    is found. `empty_documents` are those that cannot be found. `milliseconds` is how long each
    query's search took: all else depends on the collection and the search alone.
    """

    judged: Judgement
    unjudged: tuple[str, ...]
    without_relevant: tuple[str, ...]
    empty_documents: tuple[str, ...]
    milliseconds: Mapping[str, float]

    def latency(self, share: float) -> float:
        """The milliseconds that this share of the searches took at most."""
        return latency(self.milliseconds.values(), share)


@dataclass(frozen=True, slots=True)
class Compared:
    """Another run of the same queries, what it is worth, and how this one differs."""

    name: str
    judged: Judgement
    comparison: Comparison


def _ignore(_query_id: str) -> None:
    """Do nothing."""


def evaluate_retrieval(
    beir: Beir,
    collection: Collection,
    reader: Reader,
    *,
    on_done: Callable[[str], object] = _ignore,
    clock: Callable[[], float] = time.perf_counter,
) -> RetrievalEvaluation:
    """Rank documents for each query, judged or not, and measure the rankings.

    As a user gets them: the best passages are read, and those that answer come first.
    `on_done` is called after each query.
    """
    run: dict[str, list[Ranked]] = {}
    milliseconds: dict[str, float] = {}
    for query_id, text in beir.queries.items():
        began = clock()
        hits = rerank(text, _search(text, CANDIDATES, collection, ()), reader)
        milliseconds[query_id] = (clock() - began) * 1000
        run[query_id] = _rank_documents(text, hits, collection, ())
        on_done(query_id)
    return RetrievalEvaluation(
        judged=judge_run(beir, run),
        unjudged=tuple(each for each in beir.queries if each not in beir.judgements),
        without_relevant=tuple(
            query_id for query_id, judged in beir.judgements.items() if not any(judged.values())
        ),
        empty_documents=beir.corpus.empty_documents(),
        milliseconds=milliseconds,
    )


def judge_run(beir: Beir, run: Run) -> Judgement:
    """Measure a run, by Dateline or any other tool."""
    return Judgement(
        run=run,
        metrics=rank_metrics(beir.judgements, run),
        recall=recall_curve(beir.judgements, run),
        without_result=tuple(each for each in beir.judgements if not run.get(each)),
    )


def compare_with(name: str, run: Run, beir: Beir, evaluation: RetrievalEvaluation) -> Compared:
    """Measure the run of that name, and put it beside the evaluation's."""
    other = judge_run(beir, run)
    return Compared(name, other, compare_runs(evaluation.judged.metrics, other.metrics))


def rank_documents(
    text: str, collection: Collection, context: Sequence[Context] = ()
) -> list[Ranked]:
    """The documents for a question as a user would get them, with more below them."""
    return _rank_documents(
        text, _search(text, CANDIDATES, collection, context), collection, context
    )


def _rank_documents(
    text: str, hits: list[Hit], collection: Collection, context: Sequence[Context]
) -> list[Ranked]:
    """The documents of the hits by their best passage, and below them those of deeper searches.

    First the very list that a user gets, in its order: a deeper search takes more candidates, and
    so fuses their scores otherwise. It only adds what comes after.
    """
    count = CANDIDATES
    best: dict[str, float] = {}
    while True:
        for hit in hits:
            best.setdefault(collection.corpus_ids[hit.passage.document_id], hit.score)
        # Fewer than asked for: that is all there is.
        if len(best) >= DEPTH or len(hits) < count:
            return strictly_decreasing(list(best.items())[:DEPTH])
        count = max(2 * count, 2 * DEPTH)
        hits = _search(text, count, collection, context)


def _search(text: str, count: int, collection: Collection, context: Sequence[Context]) -> list[Hit]:
    """The passages for a query; none for one without a word."""
    try:
        return search_any_length(
            text,
            Filter(),
            count,
            database=collection.database,
            encoder=collection.encoder,
            index=collection.index,
            context=context,
        )
    except QuestionEmpty:
        return []
