from __future__ import annotations

from index.search.rank import best, rank
from index.types import Scored


def test_better_ones_come_first_and_ties_by_id_after_rounding() -> None:
    found = rank([(3, 0.5), (1, 0.50000004), (2, 0.9)])
    assert found == [Scored(2, 0.9), Scored(1, 0.5), Scored(3, 0.5)]


def test_a_tie_across_the_end_is_fetched_until_it_is_whole() -> None:
    pairs = [(9, 1.0), *((number, 0.5) for number in range(8, 0, -1)), (20, 0.1)]
    asked: list[int] = []

    def fetch(wanted: int) -> list[tuple[int, float]]:
        asked.append(wanted)
        return pairs[:wanted]

    assert best(fetch, 2) == [Scored(9, 1.0), Scored(1, 0.5)]
    assert asked == [3, 6, 12]


def test_one_fetch_is_enough_where_the_end_is_no_tie() -> None:
    asked: list[int] = []

    def fetch(wanted: int) -> list[tuple[int, float]]:
        asked.append(wanted)
        return [(number, 1 / number) for number in range(1, wanted + 1)]

    assert [hit.passage_id for hit in best(fetch, 3)] == [1, 2, 3]
    assert asked == [4]
