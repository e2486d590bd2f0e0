import datetime

import pytest

from retrieval.dates.in_questions import Asked, is_in_figures, readings

NEWEST = datetime.date(2023, 3, 19)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("5/1/2022", ["2022-01-05", "2022-05-01"]),
        ("05.01.2022", ["2022-01-05", "2022-05-01"]),
        ("14/3/2023", ["2023-03-14"]),
        ("3-14-2023", ["2023-03-14"]),
        ("2/2/2022", ["2022-02-02"]),
        ("31/31/2022", []),
        ("20/10/87", ["1987-10-20"]),
        ("14/3/23", ["2023-03-14"]),
    ],
)
def test_both_orders_are_read_where_both_are_days(words: str, days: list[str]) -> None:
    asked = Asked(0, len(words), "in", words)
    assert is_in_figures(asked)
    assert [each.first for each in readings(asked, NEWEST)] == days


def test_both_ends_of_a_range_are_read_alike() -> None:
    asked = Asked(0, 20, "to", "5/1/2022", "14/1/2022")
    assert [(each.first, each.last) for each in readings(asked, NEWEST)] == [
        ("2022-01-05", "2022-01-14")
    ]


def test_iso_dates_leave_nothing_open() -> None:
    assert not is_in_figures(Asked(0, 10, "in", "2022-01-05"))
