import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from index.store import near_duplicates, schema
from index.store.database import Database
from index.store.delete import delete_document
from index.store.lookup import get_document
from index.store.near_duplicates import duplicates_of
from tests.factories import store, stored_passage_ids
from tests.fakes import HashEncoder
from tests.index.store.test_same_story import make_text

FULL = " ".join(make_text(120)) + "."
CUT = " ".join(make_text(120)[:80]) + "."
NOTED = "By our correspondent. " + FULL
OTHER = " ".join(make_text(120, seed=5)) + "."
TEXTS = (FULL, CUT, NOTED, OTHER)


def count(database: Database, table: str) -> int:
    with database.read() as connection:
        return connection.execute(
            select(func.count()).select_from(schema.metadata.tables[table])
        ).scalar_one()


def duplicates(database: Database, document_id: str) -> set[str]:
    with database.read() as connection:
        return set(get_document(connection, document_id).duplicates)


def test_each_of_three_papers_that_print_a_story_knows_the_other_two(
    database: Database, encoder: HashEncoder
) -> None:
    full, cut, noted, other = (store(database, encoder, text).document_id for text in TEXTS)
    assert duplicates(database, full) == {cut, noted}
    assert duplicates(database, cut) == {full, noted}
    assert duplicates(database, noted) == {full, cut}
    assert duplicates(database, other) == set()


def test_a_story_of_another_collection_is_no_duplicate(
    database: Database, encoder: HashEncoder
) -> None:
    one = store(database, encoder, FULL, collection="press").document_id
    other = store(database, encoder, FULL, collection="wire").document_id
    assert duplicates(database, one) == duplicates(database, other) == set()


def test_a_deleted_report_is_nobodys_duplicate_and_leaves_no_key(
    database: Database, encoder: HashEncoder
) -> None:
    full, cut = (store(database, encoder, text).document_id for text in (FULL, CUT))
    delete_document(database, full)
    assert duplicates(database, cut) == set()
    delete_document(database, cut)
    assert count(database, "story_keys") == count(database, "near_duplicates") == 0


def test_a_replaced_report_is_the_duplicate_of_what_it_is_now(
    database: Database, encoder: HashEncoder
) -> None:
    cut = store(database, encoder, CUT).document_id
    store(database, encoder, OTHER, source="/a.txt")
    now = store(database, encoder, FULL, source="/a.txt").document_id
    assert duplicates(database, cut) == {now}
    store(database, encoder, OTHER, source="/a.txt")
    assert duplicates(database, cut) == set()


def test_a_form_that_very_many_reports_share_is_not_compared_with_all_of_them(
    database: Database, encoder: HashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_duplicates, "CROWD", 3)
    # The same words, and so the same keys, in other bytes.
    ids = [store(database, encoder, FULL + "!" * times).document_id for times in range(5)]
    assert duplicates(database, ids[0]) == {ids[1], ids[2]}
    assert duplicates(database, ids[4]) == set()


def test_reports_that_were_there_before_are_compared_when_the_tables_are_made(
    home: Path, encoder: HashEncoder
) -> None:
    path = home / "dateline.sqlite3"
    first = Database(path)
    full, cut = (store(first, encoder, text).document_id for text in (FULL, CUT))
    first.close()
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("DROP TABLE seen_files")
        connection.execute("DROP TABLE near_duplicates")
        connection.execute("DROP TABLE story_keys")
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
    connection.close()
    second = Database(path)
    assert duplicates(second, full) == {cut}
    delete_document(second, full)
    assert duplicates(second, cut) == set()
    second.close()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=10))
def test_pairs_are_those_of_what_is_stored_whatever_came_and_went(
    database: Database, encoder: HashEncoder, steps: list[tuple[int, bool]]
) -> None:
    there: dict[int, str] = {}
    for number, adds in steps:
        if adds:
            there[number] = store(database, encoder, TEXTS[number]).document_id
        elif number in there:
            delete_document(database, there.pop(number))
    story = {number: each for number, each in there.items() if number != 3}
    with database.read() as connection:
        found = duplicates_of(connection, there.values())
    wanted = {each: tuple(sorted(set(story.values()) - {each})) for each in story.values()}
    assert found == {each: others for each, others in wanted.items() if others}
    for each in there.values():
        delete_document(database, each)
    assert count(database, "story_keys") == 0
    assert stored_passage_ids(database) == []
