"""Days and spans of days as a person says them."""

from __future__ import annotations

import calendar
import datetime

from retrieval.dates.period import Period


def long_day(day: datetime.date) -> str:
    """The day as 5 January 2022."""
    return f"{day.day} {day:%B} {day.year}"


def say_period(period: Period) -> str:
    """From when the reports are that tell of it: "of 5 to 8 January 2022", "since 1 March 2023"."""
    first, last = period.first, period.reported
    if first is None:
        return "of any day" if last is None else f"until {long_day(last)}"
    if last is None:
        return f"since {long_day(first)}"
    if (year := _whole_year(first, last)) is not None:
        return f"of {year}"
    if first == last:
        return f"of {long_day(last)}"
    if (first.year, first.month) == (last.year, last.month):
        whole = last.day - first.day + 1 == calendar.monthrange(last.year, last.month)[1]
        return f"of {last:%B} {last.year}" if whole else f"of {first.day} to {long_day(last)}"
    begun = f"{first.day} {first:%B}" if first.year == last.year else long_day(first)
    return f"of {begun} to {long_day(last)}"


def _whole_year(first: datetime.date, last: datetime.date) -> int | None:
    whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return first.year if whole and first.year == last.year else None
