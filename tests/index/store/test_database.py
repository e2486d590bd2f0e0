import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect

from index.errors import HomeUnusable
from index.store import schema
from index.store.database import Database
from index.store.delete import delete_document
from index.store.lookup import count_documents, list_documents
from index.types import Filter
from retrieval.conversation.store import create_conversation, list_conversations
from tests.factories import store, stored_passage_ids
from tests.fakes import HashEncoder

TO_THE_SECOND = (
    "DROP TABLE seen_files",
    "DROP TABLE near_duplicates",
    "DROP TABLE story_keys",
    "DROP TABLE job_files",
    "DROP TABLE jobs",
    "DROP INDEX documents_by_original",
    "DROP TABLE parts",
    "DROP TABLE page_boxes",
    *(f"ALTER TABLE documents DROP COLUMN {name}" for name in ("title_evidence", "author", "url")),
    "ALTER TABLE documents DROP COLUMN original",
    "DROP TABLE originals",
)
"""What takes a database back to the tables of revision 0002."""


def change(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(statement)
    connection.close()


def test_a_database_opened_again_is_the_same_one(home: Path, encoder: HashEncoder) -> None:
    path = home / "dateline.sqlite3"
    first = Database(path)
    stored = store(first, encoder, "Rain fell.")
    first.close()
    second = Database(path)
    assert (second.id, second.generation()) == (first.id, 1)
    with second.read() as connection:
        assert [found.id for found in list_documents(connection, Filter())] == [stored.document_id]
    second.close()


def test_two_new_databases_have_different_ids(tmp_path: Path) -> None:
    one, other = Database(tmp_path / "a.sqlite3"), Database(tmp_path / "b.sqlite3")
    assert one.id != other.id
    one.close()
    other.close()


def test_two_threads_may_open_a_new_database_at_once(home: Path) -> None:
    opened: list[Database] = []

    def open_it() -> None:
        opened.append(Database(home / "dateline.sqlite3"))

    run(open_it, open_it)
    assert len(opened) == 2
    assert opened[0].id == opened[1].id
    for database in opened:
        database.close()


def test_two_threads_write_without_losing_anything(
    database: Database, encoder: HashEncoder
) -> None:
    def write(name: str) -> None:
        for number in range(10):
            store(database, encoder, f"Report {number} of {name}.")

    run(lambda: write("one"), lambda: write("other"))
    assert database.generation() == 20
    assert stored_passage_ids(database) == list(range(1, 21))


def test_two_threads_storing_the_same_bytes_make_one_document(
    database: Database, encoder: HashEncoder
) -> None:
    def write(name: str) -> None:
        for number in range(10):
            store(database, encoder, f"Report {number}.", source=f"/{name}/{number}.txt")

    run(lambda: write("one"), lambda: write("other"))
    with database.read() as connection:
        found = list_documents(connection, Filter())
    assert [len(document.sources) for document in found] == [2] * 10


def test_a_reader_sees_one_state_while_a_writer_goes_on(
    database: Database, encoder: HashEncoder
) -> None:
    with database.read() as connection:
        assert list_documents(connection, Filter()) == []
        store(database, encoder, "Rain fell.")
        assert list_documents(connection, Filter()) == []
    with database.read() as connection:
        assert len(list_documents(connection, Filter())) == 1


def test_a_snapshot_stands_still_until_it_ends(database: Database, encoder: HashEncoder) -> None:
    with database.snapshot() as seen:
        store(database, encoder, "One report.")
        assert (database.generation(), seen.generation()) == (1, 0)
        with seen.read() as one, seen.snapshot() as same, same.read() as other:
            assert one is other
            assert count_documents(one, Filter()) == 0
        store(seen, encoder, "What is written through it is not seen either.")
        assert (database.generation(), seen.generation()) == (2, 0)
        assert (database.is_snapshot, seen.is_snapshot) == (False, True)
    with database.snapshot() as seen:
        assert seen.generation() == 2


def test_any_number_of_snapshots_may_read_beside_themselves(database: Database) -> None:
    many = 20
    all_there = threading.Barrier(many)

    def look() -> int:
        with database.snapshot() as seen:
            all_there.wait(20)
            # As a search with a filter does: through a connection of its own.
            return database.generation() + seen.generation()

    with ThreadPoolExecutor(many) as pool:
        assert [task.result(20) for task in [pool.submit(look) for _ in range(many)]] == [0] * many


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(schema.collections.insert().values(name="a", created_at=""))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), database.write() as connection:
        fail(connection)
    with database.read() as connection:
        assert connection.execute(schema.collections.select()).all() == []


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "dateline.sqlite3"
    content = b"This is a letter, not a database. " * 100
    path.write_bytes(content)
    with pytest.raises(HomeUnusable) as caught:
        Database(path)
    assert str(path) in str(caught.value)
    assert "--home" in str(caught.value)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "dateline.sqlite3"
    change(path, "CREATE TABLE documents (mine TEXT)")
    with pytest.raises(HomeUnusable, match="documents already exists"):
        Database(path)
    connection = sqlite3.connect(path)
    tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert tables == [("documents",)]


def test_a_home_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HomeUnusable):
        Database(tmp_path / "file" / "dateline.sqlite3")


def test_a_newer_datelines_database_is_refused(home: Path) -> None:
    path = home / "dateline.sqlite3"
    Database(path).close()
    change(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(HomeUnusable, match="newer Dateline"):
        Database(path)


WITHOUT_PLACES = (
    "DROP TABLE parts",
    "DROP TABLE page_boxes",
    "ALTER TABLE documents DROP COLUMN title_evidence",
    "ALTER TABLE documents DROP COLUMN author",
    "ALTER TABLE documents DROP COLUMN url",
)


def test_a_database_of_the_first_dateline_gets_the_later_tables_and_keeps_its_reports(
    home: Path, encoder: HashEncoder
) -> None:
    path = home / "dateline.sqlite3"
    first = Database(path)
    stored = store(first, encoder, "Rain fell.")
    first.close()
    for statement in (
        *TO_THE_SECOND,
        "DROP TABLE turns",
        "DROP TABLE conversations",
        "UPDATE alembic_version SET version_num = '0001'",
    ):
        change(path, statement)
    second = Database(path)
    with second.read() as connection:
        assert [found.id for found in list_documents(connection, Filter())] == [stored.document_id]
        assert inspect(connection).has_table("turns")
    assert (second.id, second.generation()) == (first.id, 1)
    second.close()


def test_a_database_from_before_uploads_keeps_its_reports_and_conversations(
    home: Path, encoder: HashEncoder
) -> None:
    path = home / "dateline.sqlite3"
    first = Database(path)
    stored = store(first, encoder, "Rain fell.")
    with first.write() as connection:
        conversation = create_conversation(connection, "Weather")
    first.close()
    for statement in (
        *TO_THE_SECOND,
        "UPDATE alembic_version SET version_num = '0002'",
    ):
        change(path, statement)
    second = Database(path)
    with second.read() as connection:
        [found] = list_documents(connection, Filter())
        assert (found.id, found.has_original) == (stored.document_id, False)
        assert list_conversations(connection) == [conversation]
    assert stored_passage_ids(second) == [1]
    delete_document(second, stored.document_id)
    second.close()


def test_another_encoders_vectors_are_refused(database: Database) -> None:
    database.use_encoder("one")
    database.use_encoder("one")
    with pytest.raises(HomeUnusable) as caught:
        database.use_encoder("other")
    assert "vectors of the encoder one, not of other" in str(caught.value)


def test_migrations_make_the_tables_of_the_schema(database: Database) -> None:
    made = create_engine("sqlite://")
    schema.metadata.create_all(made)
    with database.read() as connection, made.connect() as wanted:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
        assert describe(connection) == describe(wanted)
        assert context.get_current_revision() == schema.REVISION
    made.dispose()


def describe(connection: Connection) -> dict[str, object]:
    """Columns, keys and indexes of every table, for comparison."""
    found = inspect(connection)
    return {
        name: (
            [{**column, "type": str(column["type"])} for column in found.get_columns(name)],
            found.get_pk_constraint(name),
            sorted(found.get_foreign_keys(name), key=str),
            sorted(found.get_unique_constraints(name), key=str),
            sorted(found.get_indexes(name), key=str),
        )
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def run(*tasks: object) -> None:
    """Run the tasks in threads side by side; what one raises is raised here."""
    failures: list[BaseException] = []

    def guarded(task: object) -> None:
        try:
            task()  # type: ignore[operator]
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]


def test_a_writer_that_waits_in_vain_says_so_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.database.BUSY_SECONDS", 0.05)
    database = Database(tmp_path / "dateline.sqlite3")
    with (
        database.write(),
        pytest.raises(HomeUnusable, match="database is locked"),
        database.write(),
    ):
        pass
    assert database.generation() == 0
    database.close()


def test_a_lost_state_row_is_named_with_its_mend(tmp_path: Path) -> None:
    path = tmp_path / "dateline.sqlite3"
    database = Database(path)
    change(path, "DELETE FROM state")
    with pytest.raises(HomeUnusable, match=r"is damaged.*backup"):
        database.generation()
    database.close()
    with pytest.raises(HomeUnusable, match=r"is damaged.*backup"):
        Database(path)


def test_damaged_pages_are_named_with_their_mend(tmp_path: Path, encoder: HashEncoder) -> None:
    path = tmp_path / "dateline.sqlite3"
    database = Database(path)
    for number in range(20):
        store(database, encoder, f"The river rose at place {number}. " * 60)
    database.close()
    connection = sqlite3.connect(path)
    (root,) = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'passages'"
    ).fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xa5" * size)
    database = Database(path)
    with pytest.raises(HomeUnusable, match=r"is damaged.*backup"):
        stored_passage_ids(database)
    database.close()


def test_only_the_owner_may_read_the_home_and_the_database(tmp_path: Path) -> None:
    path = tmp_path / "home" / "dateline.sqlite3"
    database = Database(path)
    modes = [each.stat().st_mode & 0o077 for each in (path.parent, *path.parent.glob("*.sqlite3*"))]
    database.close()
    assert len(modes) >= 2
    path.chmod(0o644)
    Database(path).close()
    assert not any(modes[:2])
    assert path.stat().st_mode & 0o077 == 0
