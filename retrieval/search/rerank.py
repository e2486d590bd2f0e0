"""Read the best passages that search found, and put first those that answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.search.rank import DECIMALS
from index.types import Filter
from retrieval.search.hybrid import search
from retrieval.types import Hit, Pipeline, Reader

READ_PASSAGES = 10
"""Passages that the reader gets."""

READING_SHARE = 0.5
"""How much the reader's confidence in its best span of a passage counts beside the search's score.

Chosen with the rest of the setting in `retrieval/search/hybrid.py`.
"""


def rerank(question: str, hits: Sequence[Hit], reader: Reader) -> list[Hit]:
    """The hits, best first, the first `READ_PASSAGES` of them put in order anew; ties by id.

    What is read gains up to `READING_SHARE`, so what is not stays below it.
    """
    read = [hit.passage for hit in hits[:READ_PASSAGES]]
    surest = [0.0] * len(read)
    for span in reader.read(question, read):
        surest[span.passage] = max(surest[span.passage], span.confidence)
    gained = [
        replace(hit, score=round(hit.score + READING_SHARE * sure, DECIMALS))
        for hit, sure in zip(hits, surest, strict=False)
    ]
    gained.sort(key=lambda hit: (-hit.score, hit.passage.id))
    return [*gained, *hits[len(gained) :]]


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
