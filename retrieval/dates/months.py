"""Read quarters, seasons and parts of a month or a year: "Q1 1987", "last summer", "mid-March".

Seasons are the three months that weather records take them for, in the north: spring from March
on. Winter 1987 began in December 1987, or else ended in 1987.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.dates.words import YEAR

Days = tuple[datetime.date, datetime.date]

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_SEASON = f"(?P<season>{'|'.join(_SEASONS)})"
_QUARTERS = ("first", "second", "third", "fourth")
_QUARTER = rf"(?:(?P<quarter>{'|'.join(_QUARTERS)}|last|final)\s+quarter|q(?P<number>[1-4]))"
_OF = rf"(?:,?\s+(?:of\s+)?(?:the\s+year\s+)?(?P<year>{YEAR}))?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:(?P<which>last|past|previous|this|next)\s+)?{_SEASON}",
        rf"{_SEASON}{_OF}",
        rf"{_QUARTER}{_OF}",
        r"(?P<which>last|past|previous|this|next)\s+(?P<quarter>quarter)",
        rf"(?P<year>{YEAR})\s+q(?P<number>[1-4])",
    )
)
_PART = re.compile(
    r"(?:(?P<when>early|mid|late)[\s-]+|(?P<place>end|beginning|start|middle)\s+of\s+)"
    r"(?:the\s+)?(?:month\s+of\s+)?",
    re.IGNORECASE,
)
_THIRDS = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}


@dataclass(frozen=True, slots=True)
class Months:
    """Three months, from `first` on: of one `year`, or of that `which` is said of, if any is.

    `first` is None for "last quarter": the one before that of the newest report.
    """

    first: int | None
    year: int | None
    which: str


def read_months(words: str) -> Months | None:
    """The quarter or season that the words name, if they say no more; case does not count."""
    for form in _FORMS:
        if match := form.fullmatch(words):
            found = {name: (said or "").casefold() for name, said in match.groupdict().items()}
            year = int(found["year"]) if found.get("year") else None
            return Months(_first(found, year), year, _which(found))
    return None


def candidates(months: Months, years: Iterable[int], newest: datetime.date) -> list[Days]:
    """When the months may have been, likeliest first; `years` are tried where none is said."""
    if months.year is not None:
        years = (months.year, months.year - 1) if months.first == _SEASONS["winter"] else ()
        years = years or (months.year,)
    firsts = range(1, 13, 3) if months.first is None else (months.first,)
    every = sorted(
        (_three(year, first) for year in years for first in firsts if 0 < year < datetime.MAXYEAR),
        reverse=True,
    )
    if months.which == "next":
        return [each for each in reversed(every) if each[0] > newest][:1]
    if months.which == "this":
        return [each for each in every if each[0] <= newest][:1]
    return [each for each in every if each[1] < newest][:1] if months.which else every


def part_of(words: str) -> tuple[int, str] | None:
    """Which third the words ask for, counted from 0, and the words for all of it."""
    match = _PART.match(words)
    if match is None:
        return None
    return _THIRDS[(match["when"] or match["place"]).casefold()], words[match.end() :]


def third(number: int, days: Days) -> Days:
    """The first, second or last third of the days; of a year, four months."""
    first, last = days
    one = datetime.timedelta(days=1)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        may, september = first.replace(month=5), first.replace(month=9)
        return ((first, may - one), (may, september - one), (september, last))[number]
    step = ((last - first).days + 1) // 3 * one
    ends = (first + step - one, first + 2 * step - one, last)
    return first + number * step, ends[number]


def _first(found: dict[str, str], year: int | None) -> int | None:
    if found.get("season"):
        return _SEASONS[found["season"]]
    if found.get("number"):
        return int(found["number"]) * 3 - 2
    quarter = found.get("quarter", "")
    if quarter in _QUARTERS:
        return _QUARTERS.index(quarter) * 3 + 1
    # "The last quarter of 1987" is its fourth, "the last quarter" the one before this.
    return 10 if quarter == "final" or year is not None else None


def _which(found: dict[str, str]) -> str:
    if found.get("quarter") == "last" and not found.get("year"):
        return "last"
    return found.get("which", "")


def _three(year: int, first: int) -> Days:
    after = first + 3
    ended = datetime.date(year + (after > 12), (after - 1) % 12 + 1, 1)
    return datetime.date(year, first, 1), ended - datetime.timedelta(days=1)
