"""Learn from what a first search found: words that its best passages say, and where they lie.

Pseudo relevance feedback: the best passages are taken to be relevant. A question of six words
meets more of the reports that say the same in other ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from index.types import Vector

LEARN_FROM = 5
"""Passages that words are learnt from."""

LEARNT_WORDS = 20

WORDS_SHARE = 0.15
"""How much the learnt words weigh, of all words together."""

NEAR = 3
"""Passages whose vectors the question's is moved to."""

VECTOR_SHARE = 0.3
"""How far."""


def learn_words(
    asked: Mapping[str, float],
    passages: Sequence[tuple[float, Counter[str]]],
    rarity: Callable[[Iterable[str]], Mapping[str, float]],
) -> dict[str, float]:
    """The weighted words of a question with those of the best passages, each given with its score.

    A word's weight in the passages is the sum of score * (its share of the passage's words) *
    rarity: the relevance model of Lavrenko and Croft (2001) with rare words preferred, mixed with
    the question as RM3 does (Abdul-Jaleel et al. 2004).
    """
    found: dict[str, float] = {}
    for score, words in passages:
        total = sum(words.values())
        for word, times in words.items():
            found[word] = found.get(word, 0.0) + score * times / total
    rare = rarity(found)
    weighted = {word: weight * rare[word] for word, weight in found.items()}
    best = sorted(weighted, key=lambda word: (-weighted[word], word))[:LEARNT_WORDS]
    whole = sum(weighted[word] for word in best)
    learnt = dict(asked)
    if whole > 0:
        share = WORDS_SHARE / (1 - WORDS_SHARE) * sum(asked.values()) / whole
        for word in best:
            learnt[word] = learnt.get(word, 0.0) + share * weighted[word]
    return learnt


def move_vector(question: Vector, passages: Sequence[Vector]) -> Vector:
    """The question's vector moved to the mean of the passages', of length 1 (Rocchio 1971)."""
    if not passages:
        return question
    moved = (1 - VECTOR_SHARE) * question + VECTOR_SHARE * np.mean(passages, axis=0)
    return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)
