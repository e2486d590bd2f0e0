import itertools
import random
from collections.abc import Mapping, Sequence

import pytest

from retrieval.evaluation.metrics.compare import compare_runs, randomisation_test
from retrieval.evaluation.metrics.rank_metrics import METRICS, RankMetrics


def make_metrics(ndcg: Mapping[str, float]) -> RankMetrics:
    """Figures that are all alike, so that each can be told by hand."""
    mean = sum(ndcg.values()) / len(ndcg)
    return RankMetrics(
        dict.fromkeys(METRICS, mean),
        {query_id: dict.fromkeys(METRICS, value) for query_id, value in ndcg.items()},
    )


def exact_p(differences: Sequence[float]) -> float:
    """The same test over every arrangement of signs there is."""
    observed = abs(sum(differences))
    sums = [
        abs(sum(sign * each for sign, each in zip(signs, differences, strict=True)))
        for signs in itertools.product((-1, 1), repeat=len(differences))
    ]
    return sum(each >= observed - 1e-9 for each in sums) / len(sums)


@pytest.mark.parametrize(
    "differences",
    [[0.2], [0.1, 0.1], [0.3, -0.1, 0.2], [0.1] * 8, [0.5, 0.4, -0.1, 0.3, 0, 0.2, 0.1, -0.2]],
)
def test_p_is_near_that_of_all_arrangements(differences: list[float]) -> None:
    assert randomisation_test(differences) == pytest.approx(exact_p(differences), abs=0.015)


def test_p_of_no_difference_is_1_and_never_0() -> None:
    assert randomisation_test([0.0] * 30) == 1
    assert randomisation_test([0.3, -0.3]) == 1
    assert randomisation_test([0.5] * 200) == 1 / 10_001


def test_p_is_two_sided_and_the_same_every_time() -> None:
    generator = random.Random(1)
    differences = [generator.gauss(0.007, 0.1) for _ in range(700)]
    once = randomisation_test(differences)
    assert 0.001 < once < 0.5
    assert randomisation_test(differences) == once
    assert randomisation_test([-each for each in differences]) == once
    assert randomisation_test(differences, seed=1) == pytest.approx(once, abs=0.01)


def test_wins_ties_losses_and_differences_are_told_by_metric() -> None:
    this = make_metrics({"q1": 0.9, "q2": 0.5, "q3": 0.1, "q4": 0.3})
    other = make_metrics({"q1": 0.4, "q2": 0.5, "q3": 0.2, "q4": 0.1 + 0.2})
    found = compare_runs(this, other)
    assert list(found.metrics) == list(METRICS)
    for each in found.metrics.values():
        assert (each.this, each.other) == (pytest.approx(0.45), pytest.approx(0.35))
        assert each.difference == pytest.approx(0.1)
        assert (each.wins, each.ties, each.losses) == (1, 2, 1)
        assert each.p_value == pytest.approx(exact_p([0.5, 0, -0.1, 0]), abs=0.015)
    assert [(move.query_id, round(move.difference, 6)) for move in found.moved] == [
        ("q1", 0.5),
        ("q3", -0.1),
    ]


def test_the_ten_that_moved_most_come_first_and_equal_moves_in_order() -> None:
    this = make_metrics({f"q{number}": number % 5 / 10 for number in range(20)})
    other = make_metrics({f"q{number}": 0.0 for number in range(20)})
    moved = [move.query_id for move in compare_runs(this, other).moved]
    assert moved == ["q4", "q9", "q14", "q19", "q3", "q8", "q13", "q18", "q2", "q7"]


def test_a_run_does_not_differ_from_itself() -> None:
    metrics = make_metrics({"q1": 0.9, "q2": 0.5})
    found = compare_runs(metrics, metrics)
    assert found.moved == ()
    for each in found.metrics.values():
        assert (each.difference, each.p_value) == (0, 1)
        assert (each.wins, each.ties, each.losses) == (0, 2, 0)
