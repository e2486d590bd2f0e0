"""The command `dateline evaluate reader FILE`."""

from __future__ import annotations

import argparse
import collections
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.commands.evaluate.figures import cell, json_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.commands.options import Commands
    from api.settings import Settings
    from retrieval.evaluation.evaluate_reader import Prediction, ReaderEvaluation
    from retrieval.evaluation.reader_figures import ReaderFigures
    from retrieval.examples import Example

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
    parser.set_defaults(run=run_reader)


def _png(text: str) -> Path:
    if not text.lower().endswith(".png"):
        raise argparse.ArgumentTypeError(f"{text!r} does not end in .png")
    return Path(text)


def run_reader(options: argparse.Namespace, settings: Settings) -> int:
    """Read every example, write the files that are asked for, print the figures."""
    from tqdm import tqdm

    from api.open import open_reader
    from api.output import check_outputs, write_whole
    from retrieval.evaluation.evaluate_reader import evaluate_reader

    named = [options.predictions, options.json, options.plot]
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
            write_whole(options.predictions, _lines(evaluation.predictions))
        if options.json is not None:
            write_whole(options.json, json_file(_reader_json(evaluation)))
        if options.plot is not None:
            write_whole(options.plot, _drawn(evaluation))
    finally:
        # A full disk must not cost the figures of a long run.
        print(_reader_table(evaluation))  # noqa: T201
    return 0


def _read(path: Path) -> list[Example]:
    from api.errors import FileUnusable
    from retrieval.examples import read_examples

    try:
        return read_examples(path)
    except OSError as error:
        raise FileUnusable(path, error.strerror or str(error)) from error


def _refuse_repeated_ids(path: Path, examples: Sequence[Example]) -> None:
    from api.errors import RepeatedId

    repeated, times = collections.Counter(each.id for each in examples).most_common(1)[0]
    if times > 1:
        raise RepeatedId(path, repeated, times)


def _lines(predictions: Sequence[Prediction]) -> bytes:
    from dataclasses import asdict

    # ASCII alone, so that no reader takes U+2028 or U+0085 for the end of a line.
    return "".join(f"{json.dumps(asdict(each))}\n" for each in predictions).encode("ascii")


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
    from retrieval.evaluation.plot import draw_reliability

    figures = evaluation.overall
    return draw_reliability(
        evaluation.bins,
        evaluation.curve,
        area=figures.risk_coverage_area or 0.0,
        error=figures.calibration_error or 0.0,
    )


def _reader_table(evaluation: ReaderEvaluation) -> str:
    from api.show import safe
    from api.table import show_table

    groups = [("all", evaluation.overall)]
    groups += [(name, figures) for name, figures in evaluation.by_question.items() if figures.total]
    # In brackets, because a source may be called "all".
    groups += [(f"[{safe(name)}]", figures) for name, figures in evaluation.by_source.items()]
    table = show_table(
        list(_NAMES.values()),
        [(heading, [cell(getattr(each, name)) for name in _NAMES]) for heading, each in groups],
    )
    speed = evaluation.examples_per_second
    read = "" if speed is None else f", {speed:,.1f} examples read a second"
    return f"{table}\n\nshown from a confidence of {evaluation.threshold:.4f}{read}"
