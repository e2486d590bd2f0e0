import math

import pytest

from retrieval.evaluation.files.trec_run import Ranked, strictly_decreasing
from retrieval.evaluation.metrics.rank_metrics import (
    METRICS,
    first_relevant,
    rank_metrics,
    recall_curve,
)


def rank(*document_ids: str) -> list[Ranked]:
    return strictly_decreasing((each, 0.5) for each in document_ids)


FILLER = [f"x{number}" for number in range(20)]


def test_the_figures_are_those_worked_out_by_hand() -> None:
    judged = {"q": {"a": 2, "b": 1, "c": 1, "x0": 0}}
    found = rank_metrics(judged, {"q": rank("x0", "b", "x1", "a")}).per_query["q"]
    ideal = 2 + 1 / math.log2(3) + 1 / 2
    assert found == {
        # Gains are the judgements themselves, discounted by log2(rank + 1).
        "nDCG@10": pytest.approx((1 / math.log2(3) + 2 / math.log2(5)) / ideal, abs=1e-6),
        "R@100": pytest.approx(2 / 3),
        "RR@10": pytest.approx(1 / 2),
        # Precision at ranks 2 and 4, over three relevant documents.
        "AP": pytest.approx((1 / 2 + 2 / 4) / 3),
        "R@5": pytest.approx(2 / 3),
    }


def test_the_cuts_are_where_the_names_say() -> None:
    judged = {"q": {"a": 1}}
    eleventh = rank_metrics(judged, {"q": rank(*FILLER[:10], "a")}).mean
    assert eleventh["nDCG@10"] == eleventh["RR@10"] == eleventh["R@5"] == 0
    assert eleventh["AP"] == pytest.approx(1 / 11)
    assert eleventh["R@100"] == 1
    tenth = rank_metrics(judged, {"q": rank(*FILLER[:9], "a")}).mean
    assert tenth["RR@10"] == pytest.approx(1 / 10)
    assert rank_metrics(judged, {"q": rank(*FILLER[:4], "a")}).mean["R@5"] == 1
    assert rank_metrics(judged, {"q": rank(*FILLER[:5], "a")}).mean["R@5"] == 0


def test_a_judged_query_that_nothing_was_found_for_counts_0() -> None:
    judged = {"q1": {"a": 1}, "q2": {"a": 1}, "q3": {"a": 1}}
    found = rank_metrics(judged, {"q1": rank("a"), "q2": []})
    assert list(found.per_query) == ["q1", "q2", "q3"]
    assert found.per_query["q2"] == found.per_query["q3"] == dict.fromkeys(METRICS, 0.0)
    assert found.mean == dict.fromkeys(METRICS, pytest.approx(1 / 3))


def test_a_query_without_a_judgement_is_in_no_figure() -> None:
    judged = {"q1": {"a": 1}}
    run = {"q0": rank("b"), "q1": rank("a")}
    assert rank_metrics(judged, run) == rank_metrics(judged, {"q1": rank("a")})
    assert list(rank_metrics(judged, run).per_query) == ["q1"]


def test_a_judged_query_without_a_relevant_document_counts_0() -> None:
    judged = {"q1": {"a": 1}, "q2": {"b": 0}}
    found = rank_metrics(judged, {"q1": rank("a"), "q2": rank("b")})
    assert found.per_query["q2"] == dict.fromkeys(METRICS, 0.0)
    assert found.mean == dict.fromkeys(METRICS, 0.5)


def test_nothing_found_at_all_is_0() -> None:
    assert rank_metrics({"q": {"a": 1}}, {}).mean == dict.fromkeys(METRICS, 0.0)


def test_recall_grows_with_depth() -> None:
    judged = {"q1": {"a": 1, "b": 1}, "q2": {"c": 1}}
    run = {"q1": rank("a", "x", "b"), "q2": rank("x", "y")}
    assert recall_curve(judged, run, (1, 2, 3)) == {1: 0.25, 2: 0.25, 3: 0.5}


def test_the_first_relevant_document_is_found_by_its_rank() -> None:
    assert first_relevant({"a": 0, "b": 2}, rank("a", "x", "b")) == 3
    assert first_relevant({"a": 0}, rank("a", "x", "b")) is None
    assert first_relevant({"a": 1}, []) is None
