"""Put first what tells of the days that a question asks for; nothing is left out for its date."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.database import Database
from index.lookup import report_days
from index.types import Filter, Passage
from retrieval.dates.asked import find_asked
from retrieval.dates.day_of import day_of
from retrieval.dates.find_dates import find_dates
from retrieval.dates.named import read_named
from retrieval.dates.period import Period, period_of
from retrieval.dates.say import say_period
from retrieval.types import Hit, Span

KEPT = 3
"""The best passages of all that are read in any case: the day may be told of later."""

OUTSIDE = 2.0
"""What the log odds of a span from elsewhere lose where the days asked for have an answer.

Chosen on the reports of `seeds/`, whose figures change from day to day; not measured. It only
lowers.
"""


@dataclass(frozen=True, slots=True)
class When:
    """What a question asks for: one of these periods, in the words that say so."""

    periods: tuple[Period, ...]
    words: str

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
        dates = find_dates(passage.text, 0, len(passage.text))
        words = [passage.text[start:end] for start, end in dates]
        # "Friday" is in reports of days that lie all around it.
        days = [day_of(each, passage.date) for each in words if read_named(each) is not None]
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
    found = [(each, period_of(each, days)) for each in asked]
    periods = dict.fromkeys(period for _, period in found if period is not None)
    words = " ".join(question[each.start : each.end] for each, period in found if period)
    return When(tuple(periods), words) if periods else None


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
