from __future__ import annotations

from collections.abc import Callable

import pytest

from index.store.database import Database
from index.store.lookup import get_passages
from index.types import Passage
from retrieval.answers.weigh import add_report_names
from tests.factories import store, stored_passage_ids
from tests.fakes import HashEncoder

ELSEWHERE = "The river rose by four metres. " * 30
REPORTS = [
    f"Unrest spread in Kazakhstan.\n\n{ELSEWHERE}\n\nCars were burned in Almaty.",
    "Cars were burned in Lima.",
]


@pytest.fixture
def named(database: Database, encoder: HashEncoder) -> Callable[[str], list[tuple[str, str]]]:
    """What is read of the passages on cars: their titles and texts."""
    for text in REPORTS:
        store(database, encoder, text, title="A report")

    def read(question: str) -> list[tuple[str, str]]:
        with database.read() as connection:
            found = get_passages(connection, stored_passage_ids(database))
        passages: list[Passage] = [each for each in found.values() if "Cars" in each.text]
        read_as = add_report_names(question, passages, database)
        assert [each.text for each in read_as] == [each.text for each in passages]
        return [(each.title, each.text.split()[-1]) for each in read_as]

    return read


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("How many cars burned in Kazakhstan?", ["Kazakhstan. A report", "A report"]),
        ("How many cars burned in KAZAKHSTAN?", ["KAZAKHSTAN. A report", "A report"]),
        ("How many cars burned in Almaty?", ["A report", "A report"]),  # the passage says so
        ("How many cars burned in Peru?", ["A report", "A report"]),  # no report does
        ("How many cars burned in K2?", ["A report", "A report"]),
        ("How many cars burned?", ["A report", "A report"]),
        ("Unrest?", ["A report", "A report"]),  # no name: it opens the question
    ],
)
def test_a_name_that_the_report_has_elsewhere_stands_before_the_title(
    named: Callable[[str], list[tuple[str, str]]], question: str, titles: list[str]
) -> None:
    assert named(question) == list(zip(titles, ["Almaty.", "Lima."], strict=True))
