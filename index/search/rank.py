"""Put scored passages in order: best first, ties by id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from index.types import Scored

DECIMALS = 6
"""Scores are rounded to this: sums taken in another order differ from the seventh on."""


def rank(pairs: Iterable[tuple[int, float]]) -> list[Scored]:
    """Passage ids with their scores, rounded, best first, ties by id."""
    hits = [Scored(number, round(score, DECIMALS)) for number, score in pairs]
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))


def best(fetch: Callable[[int], Sequence[tuple[int, float]]], count: int) -> list[Scored]:
    """The `count` best of what an index finds; `fetch` gives its so many best, or all it has.

    A tie across the end of the list is cut by id too, not by the index's own order.
    """
    wanted = count + 1
    while True:
        found = rank(fetch(wanted))
        tied = len(found) > count and found[count - 1].score == found[-1].score
        if len(found) < wanted or not tied:
            return found[:count]
        wanted *= 2
