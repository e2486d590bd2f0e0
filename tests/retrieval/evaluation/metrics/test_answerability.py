import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.metrics.answerability import (
    BINS,
    ReliabilityBin,
    RiskPoint,
    auroc,
    calibration_error,
    reliability_bins,
    risk_at,
    risk_coverage,
    risk_coverage_area,
)

CONFIDENCES = st.one_of(
    st.floats(0, 1, allow_subnormal=False), st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.7, 1.0])
)
EXAMPLES = st.lists(st.tuples(CONFIDENCES, st.booleans()), min_size=1, max_size=40)
Examples = list[tuple[float, bool]]


def columns(examples: Examples) -> tuple[list[float], list[bool]]:
    return [confidence for confidence, _ in examples], [holds for _, holds in examples]


@pytest.mark.parametrize(
    ("confidences", "positive", "area"),
    [
        ([0.9, 0.8, 0.2], [True, True, False], 1),
        ([0.1, 0.2, 0.9], [True, True, False], 0),
        # Of the four pairs, .8 beats both, .4 beats .2 and loses to .6.
        ([0.8, 0.4, 0.6, 0.2], [True, True, False, False], 3 / 4),
        # .5 and .5 tie (half), .5 beats .3; .9 beats both: 3.5 of 4.
        ([0.9, 0.5, 0.5, 0.3], [True, True, False, False], 3.5 / 4),
        ([0.5, 0.5, 0.5], [True, False, False], 1 / 2),
    ],
)
def test_auroc_counts_the_pairs_in_the_right_order(
    confidences: list[float], positive: list[bool], area: float
) -> None:
    assert auroc(confidences, positive) == pytest.approx(area)


@pytest.mark.parametrize("positive", [[True, True], [False, False], []])
def test_auroc_needs_both_classes(positive: list[bool]) -> None:
    assert auroc([0.5] * len(positive), positive) is None


@given(EXAMPLES)
def test_auroc_is_the_share_of_pairs_by_definition(examples: Examples) -> None:
    pairs = [
        (high > low) + (high == low) / 2
        for high, positive in examples
        if positive
        for low, other in examples
        if not other
    ]
    found = auroc(*columns(examples))
    assert found == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


def test_calibration_error_by_hand() -> None:
    # (.2, .3]: two of mean .28, half right; (.9, 1]: three of mean .96, two thirds right.
    confidences = [0.26, 0.3, 0.92, 0.96, 1.0]
    right = [True, False, True, True, False]
    bins = reliability_bins(confidences, right)
    assert [each.count for each in bins] == [0, 0, 2, 0, 0, 0, 0, 0, 0, 3]
    assert bins[2].confidence == pytest.approx(0.28)
    assert bins[2].right == 0.5
    assert bins[0] == ReliabilityBin(0.0, 0.1, 0, None, None)
    expected = 2 / 5 * (0.5 - 0.28) + 3 / 5 * (0.96 - 2 / 3)
    assert calibration_error(bins) == pytest.approx(expected)


def test_a_confidence_on_an_edge_is_in_the_bin_below_it() -> None:
    edges = [number / BINS for number in range(BINS + 1)]
    bins = reliability_bins(edges, [True] * len(edges))
    # 0 has no bin below it.
    assert [each.count for each in bins] == [2] + [1] * 9


def test_a_perfectly_calibrated_reader_has_no_error() -> None:
    bins = reliability_bins([0.25] * 4 + [0.75] * 4, [True] + [False] * 3 + [True] * 3 + [False])
    assert calibration_error(bins) == 0


def test_without_examples_there_is_no_calibration_error() -> None:
    assert calibration_error(reliability_bins([], [])) is None


@given(EXAMPLES)
def test_every_example_is_in_one_bin(examples: Examples) -> None:
    confidences, right = columns(examples)
    bins = reliability_bins(confidences, right)
    assert sum(each.count for each in bins) == len(examples)
    assert sum(each.count * (each.right or 0) for each in bins) == pytest.approx(sum(right))
    for each in bins:
        inside = [found for found in confidences if each.low < found <= each.high]
        assert each.count == len(inside) + (each.low == 0) * confidences.count(0)
        assert each.confidence is None or each.low <= each.confidence <= each.high + 1e-12
    error = calibration_error(bins)
    assert error is not None
    assert 0 <= error <= 1


def test_risk_and_coverage_by_hand() -> None:
    curve = risk_coverage([0.2, 0.9, 0.6, 0.8], [False, True, True, False])
    # Surest first: right, wrong, right, wrong.
    assert curve == [
        RiskPoint(0.25, 0),
        RiskPoint(0.5, 1 / 2),
        RiskPoint(0.75, 1 / 3),
        RiskPoint(1, 1 / 2),
    ]
    assert risk_at(curve, 0.5) == 1 / 2
    assert risk_at(curve, 0.8) == 1 / 2
    assert risk_at(curve, 0.01) == 0
    assert risk_coverage_area(curve) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_those_of_equal_confidence_share_their_errors() -> None:
    # One is right for sure; of the three at .5, one is wrong: a third for each that is taken.
    curve = risk_coverage([0.5, 0.5, 0.9, 0.5], [True, False, True, True])
    assert [point.risk for point in curve] == pytest.approx([0, 1 / 3 / 2, 2 / 3 / 3, 1 / 4])


def test_a_coverage_is_taken_to_the_next_whole_example() -> None:
    curve = [RiskPoint(count / 100, count) for count in range(1, 101)]
    # 0.07 * 100 is 7.000000000000001
    assert [risk_at(curve, coverage) for coverage in (0.07, 0.071, 0.5, 1)] == [7, 8, 50, 100]


@pytest.mark.parametrize("coverage", [0, -0.1, 1.1, math.nan])
def test_what_is_no_coverage_is_refused(coverage: float) -> None:
    with pytest.raises(ValueError, match="a coverage is above 0"):
        risk_at([RiskPoint(1, 0)], coverage)


def test_without_examples_there_is_no_risk() -> None:
    assert risk_coverage([], []) == []
    assert risk_at([], 0.5) is None
    assert risk_coverage_area([]) is None


@given(EXAMPLES)
def test_the_curve_ends_at_the_risk_of_answering_all(examples: Examples) -> None:
    confidences, right = columns(examples)
    curve = risk_coverage(confidences, right)
    assert [point.coverage for point in curve] == [
        count / len(examples) for count in range(1, len(examples) + 1)
    ]
    assert all(0 <= point.risk <= 1 + 1e-12 for point in curve)
    assert curve[-1].risk == right.count(False) / len(right)


@given(EXAMPLES, st.randoms(use_true_random=False))
def test_no_figure_depends_on_the_order(examples: Examples, chance: random.Random) -> None:
    shuffled = list(examples)
    chance.shuffle(shuffled)
    measures: list[Callable[[list[float], list[bool]], object]] = [
        auroc,
        reliability_bins,
        risk_coverage,
    ]
    for measure in measures:
        assert measure(*columns(examples)) == measure(*columns(shuffled))


@pytest.mark.parametrize("measure", [auroc, reliability_bins, risk_coverage])
@pytest.mark.parametrize("confidence", [-0.1, 1.1, math.nan])
def test_what_is_no_confidence_is_refused(
    measure: Callable[[list[float], list[bool]], object], confidence: float
) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        measure([0.5, confidence], [True, False])
    with pytest.raises(ValueError, match="2 confidences for 1 examples"):
        measure([0.5, 0.5], [True])
