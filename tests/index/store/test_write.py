import datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from sqlalchemy import select

from index.errors import InvalidCollection, UnknownDocument
from index.store import schema
from index.store.collections import list_names
from index.store.database import Database
from index.store.delete import delete_document
from index.store.lookup import count_documents, get_document, get_passages, get_text, list_documents
from index.store.write import document_id, is_stored
from index.types import Document, Filter
from tests.factories import awkward_texts, make_report, store, stored_passage_ids
from tests.fakes import HashEncoder

RAIN = "Rain fell on the valley. The river rose."
FIRE = "A fire burned down a mill. Nobody was hurt."
LONG = "The river rose by four metres on Monday. " * 40


def documents(database: Database, limit: Filter | None = None) -> list[Document]:
    with database.read() as connection:
        return list_documents(connection, limit or Filter())


def rows(database: Database, table: str) -> int:
    with database.read() as connection:
        return len(connection.execute(select(schema.metadata.tables[table])).all())


def test_a_stored_report_is_one_document_with_its_source(
    database: Database, encoder: HashEncoder
) -> None:
    day = datetime.date(2022, 1, 5)
    stored = store(database, encoder, RAIN, source="/a.txt", title="Rain", date=day)
    assert stored.status == "added"
    (found,) = documents(database)
    assert found.id == stored.document_id
    assert (found.title, found.date, found.sources) == ("Rain", day, ("/a.txt",))
    assert (found.characters, found.passages, found.collection) == (len(RAIN), 1, "default")


def test_the_same_bytes_twice_are_one_document_with_two_sources(
    database: Database, encoder: HashEncoder
) -> None:
    first = store(database, encoder, RAIN, source="/b.txt")
    second = store(database, encoder, RAIN, source="/a.txt")
    assert (second.status, second.document_id) == ("unchanged", first.document_id)
    (found,) = documents(database)
    assert found.sources == ("/a.txt", "/b.txt")
    assert len(stored_passage_ids(database)) == found.passages


def test_storing_again_changes_nothing(database: Database, encoder: HashEncoder) -> None:
    store(database, encoder, RAIN, source="/a.txt")
    generation = database.generation()
    assert store(database, encoder, RAIN, source="/a.txt").status == "unchanged"
    assert database.generation() == generation


def test_a_changed_file_replaces_its_document_whole(
    database: Database, encoder: HashEncoder
) -> None:
    old = store(database, encoder, LONG, source="/a.txt")
    before = stored_passage_ids(database)
    assert len(before) > 1
    new = store(database, encoder, FIRE, source="/a.txt")
    assert new.status == "replaced"
    (found,) = documents(database)
    assert (found.id, found.sources) == (new.document_id, ("/a.txt",))
    assert not set(before) & set(stored_passage_ids(database))
    assert rows(database, "vectors") == rows(database, "passages") == found.passages
    with database.read() as connection, pytest.raises(UnknownDocument):
        get_text(connection, old.document_id)


def test_a_change_at_one_of_two_sources_keeps_the_other_document(
    database: Database, encoder: HashEncoder
) -> None:
    old = store(database, encoder, RAIN, source="/a.txt")
    store(database, encoder, RAIN, source="/b.txt")
    new = store(database, encoder, FIRE, source="/a.txt")
    assert new.status == "replaced"
    sources = {found.id: found.sources for found in documents(database)}
    assert sources == {old.document_id: ("/b.txt",), new.document_id: ("/a.txt",)}


def test_a_source_that_takes_on_another_documents_bytes_joins_it(
    database: Database, encoder: HashEncoder
) -> None:
    store(database, encoder, RAIN, source="/a.txt")
    fire = store(database, encoder, FIRE, source="/b.txt")
    assert store(database, encoder, FIRE, source="/a.txt").status == "replaced"
    (found,) = documents(database)
    assert (found.id, found.sources) == (fire.document_id, ("/a.txt", "/b.txt"))


def test_a_change_back_and_forth_ends_where_it_began(
    database: Database, encoder: HashEncoder
) -> None:
    first = store(database, encoder, RAIN, source="/a.txt")
    store(database, encoder, FIRE, source="/a.txt")
    again = store(database, encoder, RAIN, source="/a.txt")
    assert again.document_id == first.document_id
    assert [found.id for found in documents(database)] == [first.document_id]


def test_ids_depend_on_the_bytes_and_the_collection_only(
    database: Database, encoder: HashEncoder
) -> None:
    stored = store(database, encoder, RAIN)
    digest = make_report(RAIN).sha256
    assert stored.document_id == document_id("default", digest) == "doc_a2b12a0b4db05d36"
    assert document_id("other", digest) != stored.document_id


def test_each_collection_has_its_own_document_of_the_same_bytes(
    database: Database, encoder: HashEncoder
) -> None:
    one = store(database, encoder, RAIN, source="/a.txt")
    other = store(database, encoder, RAIN, source="/a.txt", collection="other")
    assert one.document_id != other.document_id
    assert other.status == "added"
    store(database, encoder, FIRE, source="/a.txt", collection="other")
    kept = documents(database, Filter(collection="default"))
    assert [found.id for found in kept] == [one.document_id]
    with database.read() as connection:
        assert list_names(connection) == ["default", "other"]


@given(awkward_texts())
@settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_text_and_passages_come_back_as_they_were(
    database: Database, encoder: HashEncoder, text: str
) -> None:
    assume("\0" not in text and text.strip())
    stored = store(database, encoder, text)
    with database.read() as connection:
        assert get_text(connection, stored.document_id) == text
        document = get_document(connection, stored.document_id)
        assert document.characters == len(text)
        found = get_passages(connection, stored_passage_ids(database)).values()
    own = [passage for passage in found if passage.document_id == stored.document_id]
    assert len(own) == document.passages
    assert all(text[passage.start : passage.end] == passage.text for passage in own)


def test_a_passage_has_the_vector_of_its_context_and_text(
    database: Database, encoder: HashEncoder
) -> None:
    store(database, encoder, RAIN, title="Flood")
    with database.read() as connection:
        blob = connection.execute(select(schema.vectors.c.vector)).scalar_one()
    vector = np.frombuffer(blob, dtype="<f4")
    assert np.array_equal(vector, encoder.embed_question(f"Flood. {RAIN}"))


def test_is_stored_knows_the_bytes_of_a_source(database: Database, encoder: HashEncoder) -> None:
    stored = store(database, encoder, RAIN, source="/a.txt")
    rain, fire = make_report(RAIN).sha256, make_report(FIRE).sha256
    assert is_stored(database, "default", "/a.txt", rain) == stored.document_id
    assert is_stored(database, "default", "/a.txt", fire) is None
    assert is_stored(database, "default", "/b.txt", rain) is None
    assert is_stored(database, "other", "/a.txt", rain) is None


@pytest.mark.parametrize("name", ["", "a b", "-a", "_a", "a/b", "a" * 65, "a\n", "\u200b"])
def test_a_name_that_no_collection_may_have_stores_nothing(
    database: Database, encoder: HashEncoder, name: str
) -> None:
    with pytest.raises(InvalidCollection):
        store(database, encoder, RAIN, collection=name)
    assert database.generation() == 0
    with database.read() as connection:
        assert count_documents(connection, Filter()) == 0


@pytest.mark.parametrize("name", ["a", "2022", "news.de-at_1", "\u65b0\u805e", "a" * 64])
def test_a_collection_may_have_this_name(
    database: Database, encoder: HashEncoder, name: str
) -> None:
    assert store(database, encoder, RAIN, collection=name).status == "added"


def test_a_failure_in_the_middle_stores_nothing(database: Database, encoder: HashEncoder) -> None:
    class NotFinite(HashEncoder):
        def embed_passages(self, texts: object) -> object:
            return [None]

    with pytest.raises(AttributeError):
        store(database, NotFinite(), RAIN)
    assert database.generation() == 0
    assert [rows(database, table) for table in ("documents", "passages", "collections")] == [0] * 3


def test_a_deleted_document_leaves_nothing_behind(database: Database, encoder: HashEncoder) -> None:
    gone = store(database, encoder, LONG, source="/a.txt")
    store(database, encoder, LONG, source="/b.txt")
    kept = store(database, encoder, FIRE)
    delete_document(database, gone.document_id)
    assert [found.id for found in documents(database)] == [kept.document_id]
    assert rows(database, "sources") == rows(database, "passages") == 1
    assert rows(database, "vectors") == 1
    assert rows(database, "deletions") == 1
    assert database.generation() == 3


def test_deleting_what_is_not_there_says_so_and_changes_nothing(
    database: Database, encoder: HashEncoder
) -> None:
    stored = store(database, encoder, RAIN)
    delete_document(database, stored.document_id)
    with pytest.raises(UnknownDocument, match=stored.document_id):
        delete_document(database, stored.document_id)
    assert database.generation() == 2


def test_passage_ids_are_never_given_twice(database: Database, encoder: HashEncoder) -> None:
    stored = store(database, encoder, LONG)
    before = stored_passage_ids(database)
    delete_document(database, stored.document_id)
    again = store(database, encoder, LONG)
    assert again.document_id == stored.document_id
    assert min(stored_passage_ids(database)) > max(before)
