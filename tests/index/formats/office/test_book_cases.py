"""Books and text documents of which a part is missing or set apart."""

import datetime
from pathlib import Path

from index.formats.office import epub, odt
from index.formats.types import Extracted, Found, Reading, Unreadable

FIXTURES = Path(__file__).parents[1] / "fixtures" / "office"


def read_book(name: str) -> list[Found]:
    return list(epub.read((FIXTURES / name).read_bytes(), Reading(name)))


def test_a_missing_chapter_is_told_and_the_rest_read() -> None:
    book, missing = read_book("missing.epub")
    assert isinstance(book, Extracted)
    assert "Berit Sol" in book.text
    assert isinstance(missing, Unreadable)
    assert missing.member == "OEBPS/gone.xhtml"


def test_a_document_type_without_entities_keeps_no_book_from_being_read() -> None:
    [book] = read_book("doctype.epub")
    assert isinstance(book, Extracted)
    assert "Berit Sol" in book.text


def test_of_several_dates_the_publication_counts() -> None:
    [book] = read_book("dates.epub")
    assert isinstance(book, Extracted)
    assert book.date == datetime.date(1926, 10, 2)


def test_words_of_boxes_and_lists_do_not_run_together() -> None:
    name = "box-and-list.odt"
    [found] = odt.read((FIXTURES / name).read_bytes(), Reading(name))
    assert "Water comes from the well. Power comes from a generator." in found.text
    assert "Kit: Stoves Blankets Lamps" in found.text
