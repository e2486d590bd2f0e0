"""Workbooks as their sheets show them."""

from pathlib import Path

import pytest

from index.formats.tables import xlsx
from index.formats.types import Extracted, Reading

FIXTURES = Path(__file__).parents[1] / "fixtures" / "tables"


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("percent.xlsx", "District: North; Turnout: 62.5%; Cost: $1,250.50; Held on: 2024-05-05"),
        ("strict.xlsx", "Village: Brenna; Wells: 4; Closed: 1"),
        (
            "formulas.xlsx",
            "Village: Brenna; Wells: 4; Closed: 1; Open: (formula, never calculated)",
        ),
    ],
)
def test_a_row_says_what_the_sheet_shows(name: str, row: str) -> None:
    found = xlsx.read((FIXTURES / name).read_bytes(), Reading(name))
    assert row in [each.text for each in found if isinstance(each, Extracted)]
