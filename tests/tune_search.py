"""Print what each part of the search's setting is worth on collections with judged queries.

    python -m tests.tune_search DIR... [--home HOME] [--queries 300]

A line a variant and collection: nDCG@10 and RR@10, with the p value of a paired randomisation test
against the setting as it is. The setting in `retrieval/search/hybrid.py` was chosen so, on
cranfield, cisi and newwiki of ../shared/data/retrieval together.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from tqdm import tqdm

from api.pipeline import open_encoder, open_reader
from api.settings import Settings
from retrieval.evaluation.collection import (
    Collection,
    collection_folder,
    index_collection,
    open_collection,
)
from retrieval.evaluation.files.beir import Beir, read_beir
from retrieval.evaluation.metrics.compare import compare_runs
from retrieval.evaluation.metrics.rank_metrics import RankMetrics
from retrieval.evaluation.retrieval import evaluate_retrieval
from retrieval.search.hybrid import fuse
from retrieval.types import Reader

VARIANTS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "without reading": {"retrieval.search.rerank.READING_SHARE": 0},
    "reading counts .3": {"retrieval.search.rerank.READING_SHARE": 0.3},
    "reading counts .8": {"retrieval.search.rerank.READING_SHARE": 0.8},
    "no words learnt": {"retrieval.search.expand.WORDS_SHARE": 0},
    "more words learnt": {"retrieval.search.expand.WORDS_SHARE": 0.3},
    "vector not moved": {"retrieval.search.expand.VECTOR_SHARE": 0},
    "nothing learnt": {
        "retrieval.search.expand.WORDS_SHARE": 0,
        "retrieval.search.expand.VECTOR_SHARE": 0,
    },
    "passages alone": {"index.search.search_index.DOCUMENT_SHARE": 0},
    "documents count half": {"index.search.search_index.DOCUMENT_SHARE": 0.5},
    "repeated words count once": {"retrieval.search.hybrid.REPEATED": 0},
    "repeated words count in full": {"retrieval.search.hybrid.REPEATED": 1},
    "dense alone": {
        "retrieval.search.hybrid.fuse": partial(fuse, weight=1),
        "retrieval.search.rerank.READING_SHARE": 0,
    },
    "words alone": {
        "retrieval.search.hybrid.fuse": partial(fuse, weight=0),
        "retrieval.search.rerank.READING_SHARE": 0,
    },
}


def main() -> None:
    """Measure every variant on every collection."""
    parser = argparse.ArgumentParser(prog="python -m tests.tune_search", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="DIR")
    parser.add_argument("--home", type=Path, default=Path.home() / ".cache/dateline-tuning")
    parser.add_argument("--queries", type=int, default=300, help="at most so many of a collection")
    options = parser.parse_args()
    settings = Settings(home=options.home)
    encoder, reader = open_encoder(settings), open_reader(settings)
    for folder in options.folders:
        beir = _some(read_beir(folder), options.queries)
        at = collection_folder(beir.corpus, encoder, settings.cache_folder)
        index_collection(beir.corpus, encoder, at)
        with open_collection(at, encoder) as collection:
            print(f"{folder.name}, {len(beir.queries)} queries", flush=True)
            _print(beir, collection, reader)


def _print(beir: Beir, collection: Collection, reader: Reader) -> None:
    base: RankMetrics | None = None
    for name, changes in VARIANTS.items():
        with _changed(changes):
            done = tqdm(beir.queries, desc=name, leave=False)
            found = evaluate_retrieval(
                beir, collection, reader, on_done=lambda _, done=done: done.update()
            ).judged.metrics
        base = base or found
        compared = compare_runs(found, base).metrics
        figures = "  ".join(
            f"{metric} {compared[metric].this:.4f} (p {compared[metric].p_value:.3f})"
            for metric in ("nDCG@10", "RR@10")
        )
        print(f"  {name:<30} {figures}", flush=True)


@contextmanager
def _changed(changes: dict[str, Any]) -> Iterator[None]:
    with ExitStack() as stack:
        for name, value in changes.items():
            stack.enter_context(mock.patch(name, value))
        yield


def _some(beir: Beir, count: int) -> Beir:
    """The judged queries alone, and of them at most so many, spread over the file."""
    judged = list(beir.judgements)
    kept = judged[:: max(1, -(-len(judged) // count))]
    return replace(
        beir,
        queries={each: beir.queries[each] for each in kept},
        judgements={each: beir.judgements[each] for each in kept},
    )


if __name__ == "__main__":
    main()
