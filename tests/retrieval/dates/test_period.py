import datetime

import pytest

from retrieval.dates.in_questions import find_asked
from retrieval.dates.period import Period, period_of
from retrieval.dates.say import say_period

DAYS = [
    datetime.date.fromisoformat(day)
    for day in ("2022-01-05", "2023-03-14", "2023-03-15", "2023-03-17", "2023-03-19")
]


def understood(question: str, days: list[datetime.date] = DAYS) -> str | None:
    """The periods as a reply says them; None if the question names none."""
    found = [period_of(asked, days) for asked in find_asked(question)]
    return " and ".join(say_period(each) for each in found if each is not None) or None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        # A day's news is in the reports of three days more, but of none that is yet to come.
        ("on 5 January 2022", "of 5 to 8 January 2022"),
        ("on 30 December 2021", "of 30 December 2021 to 2 January 2022"),
        ("on 30 January 2022", "of 30 January to 2 February 2022"),
        ("on March 18, 2023", "of 18 to 19 March 2023"),
        # A year left out is the newest with reports of the day, else the newest that had begun.
        ("on January 5", "of 5 to 8 January 2022"),
        ("on January 2", "of 2 to 5 January 2022"),
        ("in january", "of January 2022"),
        ("in march", "of March 2023"),
        ("on December 25", "of 25 to 28 December 2022"),
        ("on 29 February", "of 29 February to 3 March 2020"),
        ("since March", "since 1 March 2023"),
        ("after 14 March", "since 15 March 2023"),
        ("before 5 January", "until 4 January 2022"),
        ("until 15 March", "until 15 March 2023"),
        ("by 30 June", "until 30 June 2023"),
        ("in 1987", "of 1987"),
        ("in the 1990s", "of 1 January 1990 to 31 December 1999"),
        ("in the 1640's", "of 1 January 1640 to 31 December 1649"),
        ("between March 1 and March 10", "of 1 to 13 March 2023"),
        ("between March 1 and 10, 1987", "of 1 to 13 March 1987"),
        ("from 5 to 8 January", "of 5 to 11 January 2022"),
        ("from November to February", "of 1 November 2021 to 28 February 2022"),
        ("from November 2022 to February", "of 1 November 2022 to 28 February 2023"),
        ("from November to February 1987", "of 1 November 1986 to 28 February 1987"),
        ("from 14 March to yesterday", "of 14 to 19 March 2023"),
        ("in the first week of March 1987", "of 1 to 10 March 1987"),
        ("in the last week of 1987", "of 25 December 1987 to 3 January 1988"),
        ("in the last week of March 2022", "of 25 March to 3 April 2022"),
        ("in the week of March 15", "of 13 to 19 March 2023"),
        ("today", "of 19 March 2023"),
        ("yesterday", "of 18 to 19 March 2023"),
        ("last Friday", "of 17 to 19 March 2023"),
        ("this week", "of 13 to 19 March 2023"),
        ("last week", "of 6 to 15 March 2023"),
        ("this month", "of March 2023"),
        ("last month", "of February 2023"),
        ("last year", "of 2022"),
        ("over the last three days", "of 17 to 19 March 2023"),
        ("in the past week", "of 13 to 19 March 2023"),
        ("on 5 January and on 14 March", "of 5 to 8 January 2022 and of 14 to 17 March 2023"),
        ("on Tuesday", "of 14 to 17 March 2023"),
        ("since Friday", "since 17 March 2023"),
        ("next Monday", "of 20 March 2023"),
        ("two days ago", "of 17 to 19 March 2023"),
        ("a week ago", "of 6 to 15 March 2023"),
        ("14 months ago", "of January 2022"),
        ("ten years ago", "of 2013"),
        ("next month", "of April 2023"),
        ("at the weekend", "of 18 to 19 March 2023"),
        ("last weekend", "of 11 to 15 March 2023"),
        ("next weekend", "of 25 to 26 March 2023"),
        ("in the first quarter of 1987", "of 1 January to 31 March 1987"),
        ("in Q4 1986", "of 1 October to 31 December 1986"),
        ("in the first quarter", "of 1 January to 31 March 2023"),
        ("last quarter", "of 1 October to 31 December 2022"),
        ("in spring 2022", "of 1 March to 31 May 2022"),
        ("in the winter of 2022", "of 1 December 2021 to 28 February 2022"),
        ("last summer", "of 1 June to 31 August 2022"),
        ("next summer", "of 1 June to 31 August 2023"),
        ("in mid-March", "of 11 to 20 March 2023"),
        ("at the end of January", "of 21 January to 3 February 2022"),
        ("in early 1987", "of 1 January to 30 April 1987"),
        ("in late 1987", "of 1 September to 31 December 1987"),
        ("on 31 February", None),
        ("between 5 and 10 people", None),
        ("between March 10 2023 and March 1 2023", None),
    ],
)
def test_a_period_is_understood_by_the_reports_there_are(words: str, said: str | None) -> None:
    assert understood(f"What happened {words}?") == said


def test_without_dated_reports_no_period_is_understood() -> None:
    assert understood("What happened on 5 January 2022?", []) is None


def test_a_pile_of_1987_has_its_today_in_1987() -> None:
    days = [datetime.date(1987, 3, 1), datetime.date(1987, 10, 20)]
    assert understood("What fell today?", days) == "of 20 October 1987"
    assert understood("What fell in March?", days) == "of March 1987"


def test_a_report_of_the_days_after_tells_of_a_day_but_does_not_hold_it() -> None:
    day = datetime.date(2022, 1, 5)
    period = Period(day, day, day + datetime.timedelta(days=3))
    later = day + datetime.timedelta(days=3)
    assert (period.has(later), period.holds(later), period.holds(day)) == (True, False, True)
    assert not period.has(later + datetime.timedelta(days=1))
    assert not period.has(None)
    assert Period(None, day, day).has(datetime.date.min)
    assert Period(day, None, None).holds(datetime.date.max)


@pytest.mark.parametrize("day", [datetime.date.min, datetime.date.max])
@pytest.mark.parametrize(
    "words",
    [
        *("before 0001-01-01", "after 9999-12-31", "on 9999-12-31", "yesterday", "last year"),
        *("in the last 999 years", "in the week of 0001-01-01", "on January 5", "last week"),
        *("since March", "on 29 February", "from November to February", "in the 2000s"),
    ],
)
def test_the_calendar_has_an_end(words: str, day: datetime.date) -> None:
    understood(f"What happened {words}?", [day])
