"""Say which day words mean, by the day of the report that they stand in.

"Tuesday" is the latest Tuesday that the report can tell of, "yesterday" the day before it,
"January 2" the one nearest to it. Reports tell what happened: only "until", "by" and "next"
show that a weekday is one to come. A week or a month is no day.
"""

from __future__ import annotations

import datetime
import re
from contextlib import suppress

from index.sentences import split_sentences
from retrieval.dates.words import WEEKDAY, Named, find_dates, read_named

LONGEST = 40
"""Characters of a span that says when and no more than that."""

_ONE = datetime.timedelta(days=1)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(rf"(?:(?P<which>last|next|this)\s+)?(?P<name>{WEEKDAY})(?:\s+\w+)?", re.I)
_RELATIVE = (
    (re.compile(r"(?:today|tonight|(?:earlier )?this (?:day|morning|afternoon|evening))\b"), 0),
    (re.compile(r"(?:yesterday|last (?:night|evening))\b"), -1),
    (re.compile(r"tomorrow\b"), 1),
)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNTED = re.compile(r"(?P<count>\w+) days? (?P<way>ago|earlier|later)")
_BESIDE = re.compile(r"the (?P<way>next|following|previous) day")
_SAME = re.compile(r"(?:earlier |later )?(?:that|the same) (?:day|morning|afternoon|evening|night)")
# The Sunday Times, Black Monday, USA Today: days no more.
_NAMED_AFTER_IT = re.compile(r"[ \t]+[A-Z][a-z]")
_NAMED_FOR_IT = re.compile(
    r"\b(?:Ash|Black|Bloody|Cyber|Easter|Good|Holy|Palm|Super|USA)\s+$", re.IGNORECASE
)
_TO_COME = re.compile(r"\b(?:until|till|by)(?:\s+the)?\s*$", re.IGNORECASE)
_WILL = re.compile(r"\b(?:will|shall|would|(?:is|are|was|were) (?:to|due)|expected|planned)\b")


def day_of(words: str, reported: datetime.date | None, before: str = "") -> datetime.date | None:
    """The day that words from a report mean; None where they mean no day, or it cannot be told.

    `reported` is the report's day, `before` the text in front of the words.
    """
    named = read_named(words)
    if named is not None:
        return _nearest(named, reported)
    # A report may bear any day of the calendar: the last one has no tomorrow.
    with suppress(OverflowError):
        return None if reported is None else _relative(words, reported, before)
    return None


def _relative(words: str, reported: datetime.date, before: str) -> datetime.date | None:
    said = " ".join(words.casefold().split())
    for pattern, days in _RELATIVE:
        if pattern.match(said):
            return reported + days * _ONE
    if counted := _COUNTED.fullmatch(said):
        return _counted(counted["count"], counted["way"], reported, before)
    if beside := _BESIDE.fullmatch(said):
        way = -1 if beside["way"] == "previous" else 1
        return _named_last(before, reported) + way * _ONE
    if weekday := _WEEKDAY.fullmatch(said):
        return _by_weekday(weekday, reported, before)
    return _named_last(before, reported) if _SAME.fullmatch(said) else None


def _counted(count: str, way: str, reported: datetime.date, before: str) -> datetime.date | None:
    """So many days from the report's day for "ago", from the one last named else."""
    if not count.isdigit() and count not in _NUMBERS:
        return None
    days = (int(count) if count.isdigit() else _NUMBERS.index(count) + 1) * _ONE
    if way == "ago":
        return reported - days
    named = _named_last(before, reported)
    return named - days if way == "earlier" else named + days


def only_day(
    text: str, start: int, end: int, reported: datetime.date | None
) -> datetime.date | None:
    """The one day that `text[start:end]` says, None if none or several, or more than when."""
    if end - start > LONGEST:
        return None
    days = {
        day
        for first, last in find_dates(text, start, end)
        if not _NAMED_FOR_IT.search(text[max(0, first - 8) : first])
        and not _NAMED_AFTER_IT.match(text, last)
        and (day := day_of(text[first:last], reported, text[:first])) is not None
    }
    return days.pop() if len(days) == 1 else None


def _nearest(named: Named, reported: datetime.date | None) -> datetime.date | None:
    """The day named; without a year, the one nearest to the report's, the earlier of equals."""
    if named.month is None or named.day is None:
        return None
    if named.year is not None:
        found = named.days(named.year)
        return None if found is None else found[0]
    if reported is None:
        return None
    years = (reported.year - 1, reported.year, reported.year + 1)
    # The 29th of February may be in none of them.
    days = [found[0] for year in years if 0 < year < 10000 and (found := named.days(year))]
    return min(days, key=lambda day: abs(day - reported), default=None)


def _by_weekday(
    weekday: re.Match[str], reported: datetime.date, before: str
) -> datetime.date | None:
    back = (reported.weekday() - _WEEKDAYS.index(weekday["name"][:3])) % 7
    sentence = before[split_sentences(before)[-1][0] :] if before.strip() else ""
    if weekday["which"] == "next" or (not weekday["which"] and _TO_COME.search(before)):
        return reported + (7 - back) * _ONE
    if weekday["which"] == "last":
        return reported - (back or 7) * _ONE
    # "This Friday", and what will be on Friday, is this one or that one.
    unsure = weekday["which"] == "this" or _WILL.search(sentence)
    return None if unsure else reported - back * _ONE


def _named_last(before: str, reported: datetime.date) -> datetime.date:
    """The day last named in the text before, the report's own if there is none."""
    for start, end in reversed(find_dates(before, 0, len(before))):
        day = day_of(before[start:end], reported, before[:start])
        if day is not None:
            return day
    return reported
