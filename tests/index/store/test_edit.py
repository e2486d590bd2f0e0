import datetime
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from index.errors import HomeUnusable, UnknownDocument
from index.passages import embedded_texts
from index.search.search_index import LocalSearchIndex
from index.store import schema
from index.store.database import Database
from index.store.delete import delete_document
from index.store.edit import Edit, edit_document
from index.store.lookup import get_document, get_text
from index.types import Document, Filter, Vectors
from tests.factories import assert_follows, store
from tests.fakes import HashEncoder

DAY = datetime.date(2023, 3, 14)
LONG = "The river rose by four metres on Monday. " * 40


class CountingEncoder(HashEncoder):
    """Keeps what it was asked to embed."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().embed_passages(texts)


def read(database: Database, document_id: str) -> Document:
    with database.read() as connection:
        return get_document(connection, document_id)


def assert_vectors_fit(database: Database, encoder: HashEncoder, document_id: str) -> None:
    """Each passage has the vector of its text after the document's title and date as they are."""
    found = read(database, document_id)
    passage, vector = schema.passages, schema.vectors
    with database.read() as connection:
        text = get_text(connection, document_id)
        rows = connection.execute(
            select(passage.c.start, passage.c.end, passage.c.text, vector.c.vector)
            .join(vector, vector.c.passage_id == passage.c.id)
            .where(passage.c.document_id == document_id)
            .order_by(passage.c.id)
        ).all()
    assert len(rows) == found.passages
    for row in rows:
        assert text[row.start : row.end] == row.text
        [whole] = embedded_texts([row.text], found.title, found.date, encoder)
        wanted = encoder.embed_question(whole)
        assert np.array_equal(np.frombuffer(row.vector, dtype="<f4"), wanted)


def test_title_and_date_are_changed_with_their_vectors(
    database: Database, index: LocalSearchIndex, encoder: HashEncoder
) -> None:
    other = store(database, encoder, "A fire burned.", title="Fire").document_id
    stored = store(database, encoder, LONG, title="A report").document_id
    index.catch_up()
    before = read(database, stored)
    edit_document(database, encoder, stored, Edit("Flood in Ustrel", DAY, has_date=True))
    index.catch_up()
    found = read(database, stored)
    assert (found.title, found.date, found.date_evidence) == ("Flood in Ustrel", DAY, "given")
    assert (found.characters, found.sha256) == (before.characters, before.sha256)
    assert_vectors_fit(database, encoder, stored)
    assert_vectors_fit(database, encoder, other)
    assert_follows(index, database)
    # Words of the new title are found and those of the old are not; its date counts.
    assert len(index.lexical({"ustrel": 1.0}, 20, Filter())) == found.passages
    assert index.lexical({"report": 1.0}, 20, Filter()) == []
    in_march = Filter(since=DAY, until=DAY)
    assert len(index.lexical({"river": 1.0}, 20, in_march)) == found.passages
    assert len(index.dense(encoder.embed_question("river"), 20, in_march)) == found.passages


def test_an_index_that_is_built_afresh_is_the_same(
    database: Database, index: LocalSearchIndex, encoder: HashEncoder, home: Path
) -> None:
    stored = store(database, encoder, LONG).document_id
    index.catch_up()
    edit_document(database, encoder, stored, Edit(title="Flood in Ustrel"))
    index.catch_up()
    fresh = LocalSearchIndex(database, encoder, home / "fresh")
    assert fresh.passage_ids() == index.passage_ids()
    question = encoder.embed_question("Ustrel")
    found = index.dense(question, 5, Filter())
    assert found
    assert fresh.dense(question, 5, Filter()) == found
    assert fresh.lexical({"ustrel": 1.0}, 5, Filter()) == index.lexical(
        {"ustrel": 1.0}, 5, Filter()
    )


def test_only_that_documents_passages_are_embedded(database: Database) -> None:
    encoder = CountingEncoder()
    store(database, encoder, "A fire burned.")
    stored = store(database, encoder, LONG)
    encoder.asked.clear()
    edit_document(database, encoder, stored.document_id, Edit(title="Flood in Ustrel"))
    assert len(encoder.asked) == read(database, stored.document_id).passages
    assert all(text.startswith("Flood in Ustrel. The river") for text in encoder.asked)


def test_a_passage_that_reads_the_same_is_not_embedded(database: Database) -> None:
    # It holds the title itself, before and after.
    encoder = CountingEncoder()
    stored = store(database, encoder, "Fire in Ustrel. It burned.", title="Fire")
    encoder.asked.clear()
    edit_document(database, encoder, stored.document_id, Edit(title="Fire in Ustrel"))
    assert encoder.asked == []
    assert read(database, stored.document_id).title == "Fire in Ustrel"
    assert_vectors_fit(database, encoder, stored.document_id)


def test_what_is_not_named_stays(database: Database, encoder: HashEncoder) -> None:
    stored = store(database, encoder, LONG, title="Flood", date=DAY).document_id
    edit_document(database, encoder, stored, Edit(title="Flood in Ustrel"))
    assert read(database, stored).date == DAY
    edit_document(database, encoder, stored, Edit(has_date=True))
    found = read(database, stored)
    assert (found.title, found.date, found.date_evidence) == ("Flood in Ustrel", None, None)
    assert_vectors_fit(database, encoder, stored)


def test_an_edit_that_changes_nothing_is_no_change(
    database: Database, encoder: HashEncoder
) -> None:
    stored = store(database, encoder, LONG, title="Flood", date=DAY).document_id
    generation = database.generation()
    edit_document(database, encoder, stored, Edit("Flood", DAY, has_date=True))
    assert database.generation() == generation


def test_an_edit_is_made_whole_or_not_at_all(
    database: Database, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = store(database, encoder, LONG, title="Flood").document_id
    before = read(database, stored), database.generation()

    def fail(*_: object) -> None:
        raise OSError("the disk is away")

    with monkeypatch.context() as patch:
        patch.setattr("index.store.edit.insert_passages", fail)
        with pytest.raises(OSError, match="the disk is away"):
            edit_document(database, encoder, stored, Edit(title="Fire"))
    assert (read(database, stored), database.generation()) == before
    assert_vectors_fit(database, encoder, stored)


def test_two_edits_at_once_are_both_made(database: Database) -> None:
    class Meddling(HashEncoder):
        """While it embeds for the first time, somebody else gives the document a date."""

        has_met = False

        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            if not self.has_met:
                self.has_met = True
                edit_document(database, HashEncoder(), stored, Edit(date=DAY, has_date=True))
            return super().embed_passages(texts)

    stored = store(database, HashEncoder(), LONG, title="Flood").document_id
    edit_document(database, Meddling(), stored, Edit(title="Fire"))
    found = read(database, stored)
    assert (found.title, found.date) == ("Fire", DAY)
    assert_vectors_fit(database, HashEncoder(), stored)


def test_a_document_deleted_meanwhile_stays_deleted(database: Database) -> None:
    class Deleting(HashEncoder):
        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            delete_document(database, stored)
            return super().embed_passages(texts)

    stored = store(database, HashEncoder(), LONG).document_id
    with pytest.raises(UnknownDocument):
        edit_document(database, Deleting(), stored, Edit(title="Fire"))
    with pytest.raises(UnknownDocument):
        read(database, stored)


def test_an_unknown_document_and_another_encoder_are_refused(
    database: Database, encoder: HashEncoder
) -> None:
    with pytest.raises(UnknownDocument):
        edit_document(database, encoder, "doc_0", Edit(title="Fire"))
    stored = store(database, encoder, LONG).document_id
    database.use_encoder(encoder.fingerprint)
    with pytest.raises(HomeUnusable):
        edit_document(database, HashEncoder(dimensions=32), stored, Edit(title="Fire"))
