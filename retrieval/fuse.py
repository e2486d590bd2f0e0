"""Fuse dense and lexical scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from index.rank import rank
from index.types import Scored

DENSE_WEIGHT = 0.5
"""The dense score's share. On new_wiki r@1 was flat from .4 to .7 (../shared/field-notes.md, 5)."""


Scores: TypeAlias = tuple[Mapping[int, float], Mapping[int, float]]
"""Cosine and BM25 of each candidate, by passage id."""


def fuse(*searches: Scores, weight: float = DENSE_WEIGHT) -> list[Scored]:
    """Weighted sum of both scores after each is stretched to 0..1 over all candidates.

    All searches score the same candidates, and count alike: the mean of their sums is taken. A
    candidate that a BM25 lacks matched no word and counts 0 there. Where all candidates score
    alike, that score tells nothing and counts 0. Best first, ties by id. The formula is CombSUM on
    min-max normalised scores (Fox and Shaw 1994; Lee 1997).
    """
    total: dict[int, float] = {}
    for cosines, bm25 in searches:
        dense = _stretch(cosines)
        lexical = _stretch({number: bm25.get(number, 0.0) for number in cosines})
        for number in cosines:
            score = weight * dense[number] + (1 - weight) * lexical[number]
            total[number] = total.get(number, 0.0) + score / len(searches)
    return rank(total.items())


def _stretch(scores: Mapping[int, float]) -> dict[int, float]:
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 0.0)
    return {number: (score - low) / (high - low) for number, score in scores.items()}
