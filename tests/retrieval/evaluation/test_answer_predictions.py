from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.errors import BadExample
from retrieval.evaluation.answer_judgement import JudgedAnswer, judge_answers
from retrieval.evaluation.answer_predictions import (
    Shown,
    compare_answers,
    prediction_lines,
    read_predictions,
)
from retrieval.evaluation.files.corpus import Corpus, CorpusDocument
from retrieval.evaluation.questions import Question, QuestionSet
from tests.retrieval.evaluation.answers import judge_quotes

ASKED = QuestionSet(
    Corpus({each: CorpusDocument(each, "", "Four metres. A mill.") for each in "ab"}, "0" * 64),
    {
        "q1": Question("q1", "How far?", ("four metres",), ("a",)),
        "q2": Question("q2", "What?", ("a mill",), ("b",)),
        "q3": Question("q3", "Who?", (), ()),
    },
)


@pytest.fixture
def ours() -> dict[str, JudgedAnswer]:
    """The first is right, the second half so and below a wrong one, the third is rightly silent."""
    return {
        "q1": judge_quotes(ASKED.questions["q1"], [("a", "Four metres", 0.9)]),
        "q2": judge_quotes(
            ASKED.questions["q2"], [("a", "Four metres", 0.8), ("b", "A mill", 0.7)]
        ),
        "q3": judge_quotes(ASKED.questions["q3"], [("b", "A mill", 0.2)]),
    }


def write(path: Path, *records: object) -> Path:
    path.write_text("".join(f"{json.dumps(each)}\n" for each in records), encoding="utf-8")
    return path


def test_a_line_has_the_best_span_shown_or_not(ours: dict[str, JudgedAnswer]) -> None:
    lines = prediction_lines(ours)
    assert lines[1] == {
        "id": "q2",
        "text": "Four metres",
        "start": 0,
        "end": 11,
        "document_id": "a",
        "confidence": 0.8,
        "answered": True,
        "answers": ["Four metres", "A mill"],
        "loss": "ranking",
    }
    assert (lines[2]["text"], lines[2]["answered"], lines[2]["loss"]) == ("A mill", False, "silent")


def test_where_nothing_was_found_the_line_says_so() -> None:
    nothing = judge_answers(ASKED.questions["q1"], [], [], [], {})
    assert prediction_lines({"q1": nothing}) == [
        {
            "id": "q1",
            "text": "",
            "start": 0,
            "end": 0,
            "document_id": None,
            "confidence": 0.0,
            "answered": False,
            "answers": [],
            "loss": "retrieval",
        }
    ]


def test_what_is_written_is_read_back(ours: dict[str, JudgedAnswer], tmp_path: Path) -> None:
    read = read_predictions(write(tmp_path / "p", *prediction_lines(ours)), ASKED)
    assert read == {
        "q1": Shown("Four metres", ("Four metres",)),
        "q2": Shown("Four metres", ("Four metres", "A mill")),
        "q3": Shown(None, ()),
    }


def test_the_least_that_a_line_may_have_is_read(tmp_path: Path) -> None:
    lines = [
        {"id": "q3", "text": "x", "answered": False},
        {"id": "q1", "text": "x", "answered": True},
    ]
    read = read_predictions(write(tmp_path / "p", *lines), ASKED)
    assert read == {"q3": Shown(None, None), "q1": Shown("x", None)}


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ([], "is not a JSON object"),
        ({"text": "x", "answered": True}, "'id' is missing"),
        ({"id": "q1", "text": "x", "answered": True}, "the id 'q1' is there twice"),
        ({"id": "q9", "text": "x", "answered": True}, "there is no question 'q9'"),
        ({"id": "q2", "answered": True}, "'text' is missing"),
        ({"id": "q2", "text": None, "answered": True}, "'text' is not a text"),
        ({"id": "q2", "text": "x"}, "'answered' is missing"),
        ({"id": "q2", "text": "x", "answered": 1}, "'answered' is neither true nor false"),
        ({"id": "q2", "text": "x", "answered": True, "answers": "x"}, "not a list of texts"),
    ],
)
def test_a_wrong_line_is_told(record: object, said: str, tmp_path: Path) -> None:
    path = write(tmp_path / "p", {"id": "q1", "text": "", "answered": False}, record)
    with pytest.raises(BadExample) as caught:
        read_predictions(path, ASKED)
    assert str(caught.value).startswith(f"{path}, line 2: ")
    assert said in str(caught.value)


def test_predictions_do_not_differ_from_themselves(ours: dict[str, JudgedAnswer]) -> None:
    same = {
        each: Shown(found.shown[0] if found.shown else None, found.shown)
        for each, found in ours.items()
    }
    compared = compare_answers("same", same, ASKED, ours)
    assert list(compared.comparison.metrics) == ["exact match", "F1", "abstention", "answer recall"]
    for each in compared.comparison.metrics.values():
        assert (each.difference, each.p_value, each.wins, each.losses) == (0, 1, 0, 0)
    assert compared.comparison.metrics["exact match"].this == pytest.approx(2 / 3)
    assert compared.comparison.metrics["abstention"].ties == 1
    assert compared.comparison.metrics["answer recall"].ties == 2
    assert compared.comparison.moved == ()


def test_each_metric_is_over_the_questions_that_count_for_it(
    ours: dict[str, JudgedAnswer],
) -> None:
    other = {
        "q1": Shown("by four metres", ("by four metres",)),
        "q2": Shown("a mill", ("a mill",)),
        "q3": Shown("me", ("me",)),
    }
    metrics = compare_answers("other", other, ASKED, ours).comparison.metrics
    # Exact: 1, 0, 1 against 0, 1, 0. F1 of "by four metres" is 2 * 2 / (3 + 2).
    assert (metrics["exact match"].wins, metrics["exact match"].losses) == (2, 1)
    assert metrics["F1"].other == pytest.approx((0.8 + 1 + 0) / 3)
    assert (metrics["abstention"].this, metrics["abstention"].other) == (1, 0)
    assert (metrics["answer recall"].this, metrics["answer recall"].other) == (1, 1)


def test_what_moved_most_is_by_f1(ours: dict[str, JudgedAnswer]) -> None:
    other = {"q1": Shown("by four metres", None), "q2": Shown(None, None), "q3": Shown("me", None)}
    moved = compare_answers("other", other, ASKED, ours).comparison.moved
    assert [(move.query_id, move.other, move.this) for move in moved] == [
        ("q3", 0.0, 1.0),
        ("q1", pytest.approx(0.8), 1.0),
    ]


def test_recall_is_compared_only_if_the_other_says_all_that_it_shows(
    ours: dict[str, JudgedAnswer],
) -> None:
    other = {"q1": Shown("x", ("x",)), "q2": Shown("x", None), "q3": Shown(None, ())}
    metrics = compare_answers("other", other, ASKED, ours).comparison.metrics
    assert list(metrics) == ["exact match", "F1", "abstention"]


def test_a_question_that_the_other_lacks_counts_0_there(ours: dict[str, JudgedAnswer]) -> None:
    compared = compare_answers("other", {"q1": Shown("four metres", ())}, ASKED, ours)
    assert compared.missing == ("q2", "q3")
    assert compared.comparison.metrics["abstention"].other == 0
    assert compared.comparison.metrics["F1"].other == pytest.approx(1 / 3)


def test_a_metric_that_no_question_counts_for_is_left_out(ours: dict[str, JudgedAnswer]) -> None:
    asked = QuestionSet(ASKED.corpus, {"q3": ASKED.questions["q3"]})
    compared = compare_answers("other", {"q3": Shown(None, ())}, asked, {"q3": ours["q3"]})
    assert list(compared.comparison.metrics) == ["exact match", "F1", "abstention"]
