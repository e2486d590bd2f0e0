"""From when the reports are that a question asks for, by the days of those there are.

The reports are the world: "today" is the day of the newest one. Where the year is left out it is
the newest one in which there are reports of that day, week or month; if there is none, the newest
in which it had begun by then.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from retrieval.dates.in_questions import Asked
from retrieval.dates.in_reports import day_of
from retrieval.dates.months import candidates, part_of, read_months, third
from retrieval.dates.words import Named, read_named

LATER = 3
"""Days after an event in which reports still tell of it as news: what is asked of a day or a week
is looked for in reports of so many days more. Chosen, not measured."""

LONG = 28
"""Days from which on a period has no need of more: most of what it has is told of within."""

WEEK = 7
_ONE = datetime.timedelta(days=1)
_WEEK_OF = re.compile(
    r"(?:(?P<which>\w+)\s+)?week\s+(?:of|in)\s+(?:the\s+)?(?:year\s+)?(?P<of>.+)", re.I
)
_WHICH = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1, "final": -1}
_UNIT = re.compile(
    r"(?P<which>this|last|past|previous|next)\s+(?:(?P<count>\w+)\s+)?"
    r"(?P<unit>day|week|month|year)s?",
    re.I,
)
_AGO = re.compile(r"(?P<count>\w+)\s+(?P<unit>day|week|month|year)s?\s+ago", re.I)
_WEEKEND = re.compile(r"(?P<which>the|this|last|next)\s+weekend", re.I)
_DECADE = re.compile("(?<=\\d0)['\u2019]?s$", re.IGNORECASE)
_UNIT_DAYS = {"day": 1, "week": WEEK, "month": 30, "year": 365}
_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

Days = tuple[datetime.date, datetime.date]


@dataclass(frozen=True, slots=True)
class Period:
    """The days asked for, both included; None where they go on for ever.

    `reported` is the last day of reports that tell of it: later than `last` if anything.
    """

    first: datetime.date | None
    last: datetime.date | None
    reported: datetime.date | None

    def has(self, day: datetime.date | None) -> bool:
        """Whether a report of this day tells of the period as news."""
        return day is not None and _within(day, self.first, self.reported)

    def holds(self, day: datetime.date | None) -> bool:
        """Whether this is one of the days asked for."""
        return day is not None and _within(day, self.first, self.last)


def period_of(asked: Asked, days: Sequence[datetime.date]) -> Period | None:
    """The period, by the days of the reports there are, oldest first; None if there is no such."""
    # The days before the first of the calendar, and after the last, are no period.
    with suppress(OverflowError):
        return _reported(asked, days)
    return None


def _reported(asked: Asked, days: Sequence[datetime.date]) -> Period | None:
    found = None
    if days:
        found = _range(asked, days) if asked.last else _single(asked, days)
    if found is None:
        return None
    first, last = found
    if asked.link in ("since", "after"):
        return Period(first if asked.link == "since" else last + _ONE, None, None)
    if asked.link in ("before", "until"):
        last = last if asked.link == "until" else first - _ONE
        return Period(None, last, last)
    later = LATER * _ONE if (last - first).days + 1 < LONG else 0 * _ONE
    # No report is later than the newest, so there is no need to say that it might be.
    return Period(first, last, max(last, min(last + later, days[-1])))


def _single(asked: Asked, days: Sequence[datetime.date]) -> Days | None:
    words, newest = asked.first, days[-1]
    if (part := part_of(words)) is not None:
        whole = _single(_end(asked, part[1]), days)
        return None if whole is None else third(part[0], whole)
    if (months := read_months(words)) is not None:
        return _likeliest(candidates(months, _years(None, days), newest), days, None)
    if (found := _by_today(words, newest)) is not None:
        return found
    if (named := _read(words)) is None:
        day = day_of(words, newest)
        return None if day is None else (day, day)
    # What is asked until a day may go on after the newest report.
    latest = None if asked.link in ("before", "until") else newest
    return _likeliest(
        [_place(words, named, year) for year in _years(named.year, days)], days, latest
    )


def _range(asked: Asked, days: Sequence[datetime.date]) -> Days | None:
    first, last = _read(asked.first), _read(asked.last)
    if first is None or last is None:
        # "From yesterday to today", "from March 1 until today".
        one, other = _single(_end(asked, asked.first), days), _single(_end(asked, asked.last), days)
        return (one[0], other[1]) if one and other and one[0] <= other[1] else None
    # "5 to 8 January", "March 1 to 10": one names the month for both.
    if first.month is None and first.year is None:
        first = Named(last.year, last.month, first.day)
    if last.month is None and last.day is not None:
        last = Named(last.year or first.year, first.month, last.day)
    if first.day is not None and first.month is None:
        return None
    ranges = []
    for year in _years(last.year or first.year, days):
        # "From November to February" goes on into the next year.
        for begun, ended in ((year, year), (year - 1, year), (year, year + 1)):
            one, other = _place(asked.first, first, begun), _place(asked.last, last, ended)
            if one and other and one[0] <= other[1]:
                ranges.append((one[0], other[1]))
                break
    return _likeliest(ranges, days, days[-1])


def _end(asked: Asked, words: str) -> Asked:
    return Asked(asked.start, asked.end, "in", words)


def _read(words: str) -> Named | None:
    """What is named in the words, the decade's first year for a decade."""
    week = _WEEK_OF.fullmatch(words)
    return read_named(_DECADE.sub("", week["of"] if week else words))


def _years(said: int | None, days: Sequence[datetime.date]) -> list[int]:
    """The years that may be meant, likeliest first."""
    if said is not None:
        return [said]
    newest = days[-1].year
    # Eight years have a leap year among them.
    return sorted({*range(newest - 8, newest + 1), *(day.year for day in days)}, reverse=True)


def _place(words: str, named: Named, year: int) -> Days | None:
    """The first and last day of what the words name, in this year if they leave it open."""
    if not 0 < year < datetime.MAXYEAR or (found := named.days(year)) is None:
        return None
    first, last = found
    if _DECADE.search(words):
        last = last.replace(year=last.year + 9)
    week = _WEEK_OF.fullmatch(words)
    if week is None:
        return first, last
    which = _WHICH.get((week["which"] or "").casefold())
    if which is None:
        first -= first.weekday() * _ONE
    elif which < 0:
        first = last - (WEEK - 1) * _ONE
    else:
        first += which * WEEK * _ONE
    return first, first + (WEEK - 1) * _ONE


def _likeliest(
    found: Sequence[Days | None], days: Sequence[datetime.date], latest: datetime.date | None
) -> Days | None:
    """The first that there are reports of, else the first that began by the latest day."""
    known = [each for each in found if each is not None]
    for first, last in known:
        at = bisect_left(days, first)
        if at < len(days) and days[at] <= last + LATER * _ONE:
            return first, last
    return next((each for each in known if latest is None or each[0] <= latest), None)


def _by_today(words: str, newest: datetime.date) -> Days | None:
    """The days that the words count from the newest report's."""
    if unit := _UNIT.fullmatch(words):
        return _rolling(unit, newest)
    if ago := _AGO.fullmatch(words):
        return _ago(count_of(ago["count"]), ago["unit"].casefold(), newest)
    if weekend := _WEEKEND.fullmatch(words):
        return _weekend(weekend["which"].casefold(), newest)
    return None


def _rolling(unit: re.Match[str], newest: datetime.date) -> Days | None:
    which, name = unit["which"].casefold(), unit["unit"].casefold()
    if unit["count"] or which == "past":
        days = count_of(unit["count"] or "one") * _UNIT_DAYS[name]
        return newest - (days - 1) * _ONE, newest
    this = _calendar(name, newest)
    if which == "next":
        return _calendar(name, this[1] + _ONE)
    return this if which == "this" else _calendar(name, this[0] - _ONE)


def count_of(word: str) -> int:
    """The number that a word says; three for "few"."""
    said = word.casefold()
    if said.isdigit():
        return int(said)
    return _COUNTS.index(said) + 1 if said in _COUNTS else 1 if said in ("a", "an") else 3


def _ago(count: int, unit: str, newest: datetime.date) -> Days | None:
    """The day so long ago; the calendar's week, month or year where these are counted."""
    if unit in ("day", "week"):
        return _calendar(unit, newest - count * _UNIT_DAYS[unit] * _ONE)
    months = newest.year * 12 + newest.month - 1 - count * (1 if unit == "month" else 12)
    year, month = divmod(months, 12)
    return _calendar(unit, datetime.date(year, month + 1, 1)) if year > 0 else None


def _weekend(which: str, newest: datetime.date) -> Days:
    """Saturday and Sunday: "the weekend" is the latest that had begun, "this" that of the week."""
    saturday = newest - newest.weekday() * _ONE + 5 * _ONE
    if which == "next":
        saturday += WEEK * _ONE
    elif which == "last" or (which == "the" and newest < saturday):
        saturday -= WEEK * _ONE
    return saturday, saturday + _ONE


def _calendar(unit: str, day: datetime.date) -> Days:
    """The week from Monday, the month or the year that a day is in."""
    if unit == "day":
        return day, day
    if unit == "week":
        first = day - day.weekday() * _ONE
        return first, first + (WEEK - 1) * _ONE
    named = Named(day.year, day.month if unit == "month" else None, None)
    return named.days(day.year) or (day, day)


def _within(day: datetime.date, first: datetime.date | None, last: datetime.date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)
