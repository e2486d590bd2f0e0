"""Give the next answers to a question: those that were not shown yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.types import Filter
from retrieval.answer import Pipeline, answer
from retrieval.follow_ups.compose import Picked, compose, pick
from retrieval.merge import answer_words, same_words
from retrieval.types import Reply

EVERY = 50
"""More answers than the passages that are read give."""


def give_more(
    question: str,
    standalone: str,
    shown: Sequence[Picked],
    limit: Filter,
    pipeline: Pipeline,
    max_answers: int,
) -> Reply:
    """The next answers to `standalone`, which need be no surer than any answer that is shown."""
    every = ask_again(standalone, limit, pipeline)
    left = [each for each in pick(every) if not any(is_same(each, other) for other in shown)]
    note = None if left else "The reports give no further answer."
    reply = compose(question, standalone, left[:max_answers], note)
    return replace(reply, timings_ms=every.timings_ms)


def ask_again(standalone: str, limit: Filter, pipeline: Pipeline) -> Reply:
    """The reply with every answer that is sure enough by itself."""
    return answer(standalone, limit, pipeline, EVERY, further=0.0)


def is_same(one: Picked, other: Picked) -> bool:
    """Whether two answers have nearly the same words or stand in the same place."""
    a, b = one.answer, other.answer
    return same_words(answer_words(a.text), answer_words(b.text)) or (
        one.citations[0].document_id == other.citations[0].document_id
        and a.start < b.end
        and b.start < a.end
    )
