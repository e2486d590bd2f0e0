"""Put first what tells of the days that a question asks for; nothing is left out for its date."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.store.database import Database
from index.store.lookup import report_days
from index.types import Filter, Passage
from retrieval.dates.in_questions import Asked, find_asked, is_in_figures, readings
from retrieval.dates.in_reports import day_of
from retrieval.dates.period import Period, period_of
from retrieval.dates.say import long_day, say_period
from retrieval.dates.words import WEEKDAY, find_dates, read_named
from retrieval.types import Hit, Span

KEPT = 3
"""The best passages of all that are read in any case: the day may be told of later."""

OUTSIDE = 2.0
"""What the log odds of a span from elsewhere lose where the days asked for have an answer.

Chosen on the reports of `seeds/`, whose figures change from day to day; not measured. It only
lowers.
"""

_WEEKDAY = re.compile(WEEKDAY, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """What a question asks for: one of these periods, in the words that say so.

    `reading` tells how words were read that may be read otherwise.
    """

    periods: tuple[Period, ...]
    words: str
    reading: str = ""

    def has(self, passage: Passage) -> bool:
        """Whether the passage is from a report of the time."""
        return any(period.has(passage.date) for period in self.periods)

    def tells(self, passage: Passage) -> bool:
        """Whether it is from a report of the time, or names one of its days by its date."""
        return self.has(passage) or self._names(passage)

    def _names(self, passage: Passage) -> bool:
        closed = [each for each in self.periods if each.first is not None and each.last is not None]
        if not closed:
            return False
        text = passage.text
        by_weekday = _WEEKDAY.search(self.words) is not None
        days = [
            day_of(text[start:end], passage.date, text[:start])
            for start, end in find_dates(text, 0, len(text))
            # "Friday" is in reports of days that lie all around it: who asks by it gets them.
            if by_weekday or read_named(text[start:end]) is not None
        ]
        return any(period.holds(day) for day in days for period in closed)

    def said_of(self, hits: Sequence[Hit]) -> list[str]:
        """The words for each hit that tells of the time: its report's date says the same."""
        return [self.words if self.tells(hit.passage) else "" for hit in hits]


def understand_dates(question: str, limit: Filter, database: Database) -> When | None:
    """When the question asks for, None if for no time or there are no dated reports.

    Years that are left out, and "today", are those of the reports that pass the filter.
    """
    asked = find_asked(question)
    if not asked:
        return None
    with database.read() as connection:
        days = report_days(connection, limit)
    found = [(each, *_read(each, days)) for each in asked]
    periods = dict.fromkeys(period for _, periods, _ in found for period in periods)
    words = " ".join(question[each.start : each.end] for each, periods, _ in found if periods)
    reading = " ".join(said for _, _, said in found if said)
    return When(tuple(periods), words, reading) if periods else None


def _read(asked: Asked, days: Sequence[datetime.date]) -> tuple[list[Period], str]:
    """The periods that may be meant, and how they were chosen if that was open.

    Of two readings of a date in figures, the one that there are reports of; else both.
    """
    if not days or not is_in_figures(asked):
        period = period_of(asked, days)
        return ([] if period is None else [period]), ""
    ways = [(each, period_of(each, days)) for each in readings(asked, days[-1])]
    known = [(each, period) for each, period in ways if period is not None]
    told = [each for each in known if any(map(each[1].has, days))]
    chosen = told or known
    if len(known) < 2:
        return [period for _, period in chosen], ""
    said = " and as ".join(_say(each) for each in chosen)
    words = " to ".join(filter(None, (asked.first, asked.last)))
    others = "".join(f", not as {_say(each)}" for each in known if each not in chosen)
    why = ": reports are of then alone" if others else ""
    return [period for _, period in chosen], f"{words} is read as {said}{others}{why}."


def _say(asked: tuple[Asked, Period]) -> str:
    """A reading in words: "5 January 2022", "1 to 10 May 2022"."""
    ends = (asked[0].first, asked[0].last)
    days = [day_of(each, None) for each in ends if each]
    return " to ".join(long_day(day) for day in days if day is not None)


def put_first(hits: Sequence[Hit], when: When, count: int) -> list[Hit]:
    """So many of the hits, those that tell of the time first, else in order; scores stay."""
    tell = [when.tells(hit.passage) for hit in hits]
    best = [place for place in range(len(hits)) if place < KEPT]
    told = [place for place in range(KEPT, len(hits)) if tell[place]]
    rest = [place for place in range(KEPT, len(hits)) if not tell[place]]
    chosen = sorted([*best, *told, *rest][:count], key=lambda place: (not tell[place], place))
    return [hits[place] for place in chosen]


def favour(spans: Sequence[Span], hits: Sequence[Hit], when: When, threshold: float) -> list[Span]:
    """The spans, less sure of those from elsewhere; as they are if the time has no answer.

    A span is an answer from the threshold on. Most confident first; ties by passage and start.
    """
    tell = [when.tells(hit.passage) for hit in hits]
    if not any(tell[span.passage] and span.confidence >= threshold for span in spans):
        return list(spans)
    favoured = [
        span if tell[span.passage] else replace(span, confidence=_less(span.confidence))
        for span in spans
    ]
    return sorted(favoured, key=lambda span: (-span.confidence, span.passage, span.start))


def remark(when: When, hits: Sequence[Hit], best: Sequence[Span]) -> str:
    """How the time was understood and what came of it; `best` says the first answer shown."""
    said = _remark(when, hits, best)
    return f"{when.reading} {said}" if when.reading else said


def _remark(when: When, hits: Sequence[Hit], best: Sequence[Span]) -> str:
    period = " and ".join(say_period(each) for each in when.periods)
    tell = [when.tells(hit.passage) for hit in hits]
    elsewhere = bool(best) and not any(tell[span.passage] for span in best)
    if not any(when.has(hit.passage) for hit in hits):
        named = any(tell) and not elsewhere
        change = "what names such a day comes first" if named else "the date changes nothing"
        return f"No report {period} was found for this: {change}."
    if elsewhere:
        return f"Reports {period} do not say: this is from others."
    return f"Reports {period} come first."


def _less(confidence: float) -> float:
    """The confidence with OUTSIDE taken from its log odds."""
    if not 0 < confidence < 1:
        # Its log odds are without end: only a reader that never doubts says so.
        return confidence / (1 + math.exp(OUTSIDE))
    odds = math.log(confidence / (1 - confidence)) - OUTSIDE
    return round(1 / (1 + math.exp(-odds)), 4)
