"""CSV as spreadsheet programs write it: each value under its own heading."""

from pathlib import Path

import pytest

from index.formats.tables import delimited
from index.formats.types import Extracted, Reading

FIXTURES = Path(__file__).parents[1] / "fixtures" / "tables"


def read_rows(name: str) -> list[str]:
    found = delimited.read((FIXTURES / name).read_bytes(), Reading(name))
    return [each.text for each in found if isinstance(each, Extracted)]


@pytest.mark.parametrize("name", ["sep.csv", "title-above.csv"])
def test_what_stands_above_the_header_is_no_header(name: str) -> None:
    assert read_rows(name) == [
        "Village: Brenna; Wells: 4; Closed: 1",
        "Village: Hegra; Wells: 7; Closed: 0",
    ]


def test_semicolons_and_western_bytes_are_read() -> None:
    assert read_rows("bom.csv") == ["Village: Brenna; Wells: 4", "Village: Hegra; Wells: 7"]
    assert read_rows("semi-bom-cp1252.csv")[0] == "Ort: Brännå; Brunnen: 4; Preis: 1.250,50"


def test_a_title_with_commas_does_not_choose_the_delimiter() -> None:
    content = b"Wells of Orsa, 2024\nVillage;Wells\nBrenna;4\nHegra;7\n"
    found = [x for x in delimited.read(content, Reading("w.csv")) if isinstance(x, Extracted)]
    assert [each.text for each in found] == [
        "Village: Brenna; Wells: 4",
        "Village: Hegra; Wells: 7",
    ]
