"""What was said before a question, as a nudge to its search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.types import Encoder, Vector
from retrieval.embed import embed_any_length
from retrieval.types import Turn

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
