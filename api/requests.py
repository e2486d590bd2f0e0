"""The JSON that comes in over HTTP. The names are design.md's."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from api.day import read_day
from index.parse import is_unicode
from index.types import DEFAULT_COLLECTION, Filter
from retrieval.answer import MAX_ANSWERS
from retrieval.search import CANDIDATES


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


class AskRequest(Limits):
    """A question."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "why did protests start?"}]}
    )

    question: Text
    conversation_id: Text | None = Field(
        None, description="Conversations are not kept yet: any id is unknown."
    )
    max_answers: int = Field(MAX_ANSWERS, ge=1, le=20)


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
    title: Text | None = Field(None, min_length=1, max_length=500)
    date: Day | None = Field(None, description="The report's date; found in the text if left out.")
    source: Text | None = Field(
        None,
        min_length=1,
        max_length=2000,
        description="Where it is from. A text under a source already known replaces that report.",
    )
    collection: Text = DEFAULT_COLLECTION
