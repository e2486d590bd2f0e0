from pathlib import Path

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import BadExample
from retrieval.evaluation.files.trec_run import Ranked, read_run, strictly_decreasing, write_run
from tests.retrieval.evaluation.collections import make_beir

BEIR = make_beir(
    {"q1": "Which dyke broke?", "q2": "Who went?", "q3": "Why?"},
    {"q1": {"a": 1, "b": 0, "c": 0}, "q2": {"\u00e9\u4e2d": 1}},
)


def scores(*given: float) -> list[float]:
    return [found.score for found in strictly_decreasing((str(n), s) for n, s in enumerate(given))]


def test_scores_that_fall_stay_what_they_are() -> None:
    assert scores(0.9, 0.5, 0.123456, 0, -2) == [0.9, 0.5, 0.123456, 0, -2]


def test_equal_scores_and_rising_ones_are_put_below_the_one_before() -> None:
    assert scores(0.5, 0.5, 0.5, 0.499999) == [0.5, 0.499999, 0.499998, 0.499997]
    assert scores(0.3, 0.8, 0.2) == [0.3, 0.299999, 0.2]
    assert scores(0, 0) == [0, -0.000001]


@given(st.lists(st.floats(-1e9, 1e9), max_size=40))
def test_scores_fall_also_as_32_bit_floats_and_as_written(given: list[float]) -> None:
    given.sort(reverse=True)
    ranking = strictly_decreasing((str(number), score) for number, score in enumerate(given))
    lines = write_run({"q": ranking}).decode().splitlines()
    written = np.array([line.split()[4] for line in lines], dtype=np.float32)
    assert (np.diff(written) < 0).all()
    assert [line.split()[2] for line in lines] == [str(number) for number in range(len(given))]


def test_a_run_is_written_as_trec_has_it() -> None:
    run = {"q1": [Ranked("a", 0.75), Ranked("c", 0.000001)], "q2": [Ranked("\u00e9\u4e2d", 1.0)]}
    assert write_run(run).decode("utf-8") == (
        "q1 Q0 a 1 0.75 dateline\nq1 Q0 c 2 0.000001 dateline\nq2 Q0 \u00e9\u4e2d 1 1.0 dateline\n"
    )


def test_a_run_is_read_back_by_ir_measures_and_by_dateline(tmp_path: Path) -> None:
    run = {
        "q1": strictly_decreasing([("c", 0.5), ("a", 0.5), ("b", 0.5)]),
        "q2": strictly_decreasing([("\u00e9\u4e2d", 0.25)]),
    }
    (tmp_path / "out.run").write_bytes(write_run(run))
    found = list(ir_measures.read_trec_run(str(tmp_path / "out.run")))
    assert [(each.query_id, each.doc_id, each.score) for each in found] == [
        (query_id, each.document_id, each.score) for query_id in run for each in run[query_id]
    ]
    assert read_run(tmp_path / "out.run", BEIR) == run
    # Equal scores would be put in the order b, c, a of trec_eval; the run's own order is kept.
    figures = ir_measures.calc_aggregate([ir_measures.RR], {"q1": {"c": 1}}, found)
    assert figures == {ir_measures.RR: 1.0}


def test_a_run_of_another_tool_is_put_in_the_order_of_trec_eval(tmp_path: Path) -> None:
    (tmp_path / "x.run").write_text(
        "q2\tQ0\t\u00e9\u4e2d\t0\t-3.5e0\tx\n\nq1 0 a 1 2 x y\n".replace(" y", "")
        + "q1 0 b 2 3 x\nq1 0 c 9 2.00000001 x\n",
        encoding="utf-8",
    )
    run = read_run(tmp_path / "x.run", BEIR)
    # As 32-bit floats, a and c are equal: the greater id goes first.
    assert list(run) == ["q1", "q2"]
    assert run["q1"] == [Ranked("b", 3), Ranked("c", 2), Ranked("a", 1.999999)]
    assert run["q2"] == [Ranked("\u00e9\u4e2d", -3.5)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("q1 Q0 a 1 0.5", "not six columns"),
        ("q1 Q0 a 1 0.5 x y", "not six columns"),
        ("q9 Q0 a 1 0.5 x", "the collection has no query 'q9'"),
        ("q1 Q0 z 1 0.5 x", "the collection has no document 'z'"),
        ("q1 Q0 b 1 0.5 x", "document 'b' is there twice for query 'q1'"),
        ("q1 Q0 a 1 best x", "the score 'best' is not a number"),
        ("q1 Q0 a 1 nan x", "the score 'nan' is not a number"),
        ("q1 Q0 a 1 inf x", "the score 'inf' is not a number"),
    ],
)
def test_what_is_no_run_is_told_by_file_and_line(line: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.run"
    path.write_text(f"q1 Q0 b 1 0.7 x\n\n{line}\n")
    with pytest.raises(BadExample) as caught:
        read_run(path, BEIR)
    assert str(caught.value).startswith(f"{path}, line 3: ")
    assert said in str(caught.value)


def test_an_empty_run_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.run").write_text("\n")
    with pytest.raises(BadExample, match=r"x\.run, line 1: the file is empty"):
        read_run(tmp_path / "x.run", BEIR)
