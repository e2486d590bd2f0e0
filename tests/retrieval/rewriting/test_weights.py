import math
from pathlib import Path

import pytest

from retrieval.rewriting.weights import Logistic, load_weights


def test_probability_is_the_logistic_function_of_the_weighted_sum() -> None:
    model = Logistic(0.5, {"name": 2.0, "far": -1.0})
    assert model.probability({"name": 1, "far": 0.5, "unknown": 9}) == pytest.approx(
        1 / (1 + math.exp(-(0.5 + 2.0 - 0.5)))
    )
    assert model.probability({}) == pytest.approx(1 / (1 + math.exp(-0.5)))


@pytest.mark.parametrize(("weight", "expected"), [(1e9, 1), (-1e9, 0)])
def test_no_weight_overflows(weight: float, expected: float) -> None:
    assert Logistic(0, {"x": weight}).probability({"x": 1}) == pytest.approx(expected)


def test_the_weights_that_come_along_can_be_read() -> None:
    weights = load_weights()
    assert weights.depends.weights["is neuter"] > 0
    assert weights.antecedent.weights


def test_weights_that_are_missing_are_no_silent_zero(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_weights(tmp_path / "weights.json")
