"""What was shown for each question, as a file: written, read back, and compared with another.

A line is `{"id", "text", "answered"}` at the least, by whatever tool: the first answer's text, and
whether it would be shown. `answers`, the texts of all that are shown, may be there as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import BadExample
from retrieval.evaluation.answer_judgement import JudgedAnswer, recalls, score_shown
from retrieval.evaluation.files.records import (
    read_new_id,
    read_records,
    read_text,
    read_texts,
    read_value,
)
from retrieval.evaluation.metrics.compare import Comparison, compare_values, most_moved
from retrieval.evaluation.questions import Question, QuestionSet

MOVED_BY = "F1"
"""The metric by which questions are said to have moved."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The first answer shown for a question, None for silence, and all that are shown, if known."""

    first: str | None
    answers: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ComparedAnswers:
    """Another tool's answers to the same questions, and how these differ.

    The metrics are over the questions that count for one: exact match and F1 over all, abstention
    over the unanswerable, answer recall over the answerable, if the other says all that it shows.
    `missing` are the questions that the other has no line for: they count 0 there in every metric.
    """

    name: str
    comparison: Comparison
    missing: tuple[str, ...]


def prediction_lines(answers: Mapping[str, JudgedAnswer]) -> list[dict[str, Any]]:
    """A line a question: the first answer shown, `document.text[start:end] == text`, if any is.

    Else the surest span; the confidence is that span's in any case, as it is a reply's.
    Where nothing was found, it is the empty text at 0 of no document, with confidence 0.
    """
    return [
        {
            "id": question_id,
            "text": "" if each.best is None else each.best.text,
            "start": 0 if each.best is None else each.best.start,
            "end": 0 if each.best is None else each.best.end,
            "document_id": None if each.best is None else each.best.document_id,
            "confidence": each.judged.confidence,
            "answered": bool(each.shown),
            "answers": list(each.shown),
            "loss": each.outcome,
        }
        for question_id, each in answers.items()
    ]


def read_predictions(path: Path, asked: QuestionSet) -> dict[str, Shown]:
    """Read what was shown for the questions; those that the file lacks are left out.

    Raises BadExample, with file and line, for a line that is no prediction, a question that is not
    asked or is there twice, and a file without a line; OSError if it cannot be read.
    """
    found: dict[str, Shown] = {}
    for number, record in read_records(path):
        question_id = read_new_id(record, found, path, number, name="id")
        if question_id not in asked.questions:
            raise BadExample(path, number, f"there is no question {question_id!r}")
        text = read_text(record, "text", path, number)
        answered = read_value(record, "answered", path, number)
        if not isinstance(answered, bool):
            raise BadExample(path, number, "'answered' is neither true nor false")
        answers = None
        if "answers" in record:
            answers = tuple(read_texts(record, "answers", path, number))
        found[question_id] = Shown(text if answered else None, answers)
    return found


def compare_answers(
    name: str,
    other: Mapping[str, Shown],
    asked: QuestionSet,
    answers: Mapping[str, JudgedAnswer],
) -> ComparedAnswers:
    """Put the other's answers, which have this name, beside these."""
    questions = asked.questions
    ours = {
        each: Shown(found.shown[0] if found.shown else None, found.shown)
        for each, found in answers.items()
    }
    this, that = _scores(questions, ours), _scores(questions, other)
    metrics = {
        metric: compare_values(list(figures.values()), list(that[metric].values()))
        for metric, figures in this.items()
        if figures and metric in that
    }
    missing = tuple(each for each in questions if each not in other)
    moved = most_moved(this[MOVED_BY], that[MOVED_BY])
    return ComparedAnswers(name, Comparison(metrics, moved), missing)


def _scores(
    questions: Mapping[str, Question], shown: Mapping[str, Shown]
) -> dict[str, dict[str, float]]:
    """By metric, the figure of each question that counts for it, in the questions' order."""
    pairs = {
        each: score_shown(question, shown[each].first) if each in shown else (0.0, 0.0)
        for each, question in questions.items()
    }
    scores = {
        "exact match": {each: exact for each, (exact, _) in pairs.items()},
        MOVED_BY: {each: f1 for each, (_, f1) in pairs.items()},
        "abstention": {
            each: exact for each, (exact, _) in pairs.items() if not questions[each].answerable
        },
    }
    if all(found.answers is not None for found in shown.values()):
        scores["answer recall"] = {
            each: float(each in shown and recalls(question, shown[each].answers or ()))
            for each, question in questions.items()
            if question.answerable
        }
    return scores
