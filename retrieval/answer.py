"""A question becomes a cited answer: rewrite, search, read, choose, cite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.store.lookup import get_documents
from index.store.near_duplicates import duplicates_of
from index.types import Filter, Passage
from retrieval.about_answers.recognise import remark_on
from retrieval.about_answers.reply import compose
from retrieval.answers.cite import Citations, add_places, cite_answers, cite_passages
from retrieval.answers.disagree import find_disagreement
from retrieval.answers.merge import merge_spans
from retrieval.answers.stories import Duplicates, add_duplicates, one_a_story, read_once
from retrieval.answers.weigh import Reading, add_report_names
from retrieval.dates.prefer import When, favour, put_first, remark, understand_dates
from retrieval.rewriting.name_days import name_days
from retrieval.rewriting.rewrite import rewrite
from retrieval.search.expand import context_of
from retrieval.search.hybrid import CANDIDATES, check_limit, check_question, search_any_length
from retrieval.search.rerank import READ_PASSAGES
from retrieval.snapshot import on_snapshot
from retrieval.timing import timed
from retrieval.types import Answer, Citation, Hit, Pipeline, Reply, Span, Turn

MAX_ANSWERS = 3
"""Answers given unless the caller says how many."""

FURTHER = 0.5
"""A further answer is shown if it is at least this much as sure as the first."""

CLOSEST_PASSAGES = 3
"""Passages shown when the reports do not say."""


@dataclass(frozen=True, slots=True)
class Found:
    """All that was found for a question, and what of it is shown.

    `hits` are the passages that were read, best first, `reading` is what the reader found in them,
    `spans` is that with all considered, surest first: `span.passage` is the place of its hit.
    `chosen` has the spans of each answer in `reply.answers`, in that order: the first is its quote;
    those of near-duplicates, which were not read, are not among them. A courtesy is not looked for.
    """

    reply: Reply
    hits: Sequence[Hit] = ()
    reading: Reading | None = None
    spans: Sequence[Span] = ()
    chosen: Sequence[Sequence[Span]] = ()

    @property
    def citations(self) -> Sequence[Citation]:
        """The reply's."""
        return self.reply.citations


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown of the spans found, a group an answer, and what is said of it.

    `differ` says whether the first ones are different figures for the same thing.
    """

    groups: Sequence[Sequence[Span]]
    note: str | None
    differ: bool


def answer(
    question: str,
    limit: Filter,
    pipeline: Pipeline,
    max_answers: int = MAX_ANSWERS,
    history: Sequence[Turn] = (),
    further: float = FURTHER,
) -> Reply:
    """What a user gets of `find_answers`."""
    return find_answers(question, limit, pipeline, max_answers, history, further).reply


def find_answers(
    question: str,
    limit: Filter,
    pipeline: Pipeline,
    max_answers: int = MAX_ANSWERS,
    history: Sequence[Turn] = (),
    further: float = FURTHER,
    *,
    any_length: bool = False,
) -> Found:
    """Answer a question from the reports that pass the filter, a courtesy with a note alone.

    `history` is what it may refer to, oldest first; `further` is how sure an answer must be,
    measured by the first, to be shown after it. What tells of the days that the question asks for
    comes first, and the reply's note says so. With `any_length` the question may be longer than a
    user's: evaluation has such. Raises QuestionEmpty, QuestionTooLong, PeriodEmpty and
    UnknownCollection.
    """
    if (said := remark_on(question)) is not None:
        with pipeline.database.read() as connection:
            check_limit(connection, limit)
        return Found(compose(question, question.strip(), [], said))
    timings: dict[str, float] = {}

    def find(seen: Pipeline) -> Found:
        with timed(timings, "rewrite"):
            standalone = _stand_alone(question, history, limit, seen)
        if not any_length:
            check_question(standalone, seen.encoder)
        with timed(timings, "search"):
            when = understand_dates(standalone, limit, seen.database)
            hits = _search(standalone, limit, history, when, seen)
        with timed(timings, "read"):
            reading = _read(standalone, hits, when, seen)
            spans = reading.weigh(seen.reader.weights)
            if when is not None:
                spans = favour(spans, hits, when, seen.threshold)
        with timed(timings, "cite"):
            choice = _choose(standalone, hits, spans, when, seen, max_answers, further)
            answers, citations = _cite(choice, hits, limit, seen)
        reply = Reply(
            question=question,
            standalone_question=standalone,
            answerable=bool(answers),
            confidence=spans[0].confidence if spans else 0.0,
            answers=answers,
            citations=citations,
            timings_ms=timings,
            note=choice.note,
            differ=choice.differ,
        )
        return Found(reply, hits, reading, spans, choice.groups)

    with timed(timings, "total"):
        return on_snapshot(pipeline, find)


def _stand_alone(question: str, history: Sequence[Turn], limit: Filter, pipeline: Pipeline) -> str:
    """The rewritten question; as it is if what was put in makes it too long to read."""
    named = name_days(question, history, limit, pipeline.database)
    text = rewrite(named, history, pipeline.finder).text
    encoder = pipeline.encoder
    fits = len(encoder.piece_offsets(text)) <= encoder.max_pieces
    return text if fits else named.strip()


def _search(
    question: str, limit: Filter, history: Sequence[Turn], when: When | None, pipeline: Pipeline
) -> list[Hit]:
    """The passages to read, one a story unless they say different things, best first."""
    hits = search_any_length(
        question,
        limit,
        CANDIDATES,
        database=pipeline.database,
        encoder=pipeline.encoder,
        index=pipeline.index,
        context=context_of(history),
    )
    duplicates = _duplicates(hits, pipeline)
    if when is None:
        return read_once(hits, duplicates)[:READ_PASSAGES]
    return put_first(read_once(hits, duplicates, when.tells), when, READ_PASSAGES)


def _read(question: str, hits: Sequence[Hit], when: When | None, pipeline: Pipeline) -> Reading:
    passages = add_report_names(question, [hit.passage for hit in hits], pipeline.database)
    spans = pipeline.reader.read(question, passages)
    named = [replace(hit, passage=each) for hit, each in zip(hits, passages, strict=True)]
    return Reading(question, named, spans, () if when is None else when.said_of(hits))


def _choose(
    question: str,
    hits: Sequence[Hit],
    spans: Sequence[Span],
    when: When | None,
    pipeline: Pipeline,
    max_answers: int,
    further: float,
) -> Choice:
    passages, threshold = [hit.passage for hit in hits], pipeline.threshold
    same = _duplicates(hits, pipeline)
    chosen = choose_answers(spans, passages, threshold, max_answers, further, same)
    if when is not None:
        return Choice(chosen, remark(when, hits, chosen[0] if chosen else ()), differ=False)
    # Who asks for fewer answers than usual gets no more; else all that differ are shown.
    most = max_answers if max_answers < MAX_ANSWERS else None
    differing = find_disagreement(question, spans, passages, threshold, most)
    if differing is None:
        return Choice(chosen, None, differ=False)
    return Choice(differing.put_first(chosen, max_answers), differing.remark, differ=True)


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


def _cite(
    choice: Choice, hits: Sequence[Hit], limit: Filter, pipeline: Pipeline
) -> tuple[tuple[Answer, ...], tuple[Citation, ...]]:
    """The answers with what they cite, or no answer and the closest passages."""
    passages = [hit.passage for hit in hits]
    with pipeline.database.read() as connection:
        documents = get_documents(connection, [passage.document_id for passage in passages])
        groups, all_passages, documents = add_duplicates(
            choice.groups, passages, documents, limit, connection
        )
    citations = Citations(documents)
    answers = cite_answers(groups, all_passages, citations)
    if not answers:
        same = {each.id: each.duplicates for each in documents.values()}
        cite_passages(one_a_story(passages, same)[:CLOSEST_PASSAGES], citations)
    return answers, add_places(citations.all(), pipeline.database)


def _duplicates(hits: Sequence[Hit], pipeline: Pipeline) -> Duplicates:
    with pipeline.database.read() as connection:
        return duplicates_of(connection, [hit.passage.document_id for hit in hits])
