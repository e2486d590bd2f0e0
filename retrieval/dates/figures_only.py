"""Read dates written in figures: 5/1/2022 may be the 5th of January or the 1st of May."""

from __future__ import annotations

import datetime
import re
from contextlib import suppress
from dataclasses import replace

from retrieval.dates.asked import FIGURES, Asked

_FIGURES = re.compile(rf"(?:{FIGURES})")
_CENTURY = 100


def is_in_figures(asked: Asked) -> bool:
    """Whether an end of what is asked for is a date in figures, the year last."""
    return any(_FIGURES.fullmatch(each) for each in (asked.first, asked.last))


def readings(asked: Asked, newest: datetime.date) -> list[Asked]:
    """The ways to read it with days as ISO 8601 writes them: the day first, and the month first.

    Both ends of a range are read alike. A year of two figures is the latest that had come by the
    newest report. Empty if there are no such days.
    """
    found = []
    for day_first in (True, False):
        ends = [
            _iso(each, newest, day_first=day_first) if _FIGURES.fullmatch(each) else each
            for each in (asked.first, asked.last)
        ]
        if None not in ends:
            found.append(replace(asked, first=ends[0] or "", last=ends[1] or ""))
    return list(dict.fromkeys(found))


def _iso(words: str, newest: datetime.date, *, day_first: bool) -> str | None:
    one, other, year = map(int, re.findall(r"\d+", words))
    if year < _CENTURY:
        year += newest.year // _CENTURY * _CENTURY
        year -= _CENTURY if year > newest.year else 0
    day, month = (one, other) if day_first else (other, one)
    with suppress(ValueError):
        return datetime.date(year, month, day).isoformat()
    return None
