import datetime

import pytest

from retrieval.dates.in_reports import LONGEST, day_of, only_day

WEDNESDAY = datetime.date(2023, 3, 15)


@pytest.mark.parametrize(
    ("words", "before", "day"),
    [
        ("Tuesday", "It broke on ", "2023-03-14"),
        ("Tuesday evening", "He was found on ", "2023-03-14"),
        ("Wednesday", "Police said on ", "2023-03-15"),
        ("Thursday", "It began on ", "2023-03-09"),
        ("last Wednesday", "It began ", "2023-03-08"),
        ("last Friday", "", "2023-03-10"),
        ("next Friday", "The inquiry opens ", "2023-03-17"),
        ("Friday", "She closed all schools until ", "2023-03-17"),
        ("Wednesday", "He must report by ", "2023-03-22"),
        ("Friday", "The town will vote on ", None),
        ("Friday", "The town will vote. He left on ", "2023-03-10"),
        ("this Friday", "It opens ", None),
        ("today", "", "2023-03-15"),
        ("Yesterday", "", "2023-03-14"),
        ("yesterday morning", "", "2023-03-14"),
        ("tomorrow", "", "2023-03-16"),
        ("this morning", "", "2023-03-15"),
        ("last night", "", "2023-03-14"),
        ("tonight", "", "2023-03-15"),
        ("two days ago", "It broke on Monday, not ", "2023-03-13"),
        ("3 days earlier", "It broke on 14 March; it had rained ", "2023-03-11"),
        ("two days later", "It broke on 2 March and was mended ", "2023-03-04"),
        ("The next day", "It broke on 2 March. ", "2023-03-03"),
        ("the previous day", "", "2023-03-14"),
        ("last week", "", None),
        ("this year", "", None),
        ("Earlier that day", "It lost a pier on Tuesday. ", "2023-03-14"),
        ("Earlier that day", "Lorries drove. ", "2023-03-15"),
        ("the same day", "It broke on 2 March. On ", "2023-03-02"),
        ("earlier this\nmorning", "", "2023-03-15"),
        ("March 2", "", "2023-03-02"),
        ("30 December", "", "2022-12-30"),
        ("14 March 2021", "", "2021-03-14"),
        ("29 February", "", "2024-02-29"),
        ("31 June 2023", "", None),
        ("March", "", None),
        ("2022", "", None),
        ("dawn", "", None),
    ],
)
def test_words_mean_a_day_by_the_reports(words: str, before: str, day: str | None) -> None:
    found = day_of(words, WEDNESDAY, before)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize("words", ["Tuesday", "today", "January 2", "earlier that day"])
def test_without_the_reports_day_it_cannot_be_told(words: str) -> None:
    assert day_of(words, None, "On 5 January 2022 ") is None


def test_the_calendar_has_an_end() -> None:
    assert day_of("tomorrow", datetime.date.max) is None
    assert day_of("yesterday", datetime.date.min) is None
    assert day_of("January 2", datetime.date.min) == datetime.date(1, 1, 2)


def test_a_day_named_in_full_needs_no_report() -> None:
    assert day_of("5 January 2022", None) == datetime.date(2022, 1, 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4.20 a.m. on Tuesday", "2023-03-14"),
        ("Monday and Tuesday", None),
        ("Tuesday, 14 March, Tuesday", "2023-03-14"),
        ("the old mill", None),
        ("the Sunday Times", None),
        ("Good Friday", None),
        ("USA Today", None),
        ("Tuesday GMT", "2023-03-14"),
        ("after the river broke its dyke and rose on Tuesday", None),
    ],
)
def test_a_text_that_says_one_day_and_little_else(text: str, day: str | None) -> None:
    found = only_day(f"So: {text}.", 4, 4 + len(text), WEDNESDAY)
    assert (found.isoformat() if found else None) == day
    assert found is None or len(text) <= LONGEST
