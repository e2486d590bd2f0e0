"""A question becomes a cited answer: rewrite, search, read, cite."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from index.database import Database
from index.lookup import get_documents
from index.types import Encoder, Filter, SearchIndex
from retrieval.cite import Citations, cite_answers, cite_passages
from retrieval.context import context_of
from retrieval.merge import merge_spans
from retrieval.rewrite import rewrite
from retrieval.search import search
from retrieval.types import Hit, Reader, Reply, Span, Turn
from retrieval.weigh import weigh

READ_PASSAGES = 10
"""Passages that the reader gets."""

MAX_ANSWERS = 3
"""Answers given unless the caller says how many."""

FURTHER = 0.5
"""A further answer is shown if it is at least this much as sure as the first."""

CLOSEST_PASSAGES = 3
"""Passages shown when the reports do not say."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """All that a question passes through, built by whoever runs it."""

    database: Database
    encoder: Encoder
    index: SearchIndex
    reader: Reader
    threshold: float
    """The confidence from which on a span is shown as an answer, 0 to 1."""


def answer(
    question: str,
    limit: Filter,
    pipeline: Pipeline,
    max_answers: int = MAX_ANSWERS,
    history: Sequence[Turn] = (),
) -> Reply:
    """Answer a question from the reports that pass the filter.

    `history` is what was asked and answered before, oldest first.
    Raises QuestionEmpty, QuestionTooLong, PeriodEmpty and UnknownCollection.
    """
    timings: dict[str, float] = {}
    with _timed(timings, "total"):
        with _timed(timings, "rewrite"):
            standalone = _stand_alone(question, history, pipeline.encoder)
        while True:
            with _timed(timings, "search"):
                hits = search(
                    standalone,
                    limit,
                    READ_PASSAGES,
                    database=pipeline.database,
                    encoder=pipeline.encoder,
                    index=pipeline.index,
                    context=context_of(history),
                )
            with _timed(timings, "read"):
                spans = pipeline.reader.read(standalone, [hit.passage for hit in hits])
                spans = weigh(spans, hits, pipeline.reader.weights)
            with _timed(timings, "cite"):
                reply = _reply(question, standalone, hits, spans, pipeline, max_answers, timings)
            if reply is not None:
                return reply


def _stand_alone(question: str, history: Sequence[Turn], encoder: Encoder) -> str:
    """The rewritten question; the question itself if what was put in makes it too long to read."""
    text = rewrite(question, history).text
    fits = len(encoder.piece_offsets(text)) <= encoder.max_pieces
    return text if fits else question.strip()


def _reply(
    question: str,
    standalone: str,
    hits: list[Hit],
    spans: list[Span],
    pipeline: Pipeline,
    max_answers: int,
    timings: dict[str, float],
) -> Reply | None:
    """The reply, or None if a document that was read has been deleted since: it must not answer."""
    passages = [hit.passage for hit in hits]
    with pipeline.database.read() as connection:
        documents = get_documents(connection, [passage.document_id for passage in passages])
    if any(passage.document_id not in documents for passage in passages):
        return None
    citations = Citations(documents)
    surest = spans[0].confidence if spans else 0.0
    least = max(pipeline.threshold, FURTHER * surest)
    shown = [span for span in spans if span.confidence >= least]
    answers = cite_answers(merge_spans(shown, passages)[:max_answers], passages, citations)
    if not answers:
        cite_passages(passages[:CLOSEST_PASSAGES], citations)
    return Reply(
        question=question,
        standalone_question=standalone,
        answerable=bool(answers),
        confidence=surest,
        answers=answers,
        citations=citations.all(),
        timings_ms=timings,
    )


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    spent = (time.perf_counter() - start) * 1000
    timings[stage] = round(timings.get(stage, 0.0) + spent, 2)
