"""Replies to ask about, from reports stored in a database."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from index.store.lookup import find_passage, get_document, get_text
from retrieval.answers.cite import sentences_around
from retrieval.types import Answer, Citation, Pipeline, Reply
from tests.factories import store

MakeReply = Callable[..., Reply]


@pytest.fixture
def make_reply(pipeline: Pipeline) -> MakeReply:
    """Store a report and return a reply that quotes it."""

    def make(
        text: str,
        *quotes: str,
        day: datetime.date | None = datetime.date(2023, 3, 17),
        question: str = "What did the report say?",
        confidence: float = 0.8,
    ) -> Reply:
        document_id = store(pipeline.database, pipeline.encoder, text, date=day).document_id
        answers, citations = [], []
        with pipeline.database.read() as connection:
            document = get_document(connection, document_id)
            for number, quote in enumerate(quotes, 1):
                start = text.index(quote)
                passage = find_passage(connection, document_id, start, start + len(quote))
                assert passage is not None
                a, b = (
                    passage.start + at
                    for at in sentences_around(
                        passage.text,
                        start - passage.start,
                        start - passage.start + len(quote),
                    )
                )
                citations.append(
                    Citation(
                        *(number, document_id, document.title, day, document.sources[0], None),
                        *(text[a:b], a, b),
                    )
                )
                answers.append(Answer(quote, confidence, (number,), start, start + len(quote)))
        return Reply(question, question, True, confidence, tuple(answers), tuple(citations), {})

    return make


@pytest.fixture
def check(pipeline: Pipeline) -> Callable[[Reply], Reply]:
    """Assert promise 1 of a reply."""

    def check(reply: Reply) -> Reply:
        assert [each.id for each in reply.citations] == list(range(1, len(reply.citations) + 1))
        with pipeline.database.read() as connection:
            for each in reply.citations:
                text = get_text(connection, each.document_id)
                assert text[each.start : each.end] == each.cited_text
            for answer in reply.answers:
                first = reply.citations[answer.citations[0] - 1]
                text = get_text(connection, first.document_id)
                assert text[answer.start : answer.end] == answer.text
                assert first.start <= answer.start < answer.end <= first.end
        assert reply.answerable == bool(reply.answers)
        assert 0 <= reply.confidence <= 1
        return reply

    return check
