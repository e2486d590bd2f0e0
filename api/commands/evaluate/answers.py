"""The command `dateline evaluate answers DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from api.commands.evaluate.figures import json_file, json_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.commands.options import Commands
    from api.settings import Settings
    from retrieval.evaluation.answer_predictions import Shown
    from retrieval.evaluation.evaluate_answers import AnswersEvaluation
    from retrieval.evaluation.questions import QuestionSet


def add(subjects: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser = subjects.add_parser(
        "answers",
        parents=[home],
        help="the whole way, from questions over a corpus to what a user gets",
        description="Measure the whole way: each question is searched for in a corpus, read and "
        "answered as a user's would be. DIR has corpus.jsonl with JSON lines "
        '{"_id", "title", "text"}, and questions.jsonl with {"_id", "text", "answers": [TEXT...], '
        '"relevant": [ID...]}; no answers and no relevant documents where none answers, and a '
        "source if it is to be counted apart. The corpus is indexed once, apart from your reports, "
        "and kept in the home's cache folder.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument(
        "--predictions",
        type=Path,
        metavar="FILE",
        help="write JSON lines: the best span of each question, and what would be shown",
    )
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="write all figures, also of each question, as JSON",
    )
    parser.add_argument(
        "--compare",
        type=Path,
        metavar="PREDICTIONS",
        help="put other predictions for the same questions beside these: JSON lines "
        '{"id", "text", "answered"}',
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE.html",
        help="write a page of figures and of the questions that went wrong, with what was found",
    )
    parser.set_defaults(run=run_answers)


def run_answers(options: argparse.Namespace, settings: Settings) -> int:
    """Ask every question, write the files that are asked for, print the figures."""
    from api.commands.evaluate.answers_shown import answers_json, answers_rows, show_figures
    from api.output import check_outputs, write_whole
    from retrieval.evaluation.answer_predictions import compare_answers, prediction_lines
    from retrieval.evaluation.answers_page import show_answers
    from retrieval.evaluation.questions import question_files

    outputs = [options.predictions, options.json, options.report]
    inputs = [*question_files(options.folder), *([options.compare] if options.compare else [])]
    check_outputs([path for path in outputs if path is not None], inputs)
    asked, other = _read(options.folder, options.compare)
    evaluation = _evaluate(asked, settings)
    compared = None
    if other is not None:
        compared = compare_answers(options.compare.name, other, asked, evaluation.answers)
    try:
        if options.predictions is not None:
            write_whole(options.predictions, json_lines(prediction_lines(evaluation.answers)))
        if options.json is not None:
            write_whole(options.json, json_file(answers_json(asked, evaluation, compared)))
        if options.report is not None:
            name = options.folder.resolve().name
            headings, rows = answers_rows(evaluation)
            page = show_answers(name, headings, rows, asked, evaluation, compared)
            write_whole(options.report, page)
    finally:
        # A full disk must not cost the figures of a long run.
        print(show_figures(asked, evaluation, compared))  # noqa: T201
    return 0


def _read(folder: Path, other: Path | None) -> tuple[QuestionSet, Mapping[str, Shown] | None]:
    from api.commands.evaluate.corpus import reading
    from retrieval.evaluation.answer_predictions import read_predictions
    from retrieval.evaluation.questions import read_questions

    with reading(folder):
        asked = read_questions(folder)
        return asked, None if other is None else read_predictions(other, asked)


def _evaluate(asked: QuestionSet, settings: Settings) -> AnswersEvaluation:
    from tqdm import tqdm

    from api.commands.evaluate.corpus import index_once
    from api.open import open_encoder, open_reader, search_threshold
    from retrieval.answer import Pipeline
    from retrieval.evaluation.collection import open_collection
    from retrieval.evaluation.evaluate_answers import evaluate_answers

    encoder, reader = open_encoder(settings), open_reader(settings)
    threshold = search_threshold(settings, reader)
    folder = index_once(asked.corpus, encoder, settings.cache_folder)
    with (
        open_collection(folder, encoder) as collection,
        tqdm(total=len(asked.questions), unit=" questions", disable=not sys.stderr.isatty()) as bar,
    ):
        pipeline = Pipeline(collection.database, encoder, collection.index, reader, threshold)
        return evaluate_answers(
            asked, pipeline, collection.corpus_ids, on_done=lambda _question_id: bar.update()
        )
