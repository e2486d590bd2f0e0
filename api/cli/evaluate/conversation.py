"""The command `dateline evaluate conversation DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli.evaluate.run import cell, json_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.cli.options import Commands
    from api.settings import Settings
    from index.types import Encoder
    from retrieval.evaluation.conversation import ConversationEvaluation
    from retrieval.evaluation.files.conversations import ConversationSet
    from retrieval.evaluation.files.rewrites import RewriteExample, RewriteFigures
    from retrieval.types import TermFinder


def add(subjects: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser = subjects.add_parser(
        "conversation",
        parents=[home],
        help="the search for follow-up questions, as asked and rewritten",
        description="Measure the search for the last questions of conversations: as asked, "
        "rewritten, and, where the file has them, as a person rewrote them. DIR has corpus.jsonl "
        "and conversations.jsonl. It is indexed once, apart from your reports, and kept in the "
        "home's cache folder.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument(
        "--rewrites",
        type=Path,
        metavar="FILE",
        help="also measure rewrites against a person's, on all questions of this file",
    )
    parser.add_argument(
        "--run",
        type=Path,
        metavar="FILE",
        dest="run_file",
        help="write the documents found as a TREC run, and beside it, as FILE.raw and so on, those "
        "found for the questions as asked, rewritten alone, and rewritten by a person",
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write all figures and rewrites as JSON"
    )
    parser.set_defaults(run=run_conversation)


def run_conversation(options: argparse.Namespace, settings: Settings) -> int:
    """Search for every last question, write the files that are asked for, print the figures."""
    from api.cli.evaluate.run import index_once
    from api.cli.output import check_outputs, write_whole
    from api.pipeline import open_encoder, open_finder
    from retrieval.evaluation.conversation import HUMAN, RAW, REWRITTEN, SEARCHED
    from retrieval.evaluation.files.conversations import CONVERSATIONS
    from retrieval.evaluation.files.corpus import CORPUS
    from retrieval.evaluation.files.trec_run import write_run

    names = (RAW, REWRITTEN, SEARCHED, HUMAN)
    runs = {} if options.run_file is None else _run_files(options.run_file, names)
    outputs = [*runs.values(), *([options.json] if options.json else [])]
    inputs = [options.folder / CORPUS, options.folder / CONVERSATIONS]
    check_outputs(outputs, [*inputs, *([options.rewrites] if options.rewrites else [])])
    conversations, examples = _read(options.folder, options.rewrites)
    encoder = open_encoder(settings)
    folder = index_once(conversations.collection.corpus, encoder, settings.cache_folder)
    finder = open_finder(settings)
    evaluation = _evaluate(conversations, encoder, folder, finder)
    figures = _measure(examples, finder)
    try:
        for name, run in evaluation.runs.items():
            if name in runs:
                write_whole(runs[name], write_run(run))
        if options.json is not None:
            write_whole(options.json, json_file(_json(conversations, evaluation, figures)))
    finally:
        # A full disk must not cost the figures of a long run.
        print(_shown(conversations, evaluation, figures))  # noqa: T201
    return 0


def _run_files(path: Path, names: Sequence[str]) -> dict[str, Path]:
    from retrieval.evaluation.conversation import SEARCHED

    return {
        name: path if name == SEARCHED else path.with_name(f"{path.name}.{name}") for name in names
    }


def _read(folder: Path, rewrites: Path | None) -> tuple[ConversationSet, list[RewriteExample]]:
    from api.cli.evaluate.run import reading
    from retrieval.evaluation.files.conversations import read_conversations
    from retrieval.evaluation.files.rewrites import read_rewrites

    with reading(folder):
        found = read_conversations(folder)
        return found, [] if rewrites is None else read_rewrites(rewrites)


def _evaluate(
    conversations: ConversationSet, encoder: Encoder, folder: Path, finder: TermFinder
) -> ConversationEvaluation:
    from tqdm import tqdm

    from retrieval.evaluation.collection import open_collection
    from retrieval.evaluation.conversation import evaluate_conversation

    total = len(conversations.conversations)
    with (
        open_collection(folder, encoder) as collection,
        tqdm(total=total, unit=" questions", disable=not sys.stderr.isatty()) as bar,
    ):
        return evaluate_conversation(
            conversations, collection, finder, on_done=lambda _: bar.update()
        )


def _measure(examples: list[RewriteExample], finder: TermFinder) -> RewriteFigures | None:
    from retrieval.evaluation.files.rewrites import rewrite_all, rewrite_figures

    return rewrite_figures(examples, rewrite_all(examples, finder)) if examples else None


def _json(
    conversations: ConversationSet,
    evaluation: ConversationEvaluation,
    figures: RewriteFigures | None,
) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "groups": [asdict(group) for group in evaluation.groups],
        "without_relevant": conversations.unanswered,
        "rewrites": None if figures is None else asdict(figures),
        "questions": {
            each.id: {
                "asked": each.question,
                "human": each.human or None,
                "depth": each.depth,
                "milliseconds": evaluation.milliseconds[each.id],
                **asdict(evaluation.rewritten[each.id]),
            }
            for each in conversations.conversations
        },
    }


def _shown(
    conversations: ConversationSet,
    evaluation: ConversationEvaluation,
    figures: RewriteFigures | None,
) -> str:
    from dataclasses import asdict

    from api.cli.output import show_table
    from retrieval.evaluation.conversation import METRICS

    rows = [group.name for group in evaluation.groups]
    columns = [("questions", [cell(group.count) for group in evaluation.groups])]
    for metric in METRICS:
        for name in evaluation.runs:
            found = [cell(group.figures[name][metric]) for group in evaluation.groups]
            columns.append((f"{metric} {name}", found))
    times = sorted(evaluation.milliseconds.values())
    notes = [
        f"{sum(each.depends for each in evaluation.rewritten.values()):,} questions were rewritten",
        f"a rewrite took {times[len(times) // 2]:.1f} ms (median), {times[-1]:.1f} ms at most",
    ]
    if conversations.unanswered:
        left_out = len(conversations.unanswered)
        notes.append(f"questions that no document is said to answer, in no figure: {left_out:,}")
    blocks = [show_table(rows, columns), "\n".join(notes)]
    if figures is not None:
        named = {name.replace("_", " "): cell(value) for name, value in asdict(figures).items()}
        blocks.append(show_table(list(named), [("rewrites", list(named.values()))]))
    return "\n\n".join(blocks)
