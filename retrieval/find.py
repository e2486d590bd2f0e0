"""Find the passages that say most to a question: search, and read the best."""

from __future__ import annotations

from index.types import Filter
from retrieval.answer import Pipeline
from retrieval.rerank import READ_PASSAGES, rerank
from retrieval.search import search
from retrieval.types import Hit


def find(question: str, limit: Filter, count: int, pipeline: Pipeline) -> list[Hit]:
    """The best passages, best first, those that answer before others.

    Raises QuestionEmpty, QuestionTooLong, PeriodEmpty and UnknownCollection.
    """
    hits = search(
        question,
        limit,
        max(count, READ_PASSAGES),
        database=pipeline.database,
        encoder=pipeline.encoder,
        index=pipeline.index,
    )
    return rerank(question, hits, pipeline.reader)[:count]
