"""A question becomes a cited answer: rewrite, search, read, cite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.store.lookup import get_documents
from index.store.near_duplicates import duplicates_of
from index.types import Filter, Passage
from retrieval.answers.cite import Citations, add_places, cite_answers, cite_passages
from retrieval.answers.disagree import find_disagreement
from retrieval.answers.merge import merge_spans
from retrieval.answers.stories import Duplicates, add_duplicates, one_a_story, read_once
from retrieval.answers.weigh import add_report_names, weigh
from retrieval.dates.prefer import When, favour, put_first, remark, understand_dates
from retrieval.rewriting.name_days import name_days
from retrieval.rewriting.rewrite import rewrite
from retrieval.search.expand import Context, context_of
from retrieval.search.hybrid import CANDIDATES, check_question, search_any_length
from retrieval.search.rerank import READ_PASSAGES
from retrieval.timing import timed
from retrieval.types import Hit, Pipeline, Reply, Span, Turn

MAX_ANSWERS = 3
"""Answers given unless the caller says how many."""

FURTHER = 0.5
"""A further answer is shown if it is at least this much as sure as the first."""

CLOSEST_PASSAGES = 3
"""Passages shown when the reports do not say."""


def answer(
    question: str,
    limit: Filter,
    pipeline: Pipeline,
    max_answers: int = MAX_ANSWERS,
    history: Sequence[Turn] = (),
    further: float = FURTHER,
) -> Reply:
    """Answer a question from the reports that pass the filter.

    `history` is what it may refer to, oldest first; `further` is how sure an answer must be,
    measured by the first, to be shown after it. What tells of the days that the question asks for
    comes first, and the reply's note says so. Raises QuestionEmpty, QuestionTooLong, PeriodEmpty
    and UnknownCollection.
    """
    timings: dict[str, float] = {}
    with timed(timings, "total"):
        with timed(timings, "rewrite"):
            named = name_days(question, history, limit, pipeline.database)
            standalone = _stand_alone(named, history, pipeline)
        check_question(standalone, pipeline.encoder)
        while True:
            with timed(timings, "search"):
                when = understand_dates(standalone, limit, pipeline.database)
            context = context_of(history)
            hits, spans = find_spans(standalone, limit, pipeline, timings, context, when)
            with timed(timings, "cite"):
                reply = _reply(
                    question,
                    standalone,
                    limit,
                    hits,
                    spans,
                    pipeline,
                    max_answers,
                    further,
                    timings,
                    when,
                )
            if reply is not None:
                return reply


def _stand_alone(question: str, history: Sequence[Turn], pipeline: Pipeline) -> str:
    """The rewritten question; the question itself if what was put in makes it too long to read."""
    text = rewrite(question, history, pipeline.finder).text
    encoder = pipeline.encoder
    fits = len(encoder.piece_offsets(text)) <= encoder.max_pieces
    return text if fits else question.strip()


def find_spans(
    question: str,
    limit: Filter,
    pipeline: Pipeline,
    timings: dict[str, float],
    context: Sequence[Context] = (),
    when: When | None = None,
) -> tuple[list[Hit], list[Span]]:
    """The passages read for a question that stands alone, and the spans found, surest first.

    `context` is what was said before, as `context_of` gives it; `when` what the question asks for,
    as `understand_dates` gives it.
    The question may be longer than a user's: the evaluation has such. The milliseconds of "search"
    and "read" are added to `timings`. Raises QuestionEmpty, PeriodEmpty and UnknownCollection.
    """
    with timed(timings, "search"):
        hits = search_any_length(
            question,
            limit,
            CANDIDATES,
            database=pipeline.database,
            encoder=pipeline.encoder,
            index=pipeline.index,
            context=context,
        )
        with pipeline.database.read() as connection:
            duplicates = duplicates_of(connection, [hit.passage.document_id for hit in hits])
        if when is None:
            hits = read_once(hits, duplicates)[:READ_PASSAGES]
        else:
            hits = put_first(read_once(hits, duplicates, when.tells), when, READ_PASSAGES)
    with timed(timings, "read"):
        passages = add_report_names(question, [hit.passage for hit in hits], pipeline.database)
        spans = pipeline.reader.read(question, passages)
        named = [replace(hit, passage=each) for hit, each in zip(hits, passages, strict=True)]
        known = () if when is None else when.said_of(hits)
        spans = weigh(question, spans, named, pipeline.reader.weights, known)
        if when is not None:
            spans = favour(spans, hits, when, pipeline.threshold)
        return hits, spans


def choose_answers(
    spans: Sequence[Span],
    passages: Sequence[Passage],
    threshold: float,
    max_answers: int = MAX_ANSWERS,
    further: float = FURTHER,
    duplicates: Duplicates | None = None,
) -> list[list[Span]]:
    """Of the spans found, surest first, those that are shown: a group an answer, as merged.

    The first span is shown, as the first of the first group, if it reaches the threshold.
    `duplicates` has the near-duplicates of documents: their same sentences are one answer.
    """
    if not spans:
        return []
    least = max(threshold, further * spans[0].confidence)
    shown = [span for span in spans if span.confidence >= least]
    return merge_spans(shown, passages, duplicates)[:max_answers]


def _reply(
    question: str,
    standalone: str,
    limit: Filter,
    hits: list[Hit],
    spans: list[Span],
    pipeline: Pipeline,
    max_answers: int,
    further: float,
    timings: dict[str, float],
    when: When | None,
) -> Reply | None:
    """The reply, or None if a document that was read has been deleted since: it must not answer."""
    passages = [hit.passage for hit in hits]
    with pipeline.database.read() as connection:
        documents = get_documents(connection, [passage.document_id for passage in passages])
        if any(passage.document_id not in documents for passage in passages):
            return None
        same = {each.id: each.duplicates for each in documents.values()}
        chosen = choose_answers(spans, passages, pipeline.threshold, max_answers, further, same)
        # Who asks for fewer answers than usual gets no more; else all that differ are shown.
        most = max_answers if max_answers < MAX_ANSWERS else None
        differing = note = None
        if when is not None:
            note = remark(when, hits, chosen[0] if chosen else ())
        elif differing := find_disagreement(standalone, spans, passages, pipeline.threshold, most):
            chosen, note = differing.put_first(chosen, max_answers), differing.remark
        closest = one_a_story(passages, same)[:CLOSEST_PASSAGES]
        chosen, passages, documents = add_duplicates(chosen, passages, documents, limit, connection)
    citations = Citations(documents)
    answers = cite_answers(chosen, passages, citations)
    if not answers:
        cite_passages(closest, citations)
    return Reply(
        question=question,
        standalone_question=standalone,
        answerable=bool(answers),
        confidence=spans[0].confidence if spans else 0.0,
        answers=answers,
        citations=add_places(citations.all(), pipeline.database),
        timings_ms=timings,
        note=note,
        differ=differing is not None,
    )
