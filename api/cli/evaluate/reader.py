"""The command `dateline evaluate reader FILE`."""

from __future__ import annotations

import argparse
import collections
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.cli.evaluate.run import cell, json_file, json_lines, show_groups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.cli.options import Commands
    from api.settings import Settings
    from retrieval.evaluation.files.examples import Example
    from retrieval.evaluation.metrics.figures import ReaderFigures
    from retrieval.evaluation.reader import ReaderEvaluation

_NAMES = {
    "total": "questions",
    "answerable": "answerable",
    "exact": "exact match",
    "f1": "F1",
    "has_answer_exact": "HasAns exact match",
    "has_answer_f1": "HasAns F1",
    "no_answer_accuracy": "NoAns accuracy",
    "best_span_exact": "best span, exact match",
    "best_span_f1": "best span, F1",
    "auroc": "AUROC of answerability",
    "calibration_error": "expected calibration error",
    "risk_at_50": "risk at coverage .5",
    "risk_at_80": "risk at coverage .8",
    "risk_coverage_area": "area under risk-coverage",
}
"""The reader's figures, in the order of the table, and what they are called there."""


def add(subjects: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser = subjects.add_parser(
        "reader",
        parents=[home],
        help="the reader alone, on questions with their contexts",
        description="Measure the reader alone: each question is read with its own context. FILE "
        'has JSON lines {"id", "question", "context", "answers": [{"text", "start"}]}, gzipped if '
        "it ends in .gz; no answers where the context has none, and a source if it is to be "
        "counted apart. No reports are needed.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--predictions",
        type=Path,
        metavar="FILE",
        help="write JSON lines: the best span of each question, and whether it would be shown",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures as JSON")
    parser.add_argument(
        "--plot",
        type=_png,
        metavar="FILE.png",
        help="draw the reliability diagram and the risk-coverage curve",
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE.html",
        help="write a page of figures and of the questions that went wrong, with what was found",
    )
    parser.set_defaults(run=run_reader)


def _png(text: str) -> Path:
    if not text.lower().endswith(".png"):
        raise argparse.ArgumentTypeError(f"{text!r} does not end in .png")
    return Path(text)


def run_reader(options: argparse.Namespace, settings: Settings) -> int:
    """Read every example, write the files that are asked for, print the figures."""
    from dataclasses import asdict

    from tqdm import tqdm

    from api.cli.output import check_outputs, write_whole
    from api.pipeline import open_reader
    from retrieval.evaluation.pages.reader import show_reader
    from retrieval.evaluation.reader import evaluate_reader

    named = [options.predictions, options.json, options.plot, options.report]
    check_outputs([path for path in named if path is not None], [options.file])
    examples = _read(options.file)
    if options.predictions is not None:
        _refuse_repeated_ids(options.file, examples)
    reader = open_reader(settings)
    threshold = reader.threshold if settings.threshold is None else settings.threshold
    with tqdm(total=len(examples), unit=" examples", disable=not sys.stderr.isatty()) as bar:
        evaluation = evaluate_reader(
            examples, reader, threshold, on_done=lambda _prediction: bar.update()
        )
    try:
        if options.predictions is not None:
            write_whole(options.predictions, json_lines(map(asdict, evaluation.predictions)))
        if options.json is not None:
            write_whole(options.json, json_file(_reader_json(evaluation)))
        if options.plot is not None:
            write_whole(options.plot, _drawn(evaluation))
        if options.report is not None:
            page = show_reader(options.file.name, *_rows(evaluation), examples, evaluation)
            write_whole(options.report, page)
    finally:
        # A full disk must not cost the figures of a long run.
        print(_reader_table(evaluation))  # noqa: T201
    return 0


def _read(path: Path) -> list[Example]:
    from api.errors import FileUnusable
    from retrieval.evaluation.files.examples import read_examples

    try:
        return read_examples(path)
    except OSError as error:
        raise FileUnusable(path, error.strerror or str(error)) from error


def _refuse_repeated_ids(path: Path, examples: Sequence[Example]) -> None:
    from api.errors import RepeatedId

    repeated, times = collections.Counter(each.id for each in examples).most_common(1)[0]
    if times > 1:
        raise RepeatedId(path, repeated, times)


def _reader_json(evaluation: ReaderEvaluation) -> dict[str, Any]:
    from dataclasses import asdict

    def groups(found: dict[str, ReaderFigures]) -> dict[str, Any]:
        return {name: asdict(figures) for name, figures in found.items()}

    return {
        "threshold": evaluation.threshold,
        "examples_per_second": evaluation.examples_per_second,
        "overall": asdict(evaluation.overall),
        "by_question": groups(evaluation.by_question),
        "by_source": groups(evaluation.by_source),
        "reliability": [asdict(each) for each in evaluation.bins],
    }


def _drawn(evaluation: ReaderEvaluation) -> bytes:
    from retrieval.evaluation.pages.plots import draw_reliability

    figures = evaluation.overall
    return draw_reliability(
        evaluation.bins,
        evaluation.curve,
        area=figures.risk_coverage_area or 0.0,
        error=figures.calibration_error or 0.0,
    )


def _rows(evaluation: ReaderEvaluation) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """The headings of the groups of examples, and each figure's name and cells under them."""
    from api.render.wording import safe

    groups = [("all", evaluation.overall)]
    groups += [(name, figures) for name, figures in evaluation.by_question.items() if figures.total]
    # In brackets, because a source may be called "all".
    groups += [(f"[{safe(name)}]", figures) for name, figures in evaluation.by_source.items()]
    rows = [
        (shown, [cell(getattr(figures, name)) for _, figures in groups])
        for name, shown in _NAMES.items()
    ]
    return [heading for heading, _ in groups], rows


def _reader_table(evaluation: ReaderEvaluation) -> str:
    table = show_groups(*_rows(evaluation))
    speed = evaluation.examples_per_second
    read = "" if speed is None else f", {speed:,.1f} examples read a second"
    return f"{table}\n\nshown from a confidence of {evaluation.threshold:.4f}{read}"
