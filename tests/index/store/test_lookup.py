import datetime

import pytest

from index.errors import UnknownDocument
from index.store import lookup
from index.store.database import Database
from index.store.lookup import (
    count_documents,
    find_passage,
    get_document,
    get_documents,
    get_passages,
    get_text,
    list_documents,
    passage_ranges,
    report_days,
)
from index.types import Filter
from tests.factories import store, stored_passage_ids
from tests.fakes import HashEncoder

REPORTS = {
    "one": ("news", datetime.date(2022, 1, 5)),
    "two": ("news", datetime.date(2022, 1, 7)),
    "three": ("news", None),
    "four": ("briefings", datetime.date(2022, 1, 6)),
    "five": ("briefings", datetime.date(2022, 1, 6)),
}


def day(number: int) -> datetime.date:
    return datetime.date(2022, 1, number)


@pytest.fixture
def ids(database: Database, encoder: HashEncoder) -> dict[str, str]:
    return {
        name: store(
            database, encoder, f"Report number {name}.", collection=collection, date=date
        ).document_id
        for name, (collection, date) in REPORTS.items()
    }


def test_the_days_of_reports_are_told_once_and_in_order(
    database: Database, ids: dict[str, str]
) -> None:
    with database.read() as connection:
        assert report_days(connection, Filter()) == [day(5), day(6), day(7)]
        assert report_days(connection, Filter(since=day(6), collection="news")) == [day(7)]
        assert report_days(connection, Filter(collection="none")) == []


@pytest.mark.parametrize(
    ("limit", "names"),
    [
        (Filter(), {"one", "two", "three", "four", "five"}),
        (Filter(collection="news"), {"one", "two", "three"}),
        (Filter(collection="none"), set()),
        (Filter(since=day(6)), {"two", "four", "five"}),
        (Filter(until=day(6)), {"one", "four", "five"}),
        (Filter(since=day(6), until=day(6)), {"four", "five"}),
        (Filter("news", day(1), day(31)), {"one", "two"}),
        (Filter(since=day(8)), set()),
        (Filter(since=datetime.date.min, until=datetime.date.max), set(REPORTS) - {"three"}),
    ],
)
def test_a_filter_lets_pass_what_it_says(
    database: Database, ids: dict[str, str], limit: Filter, names: set[str]
) -> None:
    with database.read() as connection:
        found = {document.id for document in list_documents(connection, limit)}
        assert found == {ids[name] for name in names}
        assert count_documents(connection, limit) == len(names)
        ranges = passage_ranges(connection, limit)
        allowed = {first + number for first, count in ranges for number in range(count)}
        passages = get_passages(connection, stored_passage_ids(database))
    assert allowed == {number for number, each in passages.items() if each.document_id in found}


def test_documents_come_newest_first_then_by_id_and_undated_last(
    database: Database, ids: dict[str, str]
) -> None:
    with database.read() as connection:
        found = [document.id for document in list_documents(connection, Filter())]
    tied = sorted([ids["four"], ids["five"]])
    assert found == [ids["two"], *tied, ids["one"], ids["three"]]


def test_a_list_can_be_read_in_pages(database: Database, ids: dict[str, str]) -> None:
    with database.read() as connection:
        whole = list_documents(connection, Filter())
        pages = [list_documents(connection, Filter(), count=2, offset=at) for at in (0, 2, 4, 6)]
    assert [document for page in pages for document in page] == whole
    assert [len(page) for page in pages] == [2, 2, 1, 0]


def test_one_document_is_found_by_its_id(database: Database, ids: dict[str, str]) -> None:
    with database.read() as connection:
        document = get_document(connection, ids["one"])
        assert get_text(connection, document.id) == "Report number one."
    assert (document.collection, document.date) == REPORTS["one"]


def test_an_unknown_document_is_told(database: Database) -> None:
    with database.read() as connection:
        with pytest.raises(UnknownDocument, match="doc_0"):
            get_document(connection, "doc_0")
        with pytest.raises(UnknownDocument, match="doc_0"):
            get_text(connection, "doc_0")


def test_what_is_not_there_is_left_out(database: Database, ids: dict[str, str]) -> None:
    with database.read() as connection:
        assert get_documents(connection, [ids["one"], "doc_0", ids["one"]]).keys() == {ids["one"]}
        assert get_passages(connection, [1, 999]).keys() == {1}
        assert get_passages(connection, []) == {}


def test_more_ids_than_one_query_takes(
    database: Database, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "_CHUNK", 2)
    with database.read() as connection:
        assert get_documents(connection, ids.values()).keys() == set(ids.values())
        assert len(get_passages(connection, range(10))) == 5
        assert all(document.sources for document in list_documents(connection, Filter()))


def test_the_passage_around_a_quote_is_found(database: Database, encoder: HashEncoder) -> None:
    rain = "\U0001f600 It rained on and on in the valley. " * 60
    text = f"{rain}The dyke broke on Tuesday. {rain}"
    document_id = store(database, encoder, text).document_id
    quote = "broke on Tuesday"
    start = text.index(quote)
    end = start + len(quote)
    with database.read() as connection:
        found = find_passage(connection, document_id, start, end)
        assert found is not None
        assert found.text == text[found.start : found.end] != text
        assert found.text[start - found.start : end - found.start] == quote
        assert find_passage(connection, document_id, found.start, found.end) == found
        # What two passages share between them is in neither.
        assert find_passage(connection, document_id, 0, len(text)) is None
        assert find_passage(connection, "doc_0", start, end) is None
