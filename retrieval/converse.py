"""The next question of a conversation becomes a cited answer."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Filter
from retrieval.answer import MAX_ANSWERS, Pipeline, answer
from retrieval.history import HISTORY_TURNS, as_turns, forget_deleted
from retrieval.types import Exchange, Reply


def converse(
    question: str,
    limit: Filter,
    pipeline: Pipeline,
    max_answers: int = MAX_ANSWERS,
    history: Sequence[Exchange] = (),
) -> Reply:
    """Answer a question that may refer to what was asked and answered before, oldest first.

    Raises as `answer` does.
    """
    with pipeline.database.read() as connection:
        known = forget_deleted(history[-HISTORY_TURNS:], connection)
    return answer(question, limit, pipeline, max_answers, as_turns(known))
