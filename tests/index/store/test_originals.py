import datetime
import hashlib
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from index.errors import OriginalNotKept, UnknownDocument
from index.ingest import ingest
from index.search.search_index import LocalSearchIndex
from index.store import schema
from index.store.database import Database
from index.store.delete import delete_document
from index.store.originals import get_original
from index.types import Original
from tests.factories import store
from tests.fakes import HashEncoder

AWKWARD = b"\xef\xbb\xbfRain\r\nfell.\r\r\n\xe2\x80\xa8 "


class Home:
    """Ingests files into a database."""

    def __init__(self, folder: Path, database: Database, index: LocalSearchIndex) -> None:
        self.folder = folder
        self.database = database
        self.index = index

    def ingest(self, name: str, content: bytes, collection: str = "default") -> str:
        """Write a file, ingest it, and return its document's id."""
        path = self.folder / name
        path.write_bytes(content)
        [outcome] = ingest(
            [path],
            database=self.database,
            encoder=HashEncoder(),
            index=self.index,
            collection=collection,
            today=datetime.date(2024, 6, 15),
        )
        assert outcome.document_id is not None
        return outcome.document_id

    def original(self, document_id: str) -> Original:
        with self.database.read() as connection:
            return get_original(connection, document_id)

    def count(self) -> int:
        with self.database.read() as connection:
            query = select(func.count()).select_from(schema.originals)
            return int(connection.execute(query).scalar_one())


@pytest.fixture
def reports(tmp_path: Path, database: Database, index: LocalSearchIndex) -> Home:
    return Home(tmp_path, database, index)


def test_an_ingested_files_bytes_are_kept_to_the_byte(reports: Home) -> None:
    found = reports.original(reports.ingest("a.md", AWKWARD))
    assert found == Original("a.md", "text/markdown", AWKWARD, hashlib.sha256(AWKWARD).hexdigest())


def test_the_same_bytes_are_kept_once_and_go_with_their_last_document(reports: Home) -> None:
    one = reports.ingest("a.txt", AWKWARD, "one")
    other = reports.ingest("b.txt", AWKWARD, "other")
    assert one != other
    assert reports.count() == 1
    delete_document(reports.database, one)
    assert reports.original(other).content == AWKWARD
    delete_document(reports.database, other)
    assert reports.count() == 0
    with pytest.raises(UnknownDocument):
        reports.original(other)


def test_a_changed_files_old_bytes_go_with_the_document_that_it_replaces(reports: Home) -> None:
    reports.ingest("a.txt", b"Rain fell.")
    new = reports.ingest("a.txt", b"Snow fell.")
    assert reports.original(new).content == b"Snow fell."
    assert reports.count() == 1


def test_a_report_from_before_originals_were_kept_gets_its_own_when_ingested_again(
    reports: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = reports.ingest("a.txt", AWKWARD)
    with reports.database.write() as connection:
        connection.execute(update(schema.documents).values(original=None))
        connection.execute(schema.originals.delete())
    with pytest.raises(OriginalNotKept, match="ingest or upload the same file again"):
        reports.original(found)
    # Nothing else is done again.
    monkeypatch.setattr(HashEncoder, "embed_passages", None)
    assert reports.ingest("a.txt", AWKWARD) == found
    assert reports.original(found).content == AWKWARD


def test_a_report_that_never_was_a_file_has_no_original(
    database: Database, encoder: HashEncoder
) -> None:
    stored = store(database, encoder, "Rain fell.")
    with pytest.raises(OriginalNotKept), database.read() as connection:
        get_original(connection, stored.document_id)
    delete_document(database, stored.document_id)
