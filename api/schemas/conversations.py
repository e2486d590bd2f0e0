"""The JSON of conversations that goes out over HTTP."""

from __future__ import annotations

import datetime
from collections.abc import Sequence, Set
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.asking import AnswerBody, CitationBody, Url
from api.schemas.fields import Request, Title
from retrieval.conversation.store import Conversation, StoredTurn, read_reply


class StoredCitationBody(BaseModel):
    """Where quoted text stood when it was cited, and whether the report is still there."""

    id: int
    document_id: str
    document_title: str
    document_date: datetime.date | None
    source: str
    url: str | None = Field(description="None where the report is there no more.")
    page: int | None
    section: str | None
    cited_text: str = Field(description="A copy: it stays when the report is deleted.")
    start_char_index: int
    end_char_index: int
    available: bool = Field(
        description="Whether the report is still there. If not, no question is answered from this."
    )

    @classmethod
    def of(cls, body: CitationBody, available: bool) -> Self:
        """From a citation as it was shown."""
        shown = body.model_dump() | {"url": body.url if available else None}
        return cls(**shown, available=available)


class TurnBody(BaseModel):
    """A question and what was replied. Numbers grow in the order asked."""

    number: int
    asked_at: str
    question: str
    standalone_question: str
    answerable: bool
    confidence: float
    answers: list[AnswerBody]
    citations: list[StoredCitationBody]
    note: str | None

    @classmethod
    def of(cls, turn: StoredTurn, url: Url, there: Set[str]) -> Self:
        """From the stored record; `there` are the ids of the documents that there still are."""
        reply = read_reply(turn.question, turn.standalone_question, turn.reply)
        return cls(
            number=turn.number,
            asked_at=turn.asked_at,
            question=turn.question,
            standalone_question=turn.standalone_question,
            answerable=reply.answerable,
            confidence=reply.confidence,
            answers=[AnswerBody.of(answer) for answer in reply.answers],
            citations=[
                StoredCitationBody.of(CitationBody.of(each, url), each.document_id in there)
                for each in reply.citations
            ],
            note=reply.note,
        )


class ConversationBody(BaseModel):
    """A conversation without its turns. Times are ISO 8601, in UTC."""

    id: str
    title: str | None = Field(description="Its first question, if it was given none.")
    created_at: str
    updated_at: str = Field(description="When it was last asked in.")
    turns_count: int

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        """From the stored record."""
        return cls(
            id=conversation.id,
            title=conversation.title,
            created_at=conversation.created_at,
            updated_at=conversation.updated_at,
            turns_count=conversation.turns,
        )


class TranscriptBody(ConversationBody):
    """A conversation with all that was asked and replied, oldest first."""

    turns: list[TurnBody]

    @classmethod
    def made_of(
        cls, conversation: Conversation, turns: Sequence[StoredTurn], url: Url, there: Set[str]
    ) -> Self:
        """From the stored records; `there` are the ids of the documents that there still are."""
        return cls(
            **ConversationBody.of(conversation).model_dump(),
            turns=[TurnBody.of(turn, url, there) for turn in turns],
        )


class ConversationList(BaseModel):
    """A page of conversations; `total` counts all."""

    conversations: list[ConversationBody]
    total: int


class ConversationRequest(Request):
    """A conversation to begin."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Protests"}, {}]})

    title: Title | None = Field(None, description="The first question, if left out.")


class RenameRequest(Request):
    """A conversation's new title."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Gas prices"}]})

    title: Title
