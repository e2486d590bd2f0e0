"""Learn from what a first search found: words that its best passages say, and where they lie.

Pseudo relevance feedback: the best passages are taken to be relevant. A question of six words
meets more of the reports that say the same in other ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.passages import split_passages
from index.types import Encoder, Vector
from retrieval.types import Turn

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


def embed_any_length(question: str, encoder: Encoder) -> Vector:
    """The encoder's vector of a question that it reads in full; of a longer one, that of its parts.

    The parts are cut as passages are, at sentences' ends, so they are as long as what they are
    compared with; their unit vectors' mean is brought to length 1. Each part counts alike.
    """
    if len(encoder.piece_offsets(question)) <= encoder.max_pieces:
        return encoder.embed_question(question)
    parts = split_passages(question, encoder)
    vectors = [encoder.embed_question(question[part.start : part.end]) for part in parts]
    mean = np.mean(vectors, axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


DENSE_QUESTION, LEXICAL_QUESTION = 0.2, 0.2
DENSE_ANSWER, LEXICAL_ANSWER = 0.2, 0.05
"""What the last question and its answer weigh beside the question's own 1.

nDCG@5 on the 181 tasks of ../shared/data/conversation/mtrag_un: without .854, with the question
alone .884, with both .895, with the answer at .4 and .1 .906. Kept low because in conversations
that move on each bit of history costs: among all rewrites of rewrites.jsonl, the MRR of the right
one for questions that stand alone went from .984 to .978 at .2 and .2, to .969 at .5 and .5 (with
last question and question as one text: .803). On mtrag_un nothing is won by leaving it out where
the question is far from the last one: .911 falls to .909, .898, .884 for cosines under .1, .2, .3.
"""

_MOST_QUOTED = 1_000
"""Characters of quotes that are embedded: what the encoder reads at once, 10 to 20 ms."""


@dataclass(frozen=True, slots=True)
class Context:
    """A text beside the question, and how much it weighs in dense and in lexical search."""

    text: str
    dense: float
    lexical: float


def context_of(history: Sequence[Turn]) -> tuple[Context, ...]:
    """The last turn's question, as it was understood, and what was quoted in answer to it."""
    if not history:
        return ()
    last = history[-1]
    found = [Context(last.standalone or last.question, DENSE_QUESTION, LEXICAL_QUESTION)]
    quoted = " ".join(last.quotes or last.answers)[:_MOST_QUOTED]
    found.append(Context(quoted, DENSE_ANSWER, LEXICAL_ANSWER))
    return tuple(each for each in found if any(map(str.isalnum, each.text)))


def nudge_vector(vector: Vector, context: Sequence[Context], encoder: Encoder) -> Vector:
    """The question's vector moved towards the context's: their weighted sum, at length 1."""
    if not context:
        return vector
    total = vector + sum(each.dense * embed_any_length(each.text, encoder) for each in context)
    return np.asarray(total / np.linalg.norm(total), dtype=np.float32)


def nudge_words(
    asked: Mapping[str, float], context: Sequence[tuple[Mapping[str, float], float]]
) -> dict[str, float]:
    """The question's weighted words with those of each of the context, given with its weight."""
    total = dict(asked)
    for words, share in context:
        for word, weight in words.items():
            total[word] = total.get(word, 0.0) + share * weight
    return total
