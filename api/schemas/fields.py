"""The JSON that comes in over HTTP. The names are design.md's."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from api.schemas.values import MAX_TITLE, one_line, read_day
from index.parse import is_unicode
from index.types import Filter


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
