"""The command `dateline evaluate answers DIR`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli.evaluate.run import (
    cell,
    comparison_columns,
    json_file,
    json_lines,
    name_ids,
    show_groups,
    show_moves,
)
from api.cli.output import show_table
from api.render.wording import safe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.cli.options import Commands
    from api.settings import Settings
    from retrieval.evaluation.answer_judgement import AnswerFigures, JudgedAnswer
    from retrieval.evaluation.answer_predictions import ComparedAnswers, Shown
    from retrieval.evaluation.answers import AnswersEvaluation
    from retrieval.evaluation.questions import QuestionSet


_NAMES = {
    "total": "questions",
    "answerable": "answerable",
    "exact": "exact match",
    "f1": "F1",
    "has_answer_exact": "HasAns exact match",
    "has_answer_f1": "HasAns F1",
    "right_document": "HasAns in a right document",
    "answer_recall": "HasAns answer recall",
    "answer_recall_exact": "HasAns answer recall, exact",
    "answers_shown": "HasAns answers shown",
    "no_answer_accuracy": "NoAns abstention",
    "best_span_exact": "best span, exact match",
    "best_span_f1": "best span, F1",
    "passage_recall": "right document read",
    "answer_read": "passage with answer read",
    "auroc": "AUROC of answerability",
    "calibration_error": "expected calibration error",
    "risk_at_50": "risk at coverage .5",
    "risk_at_80": "risk at coverage .8",
    "risk_coverage_area": "area under risk-coverage",
}
"""The figures, in the order of the table, and what they are called there."""

_OUTCOMES = {
    "shown": "right and shown",
    "retrieval": "lost in retrieval",
    "reader": "lost in the reader",
    "ranking": "lost in ranking",
    "threshold": "lost at the threshold",
    "silent": "rightly silent",
    "answered": "wrongly answered",
}
"""What became of a question, and what that is called."""

_STAGES = {"total": "a question", "search": "of it search", "read": "of it reading"}


def answers_rows(evaluation: AnswersEvaluation) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """The headings of the groups of questions, and each figure's name and cells under them."""
    groups = [("all", evaluation.overall)]
    groups += [each for each in evaluation.by_question.items() if each[1].reading.total]
    # In brackets, because a source may be called "all".
    groups += [(f"[{safe(name)}]", figures) for name, figures in evaluation.by_source.items()]
    flat = [_flat(figures) for _, figures in groups]
    rows = [(shown, [cell(each[name]) for each in flat]) for name, shown in _NAMES.items()]
    rows += [
        (shown, [cell((each["losses"] | each["silences"]).get(outcome)) for each in flat])
        for outcome, shown in _OUTCOMES.items()
    ]
    return [heading for heading, _ in groups], rows


def show_figures(
    asked: QuestionSet, evaluation: AnswersEvaluation, compared: ComparedAnswers | None
) -> str:
    """All that is printed."""
    blocks = [show_groups(*answers_rows(evaluation))]
    if compared is not None:
        blocks += _compared(asked, compared)
    blocks.append("\n".join(_notes(asked, evaluation, compared)))
    return "\n\n".join(blocks)


def answers_json(
    asked: QuestionSet, evaluation: AnswersEvaluation, compared: ComparedAnswers | None
) -> dict[str, Any]:
    """All figures, also of each question."""
    figures: dict[str, Any] = {
        "threshold": evaluation.threshold,
        "documents": len(asked.corpus.documents),
        "empty_documents": asked.corpus.empty_documents(),
        "overall": _flat(evaluation.overall),
        "by_question": {name: _flat(each) for name, each in evaluation.by_question.items()},
        "by_source": {name: _flat(each) for name, each in evaluation.by_source.items()},
        "reliability": [asdict(each) for each in evaluation.bins],
        "milliseconds": {
            stage: dict(zip(("median", "p95"), times, strict=True))
            for stage, times in evaluation.latencies().items()
        },
    }
    if compared is not None:
        metrics, moved = compared.comparison.metrics, compared.comparison.moved
        figures["compared"] = {
            "predictions": compared.name,
            "missing": compared.missing,
            "metrics": {name: asdict(each) for name, each in metrics.items()},
            "moved": [
                {**asdict(move), "text": asked.questions[move.query_id].text} for move in moved
            ],
        }
    figures["per_question"] = {
        each: _question(found) | {"milliseconds": evaluation.milliseconds.get(each)}
        for each, found in evaluation.answers.items()
    }
    return figures


def _flat(figures: AnswerFigures) -> dict[str, Any]:
    found = asdict(figures)
    return {**found.pop("reading"), **found}


def _question(found: JudgedAnswer) -> dict[str, Any]:
    figures = asdict(found)
    best, loss = figures.pop("best"), figures.pop("outcome")
    return {**figures.pop("judged"), **figures, "loss": loss, "best": best}


def _compared(asked: QuestionSet, compared: ComparedAnswers) -> list[str]:
    from retrieval.evaluation.answer_predictions import MOVED_BY

    metrics = compared.comparison.metrics
    found = list(metrics.values())
    columns = [("this", [cell(each.this) for each in found])]
    blocks = [show_table(list(metrics), columns + comparison_columns(safe(compared.name), found))]
    if moved := compared.comparison.moved:
        texts = {each.id: each.text for each in asked.questions.values()}
        blocks.append(show_moves(MOVED_BY, compared.name, moved, texts))
    return blocks


def _notes(
    asked: QuestionSet, evaluation: AnswersEvaluation, compared: ComparedAnswers | None
) -> list[str]:
    outcomes = [each.outcome for each in evaluation.answers.values()]
    counts = [
        f"{outcomes.count(outcome):,} {shown}"
        for outcome, shown in _OUTCOMES.items()
        if outcome in outcomes
    ]
    lines = [
        f"{len(asked.corpus.documents):,} documents, {len(asked.questions):,} questions: "
        + ", ".join(counts),
        f"shown from a confidence of {evaluation.threshold:.4f}",
    ]
    lines += [
        f"{_STAGES[stage]} took {median:.1f} ms (median), {most:.1f} ms (95th percentile)"
        for stage, (median, most) in evaluation.latencies().items()
    ]
    if unasked := [each for each in asked.questions if each not in evaluation.milliseconds]:
        lines.append(f"questions without a word, for which nothing is found: {name_ids(unasked)}")
    if ids := asked.corpus.empty_documents():
        lines.append(f"empty documents, never found: {name_ids(ids)}")
    if compared is not None and compared.missing:
        lines.append(
            f"questions not in {safe(compared.name)}, counted 0 there: {name_ids(compared.missing)}"
        )
    return lines


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
        help="write JSON lines: the first answer to each question, or the surest words where none "
        "is shown",
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
    from api.cli.output import check_outputs, write_whole
    from retrieval.evaluation.answer_predictions import compare_answers, prediction_lines
    from retrieval.evaluation.pages.answers import show_answers
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
    from api.cli.evaluate.run import reading
    from retrieval.evaluation.answer_predictions import read_predictions
    from retrieval.evaluation.questions import read_questions

    with reading(folder):
        asked = read_questions(folder)
        return asked, None if other is None else read_predictions(other, asked)


def _evaluate(asked: QuestionSet, settings: Settings) -> AnswersEvaluation:
    from tqdm import tqdm

    from api.cli.evaluate.run import index_once
    from api.pipeline import open_encoder, open_reader, search_threshold
    from retrieval.evaluation.answers import evaluate_answers
    from retrieval.evaluation.collection import open_collection
    from retrieval.types import Pipeline

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
