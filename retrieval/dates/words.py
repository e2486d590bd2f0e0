"""Read a date that words or figures name: a day, a month or a year."""

from __future__ import annotations

import calendar
import datetime
import re
from contextlib import suppress
from dataclasses import dataclass

from index.metadata.months import MONTH as _NAME
from index.metadata.months import month_number

MONTH = rf"(?i:{_NAME}(?:(?<!may)(?<=\b\w{{3}})\.|(?<=\bsept)\.)?)"
"""A pattern of a month: a short form may have its full stop. In any case: mind may and march."""

NUMBER = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?!\w|[.,:]?\d)"
"""A pattern of a day of the month, not of the beginning of 1,200."""

YEAR = r"(?:1[5-9]|20)\d\d(?!\w|[.,]\d)"
WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"

_FORMS = tuple(
    re.compile(rf"(?:{WEEKDAY},?\s+)?(?:the\s+)?{form}", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})-(?P<figures>\d\d)-(?P<day>\d\d)",
        rf"(?P<day>{NUMBER})(?:\s+of)?\s+(?P<month>{MONTH})(?:,?\s+(?P<year>{YEAR}))?",
        rf"(?P<month>{MONTH})\s+(?:the\s+)?(?P<day>{NUMBER})(?:,?\s+(?P<year>{YEAR}))?",
        rf"(?P<month>{MONTH})(?:,?\s+(?:of\s+)?(?P<year>{YEAR}))?",
        rf"(?P<year>{YEAR})",
        rf"(?P<day>{NUMBER})(?:,?\s+(?P<year>{YEAR}))?",
    )
)


@dataclass(frozen=True, slots=True)
class Named:
    """A day, a month or a year; None is what the words leave open or do not go into."""

    year: int | None
    month: int | None
    day: int | None

    def days(self, year: int) -> tuple[datetime.date, datetime.date] | None:
        """The first and the last day, in `year` if none was named; None if there is no such day."""
        year = self.year or year
        first, last = self.month or 1, self.month or 12
        with suppress(ValueError):
            return (
                datetime.date(year, first, self.day or 1),
                datetime.date(year, last, self.day or calendar.monthrange(year, last)[1]),
            )
        return None


def read_named(words: str) -> Named | None:
    """The date that the words name if they name one and say no more; case does not count."""
    for form in _FORMS:
        if match := form.fullmatch(words):
            found = {"year": None, "month": None, "figures": None, "day": None, **match.groupdict()}
            month = found["figures"] or (month_number(found["month"]) if found["month"] else None)
            day = re.sub(r"\D", "", found["day"] or "")
            return Named(
                int(found["year"]) if found["year"] else None,
                int(month) if month else None,
                int(day) if day else None,
            )
    return None


# A sentence writes months with a capital: it may rain, and people may march.
_MONTH = f"(?=[A-Z]){MONTH}"
SMALL = "(?i:one|two|three|four|five|six|seven|eight|nine|ten)"
"""A pattern of a number in letters."""

_PART = "(?:morning|afternoon|evening|night)"
_WHEN = re.compile(
    rf"""\b(?:
      \d{{4}}-\d\d-\d\d
    | (?:{WEEKDAY},?\s+)?(?:{NUMBER}(?:\s+of)?\s+{_MONTH}|{_MONTH}\s+{NUMBER})(?:,?\s+{YEAR})?
    | {_MONTH},?\s+{YEAR}
    | (?:[Ll]ast\s+|[Nn]ext\s+|[Tt]his\s+)?{WEEKDAY}(?:\s+{_PART})?
    | (?:[Yy]esterday|[Tt]oday|[Tt]onight|[Tt]omorrow)(?:\s+{_PART})?
    | (?:[Ll]ast|[Tt]his|[Nn]ext|[Ee]arlier\s+th(?:is|at))\s+(?:day|week|month|year|night|{_PART}
      |spring|summer|autumn|winter)
    | (?:[Ee]arlier|[Ll]ater)\s+(?:that|the\s+same)\s+day
    | (?:\d{{1,2}}|{SMALL})\s+days?\s+(?:ago|earlier|later)
    | [Tt]he\s+(?:next|following|previous)\s+day
    | (?<=in\s)(?:{_MONTH}|{YEAR})
    | (?<=since\s)(?:{_MONTH}|{YEAR})
    | (?<=by\s)(?:{_MONTH}|{YEAR}|midday|noon|midnight|dawn)
    | (?<=at\s)(?:\d{{1,2}}(?:[.:]\d\d)?\s?[ap]\.?m\b\.?|midday|noon|midnight|dawn)
    )(?![\w-])""",
    re.VERBOSE,
)


def find_dates(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The ranges within `text[start:end]`, in order, of what says when."""
    # No range reaches out, though what stands before may show what the words mean.
    return [match.span() for match in _WHEN.finditer(text, start, end)]
