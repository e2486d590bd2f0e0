"""The JSON that comes in over HTTP. The names are design.md's."""

from __future__ import annotations

import contextlib
import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from index.parse import is_unicode
from index.types import Filter


def read_day(value: object) -> datetime.date:
    """A day written as 2022-01-05, and no other way. Raises ValueError."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            found = datetime.date.fromisoformat(value)
            # Written back: the ISO parser takes 20220105 and 2022-W01-3 too.
            if found.isoformat() == value:
                return found
    raise ValueError(f"{value!r} is no day: write it as 2022-01-05")


MAX_TITLE = 500
"""Characters in a report's title."""


def one_line(value: str) -> str:
    """The text on one line, without white space at its ends. Raises ValueError if none is left."""
    value = " ".join(value.split())
    if not value:
        raise ValueError("nothing to read in it: give it a few words")
    return value


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
