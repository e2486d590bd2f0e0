import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.metadata.report_date import (
    ReportDate,
    find_report_date,
    read_front_matter,
    skip_leading_dates,
)

TODAY = datetime.date(2024, 6, 15)
FIFTH = datetime.date(2022, 1, 5)
# Draws what the rules look for far more often than plain text would.
FRAGMENTS = (
    *("2022-01-05", "20220105", "5 January 2022", "Jan. 5, 2022", "1/13/2022", "31.02.2022"),
    *(
        "9999-12-31",
        "0000-00-00",
        "5 May - 7 May 2022",
        "\u017fept 5, 2022",
        "T10:00Z",
        " 10:30 a.m.",
    ),
    *("date ", "Date: ", "Updated ", "date: ", "title: ", "---\n", "\n", "\n\n", " - ", ", ", "# "),
    *("5-", "to ", "of ", "KYIV, ", "\ufeff", "\u0661", "2022"),
)
PIECES = st.lists(
    st.one_of(
        st.sampled_from(FRAGMENTS),
        st.text(max_size=8),
    ),
    max_size=30,
).map("".join)


def day_in(text: str, *, today: datetime.date = TODAY) -> datetime.date | None:
    found = find_report_date(text, file_name=None, modified=None, today=today)
    assert found is None or found.evidence == "text"
    return None if found is None else found.day


@pytest.mark.parametrize(
    "written",
    [
        "2022-01-05",
        "2022-01-05T10:00Z",
        "2022-01-05T10:00:00.000+06:00",
        "2022-01-05 10:00",
        "2022.01.05",
        "2022/01/05",
        "2022/1/5",
        "January 5, 2022",
        "JANUARY 5, 2022",
        "january 5 2022",
        "Jan. 5, 2022",
        "Jan 5 2022",
        "Jan 5th, 2022",
        "5 January 2022",
        "5 jan 2022",
        "5th of January 2022",
        "5-Jan-2022",
        "05.01.2022",
        "5.1.2022",
        "Wednesday, 5 January 2022",
        "Wed, 5 Jan 2022 10:00:00 +0600",
        "January 5, 2022 at 10:30 a.m. EST",
        "5\u00a0January\u00a02022",
    ],
)
@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "{} Patrols disappear",
        "date {} Patrols disappear",
        "Headline\n\nByline\n\nIn\n\n{}\n\n",
    ],
)
def test_every_way_to_write_a_date_is_read(written: str, frame: str) -> None:
    assert day_in(frame.format(written)) == FIFTH


@pytest.mark.parametrize("month", ["Sep", "Sept", "Sept.", "September", "SEPT"])
def test_september_has_two_abbreviations(month: str) -> None:
    assert day_in(f"{month} 9, 2021") == datetime.date(2021, 9, 9)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1/13/2022", datetime.date(2022, 1, 13)),
        ("13/1/2022", datetime.date(2022, 1, 13)),
        ("5/5/2022", datetime.date(2022, 5, 5)),
        ("Date: 13/01/2022", datetime.date(2022, 1, 13)),
        ("05/01/2022", None),
        ("Date: 05/01/2022", None),
        ("13/14/2022", None),
    ],
)
def test_day_and_month_in_figures_are_read_only_if_they_cannot_be_swapped(
    text: str, day: datetime.date | None
) -> None:
    assert day_in(text) == day


@pytest.mark.parametrize(
    "text",
    [
        " date 2022-01-05 Patrols of security officials have disappeared",
        "\ufeff\n\n2022-01-05 patrols have gone",
        "Patrols disappear\nDate: 5 January 2022\nText.",
        "Patrols disappear\n**Date:** 20220105\n",
        "Published: January 5, 2022 | Updated: January 6, 2022",
        "Updated: January 6, 2022 | Published: January 5, 2022",
        "Patrols By John Smith Published: 5 Jan 2022 10:30 Updated: 6 Jan 2022",
        "Updated January 5, 2022 By John Smith",
        "Last updated:\n5 January 2022",
        "Published on 5 January 2022\nPatrols",
        "Date of publication: 5 January 2022",
        "6 January 2022\nRelease date: 5 January 2022",
        "| Date | 2022-01-05 |\n",
        "From: A\nDate: Wed, 5 Jan 2022 10:00:00 +0600\nSubject: B 6 January 2022",
        "A\nB\nC\nD\nE\nF\n- Date: 2022-01-05\n",
        "KYIV, January 5, 2022 \u2014 Patrols have gone.",
        "Headline\n\nBy John Smith\n\nALMATY (Reuters), Jan. 5, 2022 - Patrols have gone.",
        "RIO DE JANEIRO 5 January 2022 (AP) Patrols",
        "Situation report of 5 January 2022",
        "Weekly bulletin: 5 January 2022\n",
        "Situation Report No. 12 - 5 January 2022\n",
        "Unrest in Almaty, 5 January 2022 | Reuters",
        "Unrest in Almaty (5 January 2022)\n\nPatrols have gone.",
        "By John Smith, January 5, 2022\r\n\r\nPatrols",
        "# 5 January 2022: patrols",
        "2022-02-30\n5 January 2022",
        "date 2022-13-01 Published: 5 January 2022",
    ],
)
def test_a_date_where_reports_bear_theirs_is_the_reports(text: str) -> None:
    assert day_in(text) == FIFTH


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Patrols have disappeared from the streets.",
        "The law of 12 May 1998 was repealed on Monday.",
        "The law of 12 May 1998",
        "Headline\nByline\nThe law of 12 May 1998 says so.\nIt holds.",
        "On January 5, 2022, patrols left.",
        "On Jan. 5, 2022 - a Wednesday - patrols left.",
        "January 5, 2022 was a cold day.",
        "January 5, 2022, the day of the unrest, was cold.",
        "5 January 2022's events",
        "Headline\n\nByline\n\n12 May 1998 Law on Weapons is in force.",
        "Issued on 12 May 1998, the decree holds.",
        "A book published 5 January 1998 says so.",
        "Due date: 5 January 2022 and more text follows here",
        "Name: A\nDate of birth: 12 May 1950 (Almaty)",
        "Period ended December 31, 1986",
        "Bonds due March 1, 1992",
        "January 5",
        "5 January, Almaty",
        "January 2022",
        "20220105 Patrols",
        "1234-5678-2022-01-05-99",
        "192.168.1.2022",
        "https://example.com/2022/01/05/patrols.html",
        "Weekly report, 3 January 2022 - 9 January 2022",
        "3 to 9 January 2022",
        "Date: 3-9 January 2022",
        "2022-01-03/2022-01-09",
        "January 3 - January 9, 2022",
        "Chronology\n12 May 1998 - The law\n13 May 1999 - The decree",
        "2022-02-30",
        "31.04.2022",
        "2022-00-10",
        "0000-01-01",
        "date 1449-12-31",
        "3022-01-05",
        "word " * 200 + "\n2022-01-05\n",
    ],
)
def test_a_date_of_something_else_is_not_the_reports(text: str) -> None:
    assert day_in(text) is None


@pytest.mark.parametrize(("days", "read"), [(0, True), (1, True), (2, False)])
def test_a_report_is_at_most_one_day_ahead_of_today(days: int, read: bool) -> None:
    day = TODAY + datetime.timedelta(days)
    assert day_in(f"date {day.isoformat()} Patrols") == (day if read else None)


def test_the_last_day_of_the_calendar_can_be_today() -> None:
    assert day_in("9999-12-31", today=datetime.date.max) == datetime.date.max


def test_a_date_that_begins_in_the_head_is_read_whole_and_one_after_it_is_not() -> None:
    for shift in range(-30, 1):
        text = "x" * (600 + shift - 1) + "\n2022-01-15\n"
        assert day_in(text) == (datetime.date(2022, 1, 15) if shift < 0 else None)


@pytest.mark.parametrize(
    ("front", "day"),
    [
        ("date: 2022-01-05", FIFTH),
        ("Date: '2022-01-05T10:00:00Z'", FIFTH),
        ('title: A\ndate: "January 5, 2022"', FIFTH),
        ("date: 20220105", FIFTH),
        ("updated: 2023-01-01\npublished: 2022-01-05", FIFTH),
        ("updated: 2022-01-05\ntags:\n  - a", FIFTH),
        ("title: The plan of 5 January 2022", datetime.date(2023, 3, 3)),
        ("date: soon", datetime.date(2023, 3, 3)),
        ("date: 2999-01-01", datetime.date(2023, 3, 3)),
    ],
)
def test_front_matter_comes_before_the_body(front: str, day: datetime.date) -> None:
    assert day_in(f"\ufeff---\r\n{front}\r\n---\r\n\r\nDate: 3 March 2023\r\n") == day


def test_front_matter_gives_its_fields_and_where_the_body_starts() -> None:
    text = "---\nTitle: 'A: b'\ndate: 2022-01-05\nlist:\n  - x\n---\nBody"
    fields, start = read_front_matter(text)
    assert fields == {"title": "A: b", "date": "2022-01-05"}
    assert text[start:] == "Body"


@pytest.mark.parametrize(
    "text", ["---\nNo field\n---\nBody", "---\nkey: open", "----\na: b\n---\n"]
)
def test_a_rule_is_no_front_matter(text: str) -> None:
    assert read_front_matter(text) == ({}, 0)


@pytest.mark.parametrize(
    "name",
    [
        "kazakhstan-2022-01-05.txt",
        "20220105_report.txt",
        "report_2022_01_05.md",
        "2022-01-05.txt",
        "2022.01.05.txt",
        "report 5 January 2022.txt",
        "report-5-Jan-2022.md",
        "05.01.2022.txt",
        "2019-01-01/report-2022-01-05.txt",
        "C:\\2019-01-01\\report-2022-01-05.txt",
        "2022-01-05-2022-01-05.txt",
        "2022-02-30_2022-01-05.txt",
    ],
)
def test_a_file_name_dates_a_report_whose_text_does_not(name: str) -> None:
    earlier = datetime.date(2023, 1, 1)
    found = find_report_date("Patrols.", file_name=name, modified=earlier, today=TODAY)
    assert found == ReportDate(FIFTH, "file name")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "report.txt",
        "120220105.txt",
        "202201051.txt",
        "12022-01-05.txt",
        "20220105101500.txt",
        "2022-01-3.txt",
        "20221305.txt",
        "30220105.txt",
        "2022-01-03_2022-01-09.txt",
        "2022-01-05/report.txt",
    ],
)
def test_other_figures_in_a_file_name_are_no_date(name: str) -> None:
    assert find_report_date("", file_name=name, modified=None, today=TODAY) is None


def test_the_text_is_stronger_evidence_than_the_file_name() -> None:
    found = find_report_date("2022-01-05", file_name="2021-01-01.txt", modified=None, today=TODAY)
    assert found == ReportDate(FIFTH, "text")


@pytest.mark.parametrize(
    ("modified", "found"),
    [
        (FIFTH, ReportDate(FIFTH, "file modified")),
        (TODAY, None),
        (TODAY + datetime.timedelta(1), None),
        (datetime.date(1970, 1, 1), None),
        (datetime.date(1980, 1, 1), None),
        (None, None),
    ],
)
def test_a_modification_day_counts_only_before_today(
    modified: datetime.date | None, found: ReportDate | None
) -> None:
    assert find_report_date("", file_name="a.txt", modified=modified, today=TODAY) == found


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("date 2022-01-05 Patrols", "Patrols"),
        ("2022-01-05: Patrols", "Patrols"),
        ("Published: 5 Jan 2022 | Updated: 6 Jan 2022 | Patrols", "Patrols"),
        ("5 January 2022 \u2014 Patrols", "Patrols"),
        ("5 January 2022 was cold", "5 January 2022 was cold"),
        ("20220105 Patrols", "20220105 Patrols"),
        ("Date palms", "Date palms"),
        ("2022-02-30 Patrols", "2022-02-30 Patrols"),
        ("", ""),
    ],
)
def test_dates_in_front_of_a_line_are_skipped(line: str, left: str) -> None:
    assert line[skip_leading_dates(line) :] == left


@given(
    text=st.one_of(st.text(), PIECES),
    name=st.none() | st.text() | PIECES,
    modified=st.none() | st.dates(),
    today=st.dates(),
)
@example(text="\ud800 2022-01-05", name="\udcff", modified=None, today=datetime.date.min)
def test_no_text_raises_and_no_day_is_made_up(
    text: str, name: str | None, modified: datetime.date | None, today: datetime.date
) -> None:
    found = find_report_date(text, file_name=name, modified=modified, today=today)
    if found is not None:
        assert datetime.date(1450, 1, 1) <= found.day
        assert (found.day - today).days <= 1
    if found is not None and found.evidence == "file modified":
        assert found.day == modified
        assert found.day < today


@given(text=PIECES, tail=st.text())
def test_nothing_after_the_head_matters(text: str, tail: str) -> None:
    head = text + "\n" + "x" * 5000 + "\n"
    assert day_in(head) == day_in(head + tail)


@given(day=st.dates(min_value=datetime.date(1450, 1, 1), max_value=TODAY))
def test_every_day_since_1450_is_read_as_written(day: datetime.date) -> None:
    for written in ("{0:%Y-%m-%d}", "{0.day} {0:%B} {0:%Y}", "{0:%b}. {0.day}, {0:%Y}"):
        assert day_in(f"Date: {written.format(day)}\nPatrols") == day
