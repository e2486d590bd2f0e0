"""Give the next answers to a question: those that were not shown yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.types import Filter
from retrieval.answer import Pipeline, answer
from retrieval.figures.number import same_figure
from retrieval.follow_ups.compose import Picked, compose, pick
from retrieval.merge import answer_words, same_words
from retrieval.types import Reply, Turn

EVERY = 50
"""More answers than the passages that are read give."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question to the reports that an answer is to, with what was said before it.

    Both count in search: asked again in the same way it finds the same. `standalone` is how it was
    understood.
    """

    question: str
    standalone: str
    limit: Filter
    history: Sequence[Turn]


def give_more(
    question: str, asked: Asked, shown: Sequence[Picked], pipeline: Pipeline, max_answers: int
) -> Reply:
    """The next answers to what was asked, which need be no surer than any answer that is shown."""
    every = ask_again(asked, pipeline)
    left = [each for each in pick(every) if not any(is_same(each, other) for other in shown)]
    note = None if left else "The reports give no further answer."
    reply = compose(question, asked.standalone, left[:max_answers], note)
    return replace(reply, timings_ms=every.timings_ms)


def ask_again(asked: Asked, pipeline: Pipeline) -> Reply:
    """The reply with every answer that is sure enough by itself."""
    return answer(asked.question, asked.limit, pipeline, EVERY, asked.history, further=0.0)


def is_same(one: Picked, other: Picked) -> bool:
    """Whether two answers have nearly the same words, are one figure or stand in the same place."""
    a, b = one.answer, other.answer
    if same_words(answer_words(a.text), answer_words(b.text)) or same_figure(a.text, b.text):
        return True
    return (
        one.citations[0].document_id == other.citations[0].document_id
        and a.start < b.end
        and b.start < a.end
    )
