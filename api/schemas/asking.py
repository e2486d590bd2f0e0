"""The JSON that goes out over HTTP. The names are design.md's."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.fields import Limits, Request, Text
from retrieval.answer import MAX_ANSWERS
from retrieval.search.hybrid import CANDIDATES
from retrieval.types import Answer, Citation, Exchange, Hit, Reply

Url = Callable[[str, str, int, int], str]
"""Makes the address of a place: from document id, source, start and end."""


class AnswerBody(BaseModel):
    """A quote that answers."""

    text: str
    confidence: float
    citation: int = Field(description="The id of the citation that holds this very quote.")
    citations: list[int] = Field(description="That id and those of reports that say the same.")
    start_char_index: int
    end_char_index: int
    date: datetime.date | None = Field(
        description="The day that the text says, by that of its report: of 'Tuesday' in one "
        "15 March 2023, 2023-03-14. None if it says none or several, or more than when."
    )

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """From the pipeline's record."""
        return cls(
            text=answer.text,
            confidence=answer.confidence,
            citation=answer.citations[0],
            citations=list(answer.citations),
            start_char_index=answer.start,
            end_char_index=answer.end,
            date=answer.date,
        )


class CitationBody(BaseModel):
    """Where quoted text stands: a range of what `/v1/documents/{document_id}/text` returns."""

    id: int
    document_id: str
    document_title: str
    document_date: datetime.date | None
    source: str
    url: str
    page: int | None = Field(description="The PDF page that the quote begins on.")
    section: str | None = Field(description="Headings, slide, row or record that it begins in.")
    cited_text: str
    start_char_index: int
    end_char_index: int

    @classmethod
    def of(cls, citation: Citation, url: Url) -> Self:
        """From the pipeline's record."""
        return cls(
            id=citation.id,
            document_id=citation.document_id,
            document_title=citation.document_title,
            document_date=citation.document_date,
            source=citation.source,
            url=url(citation.document_id, citation.source, citation.start, citation.end),
            page=citation.page,
            section=citation.section,
            cited_text=citation.cited_text,
            start_char_index=citation.start,
            end_char_index=citation.end,
        )


class AskResponse(BaseModel):
    """What the reports say, or that they do not say."""

    question: str
    standalone_question: str
    answerable: bool
    confidence: float = Field(description="The surest span's, wherever in `answers` it stands.")
    answers: list[AnswerBody] = Field(
        description="The surest first. Where reports give different figures for what is asked, "
        "those come first, all of them: the newest report's first, undated ones last, those of one "
        "day by confidence. Some may be less sure than the threshold. `note` says that they differ."
    )
    citations: list[CitationBody]
    conversation_id: str | None
    timings_ms: dict[str, float]
    note: str | None = Field(
        description="A remark of Dateline's own: that reports give different figures, each with "
        "the day of its newest report (`Reports differ: 1,150 (17 March 2023), about 310 (14 March "
        "2023).` or `One report gives different figures: ...`); how the days in the question were "
        "understood; where it was about an answer, on that; or what is said to a greeting or to "
        "thanks."
    )

    @classmethod
    def of(cls, reply: Reply, url: Url, conversation_id: str | None = None) -> Self:
        """From the pipeline's record."""
        return cls(
            question=reply.question,
            standalone_question=reply.standalone_question,
            answerable=reply.answerable,
            confidence=reply.confidence,
            answers=[AnswerBody.of(answer) for answer in reply.answers],
            citations=[CitationBody.of(citation, url) for citation in reply.citations],
            conversation_id=conversation_id,
            timings_ms=dict(reply.timings_ms),
            note=reply.note,
        )


class PassageBody(BaseModel):
    """A passage that search found. `score` compares within one search only."""

    document_id: str
    document_title: str
    document_date: datetime.date | None
    url: str
    text: str
    start_char_index: int
    end_char_index: int
    score: float
    cosine: float
    bm25: float

    @classmethod
    def of(cls, hit: Hit, url: Url) -> Self:
        """From the pipeline's record."""
        passage = hit.passage
        return cls(
            document_id=passage.document_id,
            document_title=passage.title,
            document_date=passage.date,
            url=url(passage.document_id, "", passage.start, passage.end),
            text=passage.text,
            start_char_index=passage.start,
            end_char_index=passage.end,
            score=hit.score,
            cosine=hit.cosine,
            bm25=hit.bm25,
        )


class SearchResponse(BaseModel):
    """The passages nearest to a question, best first."""

    question: str
    passages: list[PassageBody]


MAX_MESSAGES = 200
MAX_MESSAGE_CHARACTERS = 20_000
"""Far more than counts, for a question refers to the last few turns: some clients send all."""


class Message(Request):
    """What was said before."""

    role: Literal["user", "assistant"]
    content: Text = Field(max_length=MAX_MESSAGE_CHARACTERS)


class Question(Limits):
    """A question, which may refer to what was said before."""

    question: Text
    messages: list[Message] | None = Field(
        None,
        max_length=MAX_MESSAGES,
        description="What was said before, oldest first, the question left out: it may refer to "
        "this. Nothing of it is kept.",
    )
    max_answers: int = Field(
        MAX_ANSWERS,
        ge=1,
        le=20,
        description="Answers at the most; where reports give different figures all are shown, "
        'unless fewer than 3 answers are asked for. "Are you sure?" gets so many besides those it '
        "is about.",
    )


class AskRequest(Question):
    """A question, or the next one of a conversation that is kept."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"question": "why did protests start?"},
                {
                    "question": "when did they begin?",
                    "messages": [
                        {"role": "user", "content": "why did protests start?"},
                        {"role": "assistant", "content": "the rise in the cost of liquefied gas"},
                    ],
                },
            ]
        }
    )

    conversation_id: Text | None = Field(
        None,
        description="A conversation to carry on: the question may refer to what was asked and "
        "answered in it, and is kept there with its reply. Not together with `messages`.",
    )


def read_messages(messages: Sequence[Message]) -> list[Exchange]:
    """The questions, each with what was said next; what was said before the first is left out."""
    exchanges: list[Exchange] = []
    for message in messages:
        if message.role == "user":
            exchanges.append(Exchange(message.content))
        elif exchanges:
            last = exchanges.pop()
            said = f"{last.said}\n{message.content}".strip()
            exchanges.append(Exchange(last.question, said=said))
    return exchanges


class SearchRequest(Limits):
    """A search for passages."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "price of gas", "count": 3}]}
    )

    question: Text
    count: int = Field(10, ge=1, le=2 * CANDIDATES)
