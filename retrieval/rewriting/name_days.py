"""Name the day that a follow-up counts from the one before: "and the day after?", "on Friday?"."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from contextlib import suppress

from index.store.database import Database
from index.types import Filter
from retrieval.dates.in_questions import COUNT
from retrieval.dates.period import count_of
from retrieval.dates.prefer import understand_dates
from retrieval.dates.say import long_day
from retrieval.dates.words import WEEKDAY
from retrieval.types import Turn

_ENDS = r"(?=\s*(?:[?.!,;]|$))"
_STEP = re.compile(
    r"(?:\bon\s+)?\b(?:(?:the\s+)?(?P<which>next|following|previous)\s+day"
    r"|the\s+day\s+(?P<side>after|before)"
    rf"|(?P<count>an?|one|{COUNT})\s+(?P<unit>day|week)s?\s+(?P<way>earlier|later|before|after))"
    rf"(?:\s+that)?{_ENDS}",
    re.IGNORECASE,
)
_BACK = {"previous", "before", "earlier"}
_WEEKDAY_ALONE = re.compile(
    rf"\s*(?P<lead>(?:(?:and|but|ok|so)\s+)?(?:(?:what|how)\s+about\s+)?)(?:on\s+)?"
    rf"(?P<day>{WEEKDAY}){_ENDS}[?.!\s]*",
    re.IGNORECASE,
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNIT_DAYS = {"day": 1, "week": 7}


def name_days(question: str, history: Sequence[Turn], limit: Filter, database: Database) -> str:
    """The question with the day named that it counts from the one last spoken of.

    That is the last day that the question before asks for, else the day that its answer says. A
    weekday that is all there is to the question is the one nearest to that day. As it is where no
    such day is known.
    """
    step, weekday = _STEP.search(question), _WEEKDAY_ALONE.fullmatch(question)
    if not history or not (step or weekday):
        return question
    day = _last_day(history[-1], limit, database)
    with suppress(OverflowError):
        if day is not None and step is not None:
            named = long_day(day + _days(step) * datetime.timedelta(days=1))
            return f"{question[: step.start()]}on {named}{question[step.end() :]}"
        if day is not None and weekday is not None:
            ahead = (_DAYS.index(weekday["day"][:3].casefold()) - day.weekday() + 3) % 7 - 3
            return f"{weekday['lead']}on {long_day(day + ahead * datetime.timedelta(days=1))}?"
    return question


def _last_day(last: Turn, limit: Filter, database: Database) -> datetime.date | None:
    when = understand_dates(last.standalone or last.question, limit, database)
    asked = None if when is None else when.periods[-1].last
    return asked or last.day


def _days(step: re.Match[str]) -> int:
    count = count_of(step["count"]) * _UNIT_DAYS[step["unit"].casefold()] if step["count"] else 1
    said = (step["which"] or step["side"] or step["way"]).casefold()
    return -count if said in _BACK else count
