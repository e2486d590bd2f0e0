"""The JSON that comes in over HTTP. The names are design.md's."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from api.day import read_day
from api.title import MAX_TITLE, one_line
from index.edit import Edit
from index.parse import is_unicode
from index.types import DEFAULT_COLLECTION, Filter
from retrieval.answer import MAX_ANSWERS
from retrieval.search import CANDIDATES
from retrieval.types import Exchange

MAX_MESSAGES = 200
MAX_MESSAGE_CHARACTERS = 20_000
"""Far more than counts, for a question refers to the last few turns: some clients send all."""


def parse_day(value: object) -> object:
    """What `read_day` makes of a value; None and days as they are. Raises ValueError."""
    if value is None or isinstance(value, datetime.date):
        return value
    return read_day(value)


def check_unicode(value: str) -> str:
    """The text itself. Raises ValueError if it holds half of a surrogate pair or a NUL."""
    if not is_unicode(value):
        raise ValueError("half of a surrogate pair in it: this is not Unicode text")
    if "\0" in value:
        raise ValueError(f"a NUL character at {value.index(chr(0))}")
    return value


Day = Annotated[datetime.date, BeforeValidator(parse_day)]


Text = Annotated[str, AfterValidator(check_unicode)]
Title = Annotated[Text, Field(max_length=200), AfterValidator(one_line)]
ReportTitle = Annotated[Text, Field(max_length=MAX_TITLE), AfterValidator(one_line)]


class Request(BaseModel):
    """A request body; a field that is not known is refused, for it may be a misspelt one."""

    model_config = ConfigDict(extra="forbid")


class Limits(Request):
    """Which reports may answer."""

    collection: Text | None = Field(None, description="One collection; all if left out.")
    since: Day | None = Field(None, description="Reports of this day or later.")
    until: Day | None = Field(None, description="Reports of this day or earlier.")

    def filter(self) -> Filter:
        """The same as the pipeline takes it."""
        return Filter(self.collection, self.since, self.until)


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


class ConversationRequest(Request):
    """A conversation to begin."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Protests"}, {}]})

    title: Title | None = Field(None, description="The first question, if left out.")


class RenameRequest(Request):
    """A conversation's new title."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Gas prices"}]})

    title: Title


class SearchRequest(Limits):
    """A search for passages."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "price of gas", "count": 3}]}
    )

    question: Text
    count: int = Field(10, ge=1, le=2 * CANDIDATES)


class DocumentRequest(Request):
    """A report to ingest, as text."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "Harbour closed\n\nThe harbour closed on Monday because of the storm.",
                    "date": "2023-04-03",
                    "source": "harbour-2023-04-03",
                }
            ]
        }
    )

    text: Text = Field(description="Kept as it is; offsets count its Unicode code points.")
    title: Text | None = Field(None, min_length=1, max_length=MAX_TITLE)
    date: Day | None = Field(None, description="The report's date; found in the text if left out.")
    source: Text | None = Field(
        None,
        min_length=1,
        max_length=2000,
        description="Where it is from. A text under a source already known replaces that report.",
    )
    collection: Text = DEFAULT_COLLECTION


class CollectionRequest(Request):
    """A collection's new name."""

    name: Text


class EditRequest(Request):
    """A correction of a report's title or date."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "Harbour closed by the storm", "date": "2023-04-02"}]
        }
    )

    title: ReportTitle = Field("", description="Stays if left out.")
    date: Day | None = Field(None, description="Stays if left out; null removes it.")

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("neither title nor date: nothing to change")
        return self

    def edit(self) -> Edit:
        """The same as the index takes it."""
        return Edit(self.title or None, self.date, has_date="date" in self.model_fields_set)


FORM = {
    "type": "object",
    "properties": {
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1},
        "collection": {"type": "string", "default": DEFAULT_COLLECTION},
    },
    "required": ["files"],
}
"""What the OpenAPI page says of an upload of files."""
