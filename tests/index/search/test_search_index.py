import datetime
import shutil
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from index.errors import HomeUnusable
from index.search.search_index import DOCUMENT_SHARE, LocalSearchIndex
from index.store.database import Database
from index.store.delete import delete_document
from index.types import Filter, Scored
from tests.factories import assert_follows, store, stored_passage_ids
from tests.fakes import HashEncoder

LONG = "The river rose by four metres on Monday. " * 40
QUESTION = "When did the river rise?"


def open_index(database: Database, encoder: HashEncoder, home: Path) -> LocalSearchIndex:
    return LocalSearchIndex(database, encoder, home / "cache")


def search_both(
    index: LocalSearchIndex, encoder: HashEncoder, limit: Filter | None = None
) -> tuple[list[Scored], list[Scored]]:
    limit = limit or Filter()
    vector = encoder.embed_question(QUESTION)
    return index.dense(vector, 50, limit), index.lexical(index.words(QUESTION), 50, limit)


def assert_same(one: LocalSearchIndex, other: LocalSearchIndex, encoder: HashEncoder) -> None:
    """Both find the same; BM25 is left out, as tantivy counts deleted passages until it merges."""
    (dense, lexical), (wanted, lexical_wanted) = (search_both(i, encoder) for i in (one, other))
    assert dense == wanted
    assert {hit.passage_id for hit in lexical} == {hit.passage_id for hit in lexical_wanted}


def fill(database: Database, encoder: HashEncoder, count: int = 8) -> list[str]:
    days = [datetime.date(2022, 1, 1 + number) for number in range(count)]
    return [
        store(database, encoder, f"The river rose at place {number}. {LONG}", date=day).document_id
        for number, day in enumerate(days)
    ]


def test_what_is_stored_is_found_and_what_is_deleted_is_not(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex
) -> None:
    first, second = fill(database, encoder, 2)
    assert index.catch_up() == 2
    assert_follows(index, database)
    dense, lexical = search_both(index, encoder)
    assert len(dense) == len(lexical) == len(stored_passage_ids(database))
    delete_document(database, first)
    assert index.catch_up() == 3
    assert_follows(index, database)
    delete_document(database, second)
    index.catch_up()
    assert search_both(index, encoder) == ([], [])


def test_every_step_of_a_long_history_is_followed(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex
) -> None:
    random = np.random.default_rng(5)
    there: list[str] = []
    for number in range(40):
        if there and random.random() < 0.4:
            delete_document(database, there.pop(int(random.integers(len(there)))))
        else:
            there.append(store(database, encoder, f"Report {number}. {LONG}").document_id)
        if random.random() < 0.5:
            index.catch_up()
            assert_follows(index, database)


def test_a_second_instance_follows_without_being_opened_again(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex, home: Path
) -> None:
    other_database = Database(database.path)
    other = open_index(other_database, encoder, home)
    ids = fill(database, encoder, 3)
    index.catch_up()
    other.catch_up()
    assert_follows(other, database)
    delete_document(database, ids[0])
    index.catch_up()
    other.catch_up()
    assert_follows(other, database)
    assert_same(other, index, encoder)
    # And the other way round.
    delete_document(other_database, ids[1])
    other.catch_up()
    index.catch_up()
    assert_follows(index, database)
    other_database.close()


def test_instances_and_writers_side_by_side_end_at_the_same_state(
    database: Database, encoder: HashEncoder, home: Path
) -> None:
    indexes = [open_index(database, encoder, home) for _ in range(2)]
    failures: list[BaseException] = []

    def work(index: LocalSearchIndex, name: str) -> None:
        try:
            for number in range(8):
                stored = store(database, encoder, f"Report {number} of {name}.")
                index.catch_up()
                if number % 2:
                    delete_document(database, stored.document_id)
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [
        threading.Thread(target=work, args=(index, name))
        for index, name in zip(indexes, ("one", "other"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    for index in indexes:
        index.catch_up()
        assert_follows(index, database)


def test_deleted_caches_are_built_again_the_same(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex, home: Path
) -> None:
    ids = fill(database, encoder)
    index.catch_up()
    delete_document(database, ids[3])
    index.catch_up()
    index.close()
    shutil.rmtree(home / "cache")
    rebuilt = open_index(database, encoder, home)
    assert_follows(rebuilt, database)
    assert_same(rebuilt, index, encoder)


def test_caches_of_an_older_generation_are_caught_up_when_opened(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex, home: Path
) -> None:
    ids = fill(database, encoder, 3)
    index.catch_up()
    index.close()
    delete_document(database, ids[1])
    store(database, encoder, f"Another report. {LONG}")
    opened = open_index(database, encoder, home)
    assert_follows(opened, database)


def test_a_saved_snapshot_is_used(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex, home: Path
) -> None:
    fill(database, encoder, 3)
    index.catch_up()
    before = search_both(index, encoder)
    index.close()
    (snapshot,) = (home / "cache").glob("dense-*.faiss")
    written = snapshot.stat().st_mtime_ns
    opened = open_index(database, encoder, home)
    assert search_both(opened, encoder) == before
    opened.close()
    assert snapshot.stat().st_mtime_ns == written


@pytest.mark.parametrize("part", ["dense", "_lexical", "_documents", "all"])
def test_a_cache_with_another_number_of_passages_is_built_again(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex, home: Path, part: str
) -> None:
    fill(database, encoder, 3)
    index.catch_up()
    if part in ("dense", "all"):
        index._dense.remove([(2, 1)])
    for name in ("_lexical", "_documents"):
        if part in (name, "all"):
            lexical = getattr(index, name)
            with lexical.updating():
                lexical.update(3, [], [(1, 1)])
    index.close()
    opened = open_index(database, encoder, home)
    assert_follows(opened, database)


def test_a_dense_cache_that_is_damaged_is_built_again(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex, home: Path
) -> None:
    fill(database, encoder, 3)
    index.catch_up()
    index.close()
    (snapshot,) = (home / "cache").glob("dense-*.faiss")
    snapshot.write_bytes(snapshot.read_bytes()[:1000])
    assert_follows(open_index(database, encoder, home), database)


@pytest.mark.parametrize("name", ["passages", "documents"])
def test_a_lexical_cache_that_is_damaged_is_built_again(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex, home: Path, name: str
) -> None:
    fill(database, encoder, 3)
    index.catch_up()
    index.close()
    (meta,) = (home / "cache").glob(f"{name}-*/meta.json")
    meta.write_text("{")
    assert_follows(open_index(database, encoder, home), database)


def back_up(database: Database, target: Path) -> None:
    source, copy = sqlite3.connect(database.path), sqlite3.connect(target)
    source.backup(copy)
    source.close()
    copy.close()


@pytest.mark.parametrize("later", [1, 2, 3])
def test_a_database_put_back_to_an_older_state_is_followed(
    encoder: HashEncoder, home: Path, tmp_path: Path, later: int
) -> None:
    path = home / "dateline.sqlite3"
    database = Database(path)
    fill(database, encoder, 3)
    back_up(database, tmp_path / "older.sqlite3")
    for number in range(2):
        store(database, encoder, f"To be forgotten {number}. {LONG}")
    open_index(database, encoder, home).close()
    database.close()
    shutil.copyfile(tmp_path / "older.sqlite3", path)
    database = Database(path)
    index = open_index(database, encoder, home)
    assert_follows(index, database)
    # It grows past the states that the caches once had, with other reports of as many passages.
    for number in range(later):
        store(database, encoder, f"A fire burned {number}. {LONG}")
    again = open_index(database, encoder, home)
    assert_follows(again, database)
    rebuilt = LocalSearchIndex(database, encoder, tmp_path / "elsewhere")
    assert_same(again, rebuilt, encoder)
    index.catch_up()
    assert_same(index, rebuilt, encoder)
    database.close()


@pytest.mark.parametrize(
    "limit",
    [
        Filter(collection="default"),
        Filter(collection="none"),
        Filter(since=datetime.date(2022, 1, 4)),
        Filter(until=datetime.date(2022, 1, 4)),
        Filter("default", datetime.date(2022, 1, 3), datetime.date(2022, 1, 5)),
    ],
)
def test_dense_and_lexical_search_obey_the_filter_alike(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex, limit: Filter
) -> None:
    fill(database, encoder)
    index.catch_up()
    dense, lexical = search_both(index, encoder, limit)
    assert {hit.passage_id for hit in dense} == {hit.passage_id for hit in lexical}
    everything = search_both(index, encoder)
    for limited, whole in zip((dense, lexical), everything, strict=True):
        kept = {hit.passage_id for hit in limited}
        assert limited == [hit for hit in whole if hit.passage_id in kept]


def test_another_encoder_is_refused(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex, home: Path
) -> None:
    with pytest.raises(HomeUnusable):
        open_index(database, HashEncoder(dimensions=32), home)


def test_an_empty_database_is_searched_without_ado(
    encoder: HashEncoder, index: LocalSearchIndex
) -> None:
    assert index.catch_up() == 0
    assert search_both(index, encoder) == ([], [])


def test_a_passage_scores_by_its_own_words_and_its_documents(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex
) -> None:
    store(database, encoder, "A mill burned down.")
    store(database, encoder, f"The dyke broke at dawn. {LONG} {LONG}")
    store(database, encoder, f"Nobody knew of a dyke. {LONG}")
    index.catch_up()
    ids = stored_passage_ids(database)
    words = {"dyke": 1.0}
    own = {hit.passage_id: hit.score for hit in index.lexical(words, 50, Filter())}
    scores = index.lexical_scores(words, ids)
    assert list(scores) == ids
    assert len(own) == 2 < len(ids)
    assert scores[1] == 0
    last = len([each for each in ids if 2 <= each < max(own)])
    whole = scores[3]
    assert whole > 0
    assert 3 not in own
    assert all(scores[each] == whole for each in range(3, 2 + last))
    assert scores[2] == pytest.approx((1 - DOCUMENT_SHARE) * own[2] + whole)
    assert scores[max(own)] > (1 - DOCUMENT_SHARE) * own[max(own)]


def test_what_is_deleted_has_no_document_to_score_by(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex
) -> None:
    first, _ = fill(database, encoder, 2)
    index.catch_up()
    delete_document(database, first)
    index.catch_up()
    ids = stored_passage_ids(database)
    assert index.lexical_scores({"river": 1.0}, [1]) == {1: 0.0}
    assert all(score > 0 for score in index.lexical_scores({"river": 1.0}, ids).values())
    assert sorted(index.vectors([1, *ids])) == ids


def test_a_commit_that_trips_over_a_killed_ones_files_builds_the_cache_again(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex, tmp_path: Path
) -> None:
    first, *_ = fill(database, encoder, 3)
    index.catch_up()
    (folder,) = {path.parent for path in tmp_path.rglob("passages-*/meta.json")}
    # What a SIGKILL between writing a segment's deletions and the commit leaves.
    for segment in {path.stem for path in folder.glob("*.idx")}:
        for stamp in range(200):
            (folder / f"{segment}.{stamp}.del").touch()
    delete_document(database, first)
    assert index.catch_up() == 4
    assert_follows(index, database)
    assert not list(folder.glob("*.0.del"))


def test_flipped_ids_in_a_snapshot_are_noticed(
    database: Database, encoder: HashEncoder, tmp_path: Path
) -> None:
    fill(database, encoder, 2)
    open_index(database, encoder, tmp_path).close()
    (snapshot,) = (tmp_path / "cache").glob("dense-*.faiss")
    content = bytearray(snapshot.read_bytes())
    content[-36] ^= 0x55
    snapshot.write_bytes(content)
    assert_follows(open_index(database, encoder, tmp_path), database)


@pytest.mark.parametrize("name", ["", "passages.lock", "passages-*", "dense-*.faiss"])
def test_a_cache_path_of_the_wrong_kind_is_replaced(
    database: Database, encoder: HashEncoder, tmp_path: Path, name: str
) -> None:
    fill(database, encoder, 2)
    open_index(database, encoder, tmp_path).close()
    cache = tmp_path / "cache"
    (path,) = cache.glob(name) if name else [cache]
    if path.is_dir():
        shutil.rmtree(path)
        path.touch()
    else:
        path.unlink()
        path.mkdir()
    index = open_index(database, encoder, tmp_path)
    assert_follows(index, database)
    index.close()
