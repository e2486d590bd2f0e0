"""The command `dateline evaluate retrieval DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli.evaluate.run import cell, comparison_columns, json_file, name_ids, show_moves

if TYPE_CHECKING:
    from api.cli.options import Commands
    from api.settings import Settings
    from index.types import Encoder
    from retrieval.evaluation.files.beir import Beir
    from retrieval.evaluation.files.trec_run import Ranked
    from retrieval.evaluation.retrieval import Compared, RetrievalEvaluation
    from retrieval.types import Reader


def add(subjects: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser = subjects.add_parser(
        "retrieval",
        parents=[home],
        help="the search alone, on a collection with judged queries",
        description="Measure the search alone on a BEIR folder: corpus.jsonl, queries.jsonl and "
        "qrels/test.tsv. It is indexed once, apart from your reports, and kept in the home's cache "
        "folder.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument(
        "--run",
        type=Path,
        metavar="FILE",
        dest="run_file",
        help="write the documents found for each query as a TREC run",
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write all figures, also of each query, as JSON"
    )
    parser.add_argument(
        "--compare",
        type=Path,
        metavar="RUN",
        help="put another TREC run of the same queries beside this one",
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE.html",
        help="write a page of figures and of the worst queries, with what was found for them",
    )
    parser.set_defaults(run=run_retrieval)


def run_retrieval(options: argparse.Namespace, settings: Settings) -> int:
    """Search for every query, write the files that are asked for, print the figures."""
    from api.cli.evaluate.run import index_once
    from api.cli.output import check_outputs, write_whole
    from api.pipeline import open_encoder, open_reader
    from retrieval.evaluation.files.beir import beir_files
    from retrieval.evaluation.files.trec_run import write_run
    from retrieval.evaluation.pages.retrieval import show_retrieval
    from retrieval.evaluation.retrieval import compare_with

    outputs = [options.run_file, options.json, options.report]
    inputs = [*beir_files(options.folder), *([options.compare] if options.compare else [])]
    check_outputs([path for path in outputs if path is not None], inputs)
    beir, other = _read(options.folder, options.compare)
    encoder = open_encoder(settings)
    folder = index_once(beir.corpus, encoder, settings.cache_folder)
    evaluation = _evaluate(beir, encoder, folder, open_reader(settings))
    compared = None
    if other is not None:
        compared = compare_with(options.compare.name, other, beir, evaluation)
    try:
        if options.run_file is not None:
            write_whole(options.run_file, write_run(evaluation.judged.run))
        if options.json is not None:
            write_whole(options.json, json_file(_json(beir, evaluation, compared)))
        if options.report is not None:
            name = options.folder.resolve().name
            write_whole(options.report, show_retrieval(name, beir, evaluation, compared))
    finally:
        # A full disk must not cost the figures of a long run.
        print(_shown(beir, evaluation, compared))  # noqa: T201
    return 0


def _read(folder: Path, run: Path | None) -> tuple[Beir, dict[str, list[Ranked]] | None]:
    from api.cli.evaluate.run import reading
    from retrieval.evaluation.files.beir import read_beir
    from retrieval.evaluation.files.trec_run import read_run

    with reading(folder):
        beir = read_beir(folder)
        return beir, None if run is None else read_run(run, beir)


def _evaluate(beir: Beir, encoder: Encoder, folder: Path, reader: Reader) -> RetrievalEvaluation:
    from tqdm import tqdm

    from retrieval.evaluation.collection import open_collection
    from retrieval.evaluation.retrieval import evaluate_retrieval

    with (
        open_collection(folder, encoder) as collection,
        tqdm(total=len(beir.queries), unit=" queries", disable=not sys.stderr.isatty()) as bar,
    ):
        return evaluate_retrieval(beir, collection, reader, on_done=lambda _query_id: bar.update())


def _json(beir: Beir, evaluation: RetrievalEvaluation, compared: Compared | None) -> dict[str, Any]:
    from dataclasses import asdict

    judged = evaluation.judged
    figures: dict[str, Any] = {
        "documents": len(beir.corpus.documents),
        "queries": len(beir.queries),
        "judged": len(judged.metrics.per_query),
        "overall": judged.metrics.mean,
        "recall": judged.recall,
        "milliseconds": {"median": evaluation.latency(0.5), "p95": evaluation.latency(0.95)},
        "without_judgement": evaluation.unjudged,
        "without_result": judged.without_result,
        "without_relevant": evaluation.without_relevant,
        "empty_documents": evaluation.empty_documents,
    }
    if compared is not None:
        other = compared.judged
        figures["compared"] = {
            "run": compared.name,
            "without_result": other.without_result,
            "metrics": {name: asdict(each) for name, each in compared.comparison.metrics.items()},
            "moved": [
                {**asdict(move), "text": beir.queries[move.query_id]}
                for move in compared.comparison.moved
            ],
            "per_query": other.metrics.per_query,
        }
    figures["per_query"] = {
        query_id: {**each, "milliseconds": evaluation.milliseconds[query_id]}
        for query_id, each in judged.metrics.per_query.items()
    }
    return figures


def _shown(beir: Beir, evaluation: RetrievalEvaluation, compared: Compared | None) -> str:
    from retrieval.evaluation.metrics.compare import MOVED_BY

    blocks = [_table(evaluation, compared)]
    if compared is not None and compared.comparison.moved:
        blocks.append(show_moves(MOVED_BY, compared.name, compared.comparison.moved, beir.queries))
    blocks.append("\n".join(_notes(beir, evaluation, compared)))
    return "\n\n".join(blocks)


def _table(evaluation: RetrievalEvaluation, compared: Compared | None) -> str:
    from api.cli.output import show_table
    from api.render.wording import safe
    from retrieval.evaluation.metrics.rank_metrics import METRICS

    mean = evaluation.judged.metrics.mean
    columns = [("this", [cell(mean[name]) for name in METRICS])]
    if compared is not None:
        found = [compared.comparison.metrics[name] for name in METRICS]
        columns += comparison_columns(safe(compared.name), found)
    return show_table(METRICS, columns)


def _notes(beir: Beir, evaluation: RetrievalEvaluation, compared: Compared | None) -> list[str]:
    from api.render.wording import safe

    judged = evaluation.judged
    times = [evaluation.latency(share) for share in (0.5, 0.95)]
    lines = [
        f"{len(beir.corpus.documents):,} documents, {len(beir.queries):,} queries, of them "
        f"{len(judged.metrics.per_query):,} judged",
        f"a search took {times[0]:.1f} ms (median), {times[1]:.1f} ms (95th percentile)",
    ]
    counted = [
        ("without a judgement, in no figure", evaluation.unjudged),
        ("judged but with no result, counted 0", judged.without_result),
        ("judged but without a relevant document, counted 0", evaluation.without_relevant),
    ]
    lines += [f"queries {what}: {name_ids(ids)}" for what, ids in counted if ids]
    if compared is not None and (ids := compared.judged.without_result):
        lines.append(
            f"judged queries not in {safe(compared.name)}, counted 0 there: {name_ids(ids)}"
        )
    if ids := evaluation.empty_documents:
        lines.append(f"empty documents, never found: {name_ids(ids)}")
    return lines
