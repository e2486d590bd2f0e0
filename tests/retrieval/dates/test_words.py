import datetime

import pytest

from retrieval.dates.words import Named, read_named


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("2022-01-05", Named(2022, 1, 5)),
        ("5 January 2022", Named(2022, 1, 5)),
        ("January 5, 2022", Named(2022, 1, 5)),
        ("Tuesday, 14 March", Named(None, 3, 14)),
        ("the 14th of march", Named(None, 3, 14)),
        ("Jan. 5th", Named(None, 1, 5)),
        ("sept 3", Named(None, 9, 3)),
        ("March 1987", Named(1987, 3, None)),
        ("march of 1987", Named(1987, 3, None)),
        ("May", Named(None, 5, None)),
        ("1987", Named(1987, None, None)),
        ("8", Named(None, None, 8)),
        ("8, 2022", Named(2022, None, 8)),
        ("Tuesday", None),
        ("32 January", None),
        ("on 5 January", None),
        ("1,200", None),
        ("", None),
    ],
)
def test_a_date_is_read(words: str, named: Named | None) -> None:
    assert read_named(words) == named


def test_the_days_that_are_named() -> None:
    day = datetime.date
    assert Named(2022, 1, 5).days(1900) == (day(2022, 1, 5), day(2022, 1, 5))
    assert Named(None, 2, None).days(2024) == (day(2024, 2, 1), day(2024, 2, 29))
    assert Named(1987, None, None).days(1900) == (day(1987, 1, 1), day(1987, 12, 31))
    assert Named(None, 2, 29).days(2023) is None
    assert Named(2023, 13, 1).days(2023) is None
