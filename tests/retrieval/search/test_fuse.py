import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Scored
from retrieval.search.hybrid import fuse

SCORES = st.dictionaries(
    st.integers(1, 50), st.floats(-1, 1, allow_nan=False).map(lambda score: round(score, 6))
)


def test_both_scores_are_stretched_and_weighed() -> None:
    # cosines .2 .6 1 stretch to 0 .5 1; BM25 8 0 2 to 1 0 .25.
    cosines = {1: 0.2, 2: 0.6, 3: 1.0}
    bm25 = {1: 8.0, 3: 2.0}
    assert fuse((cosines, bm25), weight=0.5) == [Scored(3, 0.625), Scored(1, 0.5), Scored(2, 0.25)]
    assert fuse((cosines, bm25), weight=0.25) == [
        Scored(1, 0.75),
        Scored(3, 0.4375),
        Scored(2, 0.125),
    ]


def test_the_weight_alone_decides_at_its_ends() -> None:
    cosines, bm25 = {1: 0.2, 2: 0.6, 3: 1.0}, {1: 8.0, 3: 2.0}
    assert [hit.passage_id for hit in fuse((cosines, bm25), weight=1.0)] == [3, 2, 1]
    assert [hit.passage_id for hit in fuse((cosines, bm25), weight=0.0)] == [1, 3, 2]


def test_bm25_is_stretched_from_0_where_a_candidate_matches_no_word() -> None:
    assert fuse(({1: 0.5, 2: 0.5, 3: 0.5}, {1: 4.0, 2: 3.0}), weight=0.5) == [
        Scored(1, 0.5),
        Scored(2, 0.375),
        Scored(3, 0.0),
    ]


def test_bm25_is_stretched_from_the_least_where_all_match() -> None:
    assert fuse(({1: 0.0, 2: 1.0}, {1: 4.0, 2: 3.0}), weight=0.25) == [
        Scored(1, 0.75),
        Scored(2, 0.25),
    ]


def test_negative_cosines_are_scores_like_others() -> None:
    assert fuse(({1: -0.5, 2: 0.5, 3: 0.0}, {}), weight=1.0) == [
        Scored(2, 1.0),
        Scored(3, 0.5),
        Scored(1, 0.0),
    ]


def test_ties_are_ordered_by_id() -> None:
    assert [hit.passage_id for hit in fuse(({9: 0.5, 2: 0.5, 5: 0.5}, {9: 1.0, 2: 1.0}))] == [
        2,
        9,
        5,
    ]


def test_scores_that_are_all_alike_count_nothing() -> None:
    assert fuse(({1: 0.7, 2: 0.7}, {2: 3.0}), weight=0.5) == [Scored(2, 0.5), Scored(1, 0.0)]
    assert fuse(({2: 0.7, 1: 0.7}, {1: 3.0, 2: 3.0})) == [Scored(1, 0.0), Scored(2, 0.0)]
    assert fuse(({1: 0.7}, {1: 3.0})) == [Scored(1, 0.0)]


def test_beside_an_unrelated_passage_a_lone_one_is_the_best() -> None:
    assert fuse(({1: 0.7}, {1: 3.0}), beside_unrelated=True) == [Scored(1, 1.0)]
    # Two good ones: .6 of .8 and 3 of 4, not 0.
    assert fuse(({1: 0.8, 2: 0.6}, {1: 4.0, 2: 3.0}), beside_unrelated=True) == [
        Scored(1, 1.0),
        Scored(2, 0.75),
    ]


def test_an_unrelated_passage_more_changes_no_score() -> None:
    few = fuse(({1: 0.8, 2: 0.6}, {1: 4.0, 2: 3.0}), beside_unrelated=True)
    more = fuse(({1: 0.8, 2: 0.6, 3: 0.0}, {1: 4.0, 2: 3.0}), beside_unrelated=True)
    assert more == [*few, Scored(3, 0.0)]


def test_no_candidates_give_nothing() -> None:
    assert fuse(({}, {})) == []


def test_a_lexical_hit_that_is_no_candidate_is_left_out() -> None:
    assert [hit.passage_id for hit in fuse(({1: 0.1, 2: 0.2}, {3: 9.0}))] == [2, 1]


@given(SCORES, SCORES, st.sampled_from([0.0, 0.3, 0.5, 1.0]))
def test_every_candidate_comes_once_with_a_score_of_0_to_1_best_first(
    cosines: dict[int, float], bm25: dict[int, float], weight: float
) -> None:
    fused = fuse((cosines, bm25), weight=weight)
    assert sorted(hit.passage_id for hit in fused) == sorted(cosines)
    assert all(0 <= hit.score <= 1 for hit in fused)
    assert fused == sorted(fused, key=lambda hit: (-hit.score, hit.passage_id))
    backwards = dict(reversed(cosines.items()))
    assert fuse((backwards, bm25), weight=weight) == fused


def test_the_default_weighs_both_alike() -> None:
    assert fuse(({1: 0.0, 2: 1.0}, {1: 1.0})) == [
        Scored(1, pytest.approx(0.5)),
        Scored(2, pytest.approx(0.5)),
    ]


def test_searches_count_alike() -> None:
    # By itself the first gives 1 and 0, the second 0 and 1 / 2.
    one, other = ({1: 0.4, 2: 0.2}, {1: 2.0}), ({1: 0.3, 2: 0.3}, {2: 7.0})
    assert fuse(one, other) == [Scored(1, 0.5), Scored(2, 0.25)]
    assert fuse(one, one) == fuse(one)
