"""Word files as Word shows them: each word once, each value under its own heading."""

import datetime
from pathlib import Path

import pytest

from index.formats.office.docx import read
from index.formats.types import Extracted, Reading

FIXTURES = Path(__file__).parents[1] / "fixtures" / "office"


def read_file(name: str) -> Extracted:
    [found] = read((FIXTURES / name).read_bytes(), Reading(name))
    return found


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (
            "colspan-in-row.docx",
            [
                "Harbour: Lomsund; Herring (tonnes): no landing; Cod (tonnes): no landing; "
                "Shrimp (tonnes): 42"
            ],
        ),
        ("span-header.docx", ["Name: Eide; Contact: 5512; eide@x.no"]),
        ("row-starts-late.docx", ["Morning: Brandt; Evening: Holm"]),
        (
            "two-row-header.docx",
            ["Harbour: Skarnes; Herring (tonnes) 2022: 120; Herring (tonnes) 2023: 95"],
        ),
        ("rows-in-content-control.docx", ["Village: Brenna; Houses damaged: 14"]),
        ("nested.docx", ["Station: Skarnes", "Name: Havlyn; Crew: five"]),
    ],
)
def test_a_value_stands_under_its_own_heading(name: str, rows: list[str]) -> None:
    blocks = read_file(name).text.split("\n\n")
    assert [row for row in rows if row not in blocks] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nested.docx", "Havlyn"),
        ("box.docx", "Water is fetched from the well by the gate."),
        ("word-online.docx", "The board met on 6 May 2024"),
        ("altchunk.docx", "The night ferry to Lomsund is suspended"),
        ("numbered.docx", "2. The rent is due on 1 March."),
        ("tracked.docx", "Payment starts in September 2024."),
        ("tracked.docx", "6,500 crowns"),
        ("raised.docx", "A split run 3 x 10\u00b9\u00b2 litres."),
        ("raised.docx", "B minus split 10\u207b\u2076 m."),
        ("raised.docx", "C two notes in 1987 it ended."),
        ("raised.docx", "D inserted 10\u2076 cells."),
        ("raised.docx", "E powers 2\u00b9\u2070 is 1024."),
        ("raised.docx", "F by style 10\u2076 cells."),
        ("raised.docx", "G rate 5 sec\u207b\u00b9 now."),
        ("raised.docx", "H raised 10\u2076 cells."),
        ("raised.docx", "I link in 2019 it fell."),
        ("raised.docx", "J fraction 10^6.5 cells."),
        ("exponent.docx", "3 x 10\u2076 cubic metres"),
        ("exponent.docx", "finished in 1987 and"),
    ],
)
def test_what_word_shows_is_there_once(name: str, words: str) -> None:
    assert read_file(name).text.count(words) == 1


@pytest.mark.parametrize("words", ["4,000", "Hegra", "9,999"])
def test_what_was_deleted_or_hidden_is_not_there(words: str) -> None:
    assert words not in read_file("tracked.docx").text


def test_the_page_header_says_the_day() -> None:
    found = read_file("header.docx")
    assert (found.date, found.date_evidence) == (datetime.date(2024, 5, 9), "header")
