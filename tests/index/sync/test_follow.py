import datetime
import os
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from index.errors import FolderEmpty, FolderMissing, InvalidCollection
from index.ingest import ingest
from index.search.search_index import LocalSearchIndex
from index.store import schema
from index.store.database import Database
from index.store.delete import delete_document
from index.store.edit import Edit, edit_document
from index.store.lookup import get_document, get_text, list_documents
from index.sync import compare as comparing
from index.sync import follow
from index.sync.follow import Change, sync_folders
from index.types import Filter
from tests.fakes import HashEncoder

TODAY = datetime.date(2026, 11, 22)
LONG_AGO_NS = 1_700_000_000_000_000_000

Sync = Callable[..., list[Change]]


class CountingEncoder(HashEncoder):
    """Counts the passages that it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded = 0

    def embed_passages(self, texts):  # type: ignore[no-untyped-def]
        self.embedded += len(texts)
        return super().embed_passages(texts)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    return folder


@pytest.fixture
def sync(database: Database, encoder: CountingEncoder, folder: Path) -> Sync:
    return make_sync(database, encoder, folder)


def make_sync(database: Database, encoder: HashEncoder, folder: Path) -> Sync:
    def sync(*folders: Path, collection: str = "default", **options: bool) -> list[Change]:
        changes: list[Change] = []
        sync_folders(
            folders or (folder,),
            database=database,
            encoder=lambda: encoder,
            collection=collection,
            today=TODAY,
            on_change=changes.append,
            **options,
        )
        return changes

    return sync


def write(path: Path, text: str, *, mtime_ns: int = LONG_AGO_NS) -> Path:
    """Write a file that was changed long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(mtime_ns, mtime_ns))
    return path


def counts(changes: list[Change]) -> dict[str, int]:
    return dict(Counter(change.status for change in changes))


def held(database: Database, collection: str = "default") -> dict[str, str]:
    """The text of each source."""
    with database.read() as connection:
        return {
            source: get_text(connection, document.id)
            for document in list_documents(connection, Filter(collection))
            for source in document.sources
        }


def ids(database: Database) -> dict[str, str]:
    with database.read() as connection:
        table = schema.sources
        return dict(connection.execute(select(table.c.source, table.c.document_id)).all())  # type: ignore[arg-type]


def in_folder(folder: Path) -> dict[str, str]:
    return {str(path.resolve()): path.read_text(encoding="utf-8") for path in folder.rglob("*.txt")}


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read to compare them, as they are."""
    paths: list[str] = []
    digest = comparing.hashlib.file_digest

    def counted(file, name):  # type: ignore[no-untyped-def]
        paths.append(file.name)
        return digest(file, name)

    monkeypatch.setattr(comparing.hashlib, "file_digest", counted)
    return paths


def test_a_folder_is_followed_as_it_changes(sync: Sync, database: Database, folder: Path) -> None:
    for name in ("a", "b", "c", "sub/d"):
        write(folder / f"{name}.txt", f"Rain fell on {name}.")
    write(folder / ".hidden.txt", "Nothing.")
    write(folder / "table.xyz", "Nothing.")
    assert counts(sync()) == {"added": 4}
    assert held(database) == {
        path: text for path, text in in_folder(folder).items() if ".hidden" not in path
    }
    write(folder / "a.txt", "Snow fell on a mountain.")
    (folder / "b.txt").unlink()
    (folder / "c.txt").rename(folder / "sub" / "c, renamed.txt")
    write(folder / "e.txt", "Rain fell on e.")
    assert sorted(sync(), key=lambda change: change.path) == [
        Change("replaced", str(folder / "a.txt")),
        Change("removed", str(folder / "b.txt")),
        Change("added", str(folder / "e.txt")),
        Change("moved", str(folder / "sub/c, renamed.txt"), was=str(folder / "c.txt")),
        Change("unchanged", str(folder / "sub/d.txt")),
    ]
    assert "Snow fell on a mountain." in held(database).values()
    assert counts(sync()) == {"unchanged": 4}


def test_an_unchanged_file_is_not_read_and_the_encoder_is_not_asked_for(
    sync: Sync, folder: Path, encoder: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        write(folder / f"{number}.txt", f"Rain fell on {number}.")
    sync()
    before = encoder.embedded
    read = reads(monkeypatch)
    assert counts(sync()) == {"unchanged": 5}
    assert (read, encoder.embedded) == ([], before)
    os.utime(folder / "3.txt", ns=(LONG_AGO_NS + 1, LONG_AGO_NS + 1))
    assert counts(sync()) == {"unchanged": 5}
    assert (read, encoder.embedded) == ([str(folder / "3.txt")], before)
    assert counts(sync()) == {"unchanged": 5}
    assert len(read) == 1


def test_a_file_changed_just_before_the_scan_is_read_again_at_the_next_one(
    sync: Sync, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "a.txt"
    path.write_text("Rain fell.")
    when = path.stat().st_mtime_ns
    sync()
    # The same size, and the clock has not ticked.
    path.write_text("Snow fell.")
    os.utime(path, ns=(when, when))
    assert counts(sync()) == {"replaced": 1}
    assert list(held(database).values()) == ["Snow fell."]


def test_a_file_from_the_future_is_read_each_time(
    sync: Sync, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "a.txt", "Rain fell.", mtime_ns=4_000_000_000_000_000_000)
    sync()
    read = reads(monkeypatch)
    assert counts(sync()) == counts(sync()) == {"unchanged": 1}
    assert len(read) == 2


def test_another_file_in_the_place_of_one_is_read_whatever_its_time_and_size(
    sync: Sync, database: Database, folder: Path
) -> None:
    write(folder / "a.txt", "Rain fell.")
    write(folder.parent / "b.txt", "Snow fell.")
    sync()
    (folder.parent / "b.txt").replace(folder / "a.txt")
    assert counts(sync()) == {"replaced": 1}
    assert list(held(database).values()) == ["Snow fell."]


def test_a_moved_file_keeps_its_document_with_what_was_corrected(
    sync: Sync, database: Database, folder: Path, encoder: CountingEncoder
) -> None:
    write(folder / "a.txt", "Rain fell.")
    sync()
    [(_, document_id)] = ids(database).items()
    edit_document(database, encoder, document_id, Edit(title="Corrected"))
    before = encoder.embedded
    (folder / "a.txt").rename(folder / "b.txt")
    assert counts(sync()) == {"moved": 1}
    assert ids(database) == {str(folder / "b.txt"): document_id}
    with database.read() as connection:
        assert get_document(connection, document_id).title == "Corrected"
    assert encoder.embedded == before


def test_files_that_change_places_keep_their_documents(
    sync: Sync, database: Database, folder: Path, encoder: CountingEncoder
) -> None:
    a, b = write(folder / "a.txt", "Rain fell."), write(folder / "b.txt", "Snow fell.")
    sync()
    before, embedded = ids(database), encoder.embedded
    a.rename(folder / "c")
    b.rename(a)
    (folder / "c").rename(b)
    assert counts(sync()) == {"replaced": 2}
    assert ids(database) == {str(a): before[str(b)], str(b): before[str(a)]}
    assert encoder.embedded == embedded
    assert held(database) == in_folder(folder)


def test_a_copy_is_another_source_and_is_not_embedded(
    sync: Sync, database: Database, folder: Path, encoder: CountingEncoder
) -> None:
    write(folder / "a.txt", "Rain fell.")
    sync()
    embedded = encoder.embedded
    shutil.copy2(folder / "a.txt", folder / "b.txt")
    assert counts(sync()) == {"unchanged": 1, "added": 1}
    assert len(set(ids(database).values())) == 1
    (folder / "a.txt").unlink()
    assert counts(sync()) == {"unchanged": 1, "removed": 1}
    assert held(database) == in_folder(folder)
    assert encoder.embedded == embedded


def test_a_file_moved_between_two_folders_of_one_sync_keeps_its_document(
    sync: Sync, database: Database, folder: Path, encoder: CountingEncoder
) -> None:
    other = folder.parent / "other"
    write(folder / "a.txt", "Rain fell.")
    write(folder / "b.txt", "Snow fell.")
    write(other / "c.txt", "Hail fell.")
    sync(folder, other)
    embedded = encoder.embedded
    (folder / "a.txt").rename(other / "a.txt")
    assert counts(sync(folder, other)) == {"moved": 1, "unchanged": 2}
    assert encoder.embedded == embedded


def test_folders_do_not_remove_each_others_files_nor_what_came_otherwise(
    sync: Sync, database: Database, folder: Path, encoder: CountingEncoder, index: LocalSearchIndex
) -> None:
    other = folder.parent / "reports-of-another"
    write(folder / "a.txt", "Rain fell.")
    write(other / "b.txt", "Snow fell.")
    alone = write(folder.parent / "alone.txt", "Hail fell.")
    ingest(
        [alone],
        database=database,
        encoder=encoder,
        index=index,
        collection="default",
        today=TODAY,
    )
    assert counts(sync(folder)) == {"added": 1}
    assert counts(sync(other)) == {"added": 1}
    assert counts(sync(folder)) == {"unchanged": 1}
    assert sorted(held(database).values()) == ["Hail fell.", "Rain fell.", "Snow fell."]
    assert counts(sync(folder, collection="second")) == {"added": 1}
    (folder / "a.txt").rename(folder / "c.txt")
    assert counts(sync(folder)) == {"moved": 1}
    assert list(held(database, "second")) == [str(folder / "a.txt")]


def test_what_plain_ingest_took_in_is_followed_too(
    sync: Sync, database: Database, folder: Path, encoder: CountingEncoder, index: LocalSearchIndex
) -> None:
    paths = [write(folder / f"{name}.txt", f"Rain fell on {name}.") for name in "ab"]
    ingest(
        paths, database=database, encoder=encoder, index=index, collection="default", today=TODAY
    )
    embedded = encoder.embedded
    paths[0].unlink()
    assert counts(sync()) == {"unchanged": 1, "removed": 1}
    assert encoder.embedded == embedded
    assert held(database) == in_folder(folder)


def test_a_document_that_was_deleted_comes_back_while_its_file_is_there(
    sync: Sync, database: Database, folder: Path
) -> None:
    write(folder / "a.txt", "Rain fell.")
    sync()
    delete_document(database, ids(database)[str(folder / "a.txt")])
    assert counts(sync()) == {"added": 1}
    assert held(database) == in_folder(folder)


def test_an_empty_or_missing_folder_removes_nothing_unless_told_to(
    sync: Sync, database: Database, folder: Path
) -> None:
    write(folder / "a.txt", "Rain fell.")
    sync()
    (folder / "a.txt").unlink()
    with pytest.raises(FolderEmpty, match="1 of its files are in the collection") as caught:
        sync()
    assert "--allow-empty" in str(caught.value)
    folder.rmdir()
    with pytest.raises(FolderMissing, match="No such file or directory"):
        sync()
    assert len(held(database)) == 1
    assert counts(sync(allow_empty=True)) == {"removed": 1}
    assert held(database) == {}


def test_one_missing_folder_keeps_the_others_from_being_followed(
    sync: Sync, database: Database, folder: Path
) -> None:
    write(folder / "a.txt", "Rain fell.")
    with pytest.raises(FolderMissing):
        sync(folder, folder.parent / "none")
    assert held(database) == {}


def test_an_empty_folder_that_nothing_came_from_is_in_step(sync: Sync, database: Database) -> None:
    assert sync() == []


def test_a_folder_that_cannot_be_opened_keeps_what_came_from_it(
    sync: Sync, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "a.txt", "Rain fell.")
    write(folder / "sub" / "b.txt", "Snow fell.")
    sync()
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = sync()
    assert counts(found) == {"unchanged": 1, "failed": 1}
    assert found[-1].reason == "Permission denied"
    assert len(held(database)) == 2


def test_a_file_that_cannot_be_read_or_parsed_is_told_and_the_rest_goes_on(
    sync: Sync, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "a.txt", "Rain fell.")
    write(folder / "b.txt", "...")
    write(folder / "c.txt", "Hail fell, and much more of it than anybody wants.")
    monkeypatch.setattr("index.parse.MAX_REPORT_BYTES", 40)
    found = sync()
    assert counts(found) == {"added": 1, "failed": 2}
    assert {Path(each.path).name for each in found if each.reason} == {"b.txt", "c.txt"}
    assert counts(sync()) == {"unchanged": 1, "failed": 2}
    write(folder / "a.txt", "...")
    assert counts(sync()) == {"failed": 3}
    # What could be read once is kept while its file is there.
    assert list(held(database).values()) == ["Rain fell."]


def test_a_dry_run_says_the_same_and_changes_nothing(
    sync: Sync, database: Database, folder: Path
) -> None:
    for name in ("a", "b", "c", "d"):
        write(folder / f"{name}.txt", f"Rain fell on {name}.")
    assert counts(sync(dry_run=True)) == {"added": 4}
    assert held(database) == {}
    sync()
    before = ids(database)
    write(folder / "a.txt", "Snow fell.")
    (folder / "b.txt").unlink()
    (folder / "c.txt").rename(folder / "e.txt")
    said = sync(dry_run=True)
    assert ids(database) == before
    assert sorted(map(repr, said)) == sorted(map(repr, sync()))


def test_a_link_is_the_file_that_it_leads_to(sync: Sync, database: Database, folder: Path) -> None:
    outside = write(folder.parent / "outside.txt", "Rain fell.")
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    assert counts(sync()) == {"added": 1}
    assert list(held(database)) == [str(outside)]
    assert counts(sync()) == {"unchanged": 1}


def test_a_name_with_a_number_sign_is_no_member_of_another_file(
    sync: Sync, database: Database, folder: Path
) -> None:
    write(folder / "a.txt", "Rain fell.")
    write(folder / "a.txt#1.txt", "Snow fell.")
    assert counts(sync()) == {"added": 2}
    assert counts(sync()) == {"unchanged": 2}
    (folder / "a.txt").unlink()
    assert counts(sync()) == {"unchanged": 1, "removed": 1}
    assert held(database) == in_folder(folder)


def zip_reports(path: Path, members: dict[str, str], *, mtime_ns: int = LONG_AGO_NS) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    os.utime(path, ns=(mtime_ns, mtime_ns))
    return path


def test_the_reports_in_a_file_are_followed_with_it(
    sync: Sync, database: Database, folder: Path, encoder: CountingEncoder
) -> None:
    members = {"a.txt": "Rain fell.", "b.txt": "Snow fell."}
    path = zip_reports(folder / "pile.zip", members)
    write(folder / "c.txt", "Hail fell.")
    assert counts(sync()) == {"added": 2}
    assert {source.rpartition("/")[2] for source in held(database)} == {
        "pile.zip#a.txt",
        "pile.zip#b.txt",
        "c.txt",
    }
    assert counts(sync()) == {"unchanged": 2}
    before, embedded = ids(database), encoder.embedded
    path.rename(folder / "moved.zip")
    assert counts(sync()) == {"unchanged": 1, "moved": 1}
    assert encoder.embedded == embedded
    assert sorted(ids(database).values()) == sorted(before.values())
    assert f"{folder}/moved.zip#a.txt" in ids(database)
    zip_reports(folder / "moved.zip", members | {"b.txt": "Fog."}, mtime_ns=LONG_AGO_NS + 1)
    assert counts(sync()) == {"unchanged": 1, "replaced": 1}
    assert sorted(held(database).values()) == ["Fog.", "Hail fell.", "Rain fell."]
    (folder / "moved.zip").unlink()
    assert counts(sync()) == {"unchanged": 1, "removed": 1}
    assert list(held(database).values()) == ["Hail fell."]


def test_files_of_questions_are_passed_over_and_go_if_they_were_reports(
    sync: Sync, database: Database, folder: Path
) -> None:
    write(folder / "a.txt", "Rain fell.")
    write(folder / "x.jsonl", '{"text": "Snow fell."}')
    assert counts(sync()) == {"added": 2}
    write(folder / "x.jsonl", '{"text": "Who fell?", "answers": []}')
    assert counts(sync()) == {"unchanged": 1, "passed over": 1, "removed": 1}
    assert list(held(database).values()) == ["Rain fell."]


def test_a_name_that_is_no_unicode_fails_alone(sync: Sync, folder: Path) -> None:
    write(folder / "a.txt", "Rain fell.")
    (folder / os.fsdecode(b"\xff.txt")).write_text("Snow fell.")
    assert counts(sync()) == {"added": 1, "failed": 1}


def test_a_collections_name_is_checked_first(sync: Sync) -> None:
    with pytest.raises(InvalidCollection):
        sync(collection="../x")


@pytest.mark.parametrize("fails", ["link", "take_in"])
def test_another_sync_completes_one_that_was_cut_off(
    sync: Sync,
    database: Database,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    fails: str,
) -> None:
    for name in "abcdef":
        write(folder / f"{name}.txt", f"Rain fell on {name}.")
    sync()
    for name in "ab":
        write(folder / f"{name}.txt", f"Snow fell on {name}.", mtime_ns=LONG_AGO_NS + 1)
    (folder / "c.txt").rename(folder / "g.txt")
    (folder / "d.txt").unlink()
    write(folder / "h.txt", "Hail fell.")
    real = getattr(follow, fails)

    def cut_off(*arguments: object, **options: object) -> None:
        if fails == "take_in":
            options["files"] = arguments[0][:2]  # type: ignore[index]
            real(options.pop("files"), **options)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):  # noqa: PT012
        patch.setattr(follow, fails, cut_off)
        sync()
    sync()
    assert held(database) == in_folder(folder)
    assert counts(sync()) == {"unchanged": 6}


class Folder(RuleBasedStateMachine):
    """Whatever happens in two folders, what they hold is what the collection has from them."""

    base_folder = Path()

    @initialize()
    def begin(self) -> None:
        self.base = Path(tempfile.mkdtemp(dir=self.base_folder))
        self.folders = [self.base / "one", self.base / "two"]
        for folder in self.folders:
            folder.mkdir(parents=True)
        self.database = Database(self.base / "home" / "dateline.sqlite3")
        self.sync = make_sync(self.database, HashEncoder(), self.folders[0])
        self.tick = LONG_AGO_NS

    def path(self, number: int) -> Path:
        return self.folders[number % 2] / ("sub" if number % 3 == 0 else ".") / f"{number}.txt"

    numbers = st.integers(0, 7)

    @rule(number=numbers, text=st.sampled_from(["Rain.", "Snow.", "Hail.", "Fog.", "Rime."]))
    def write(self, number: int, text: str) -> None:
        self.tick += 1
        write(self.path(number), text, mtime_ns=self.tick)

    @rule(number=numbers)
    def remove(self, number: int) -> None:
        self.path(number).unlink(missing_ok=True)

    @rule(number=numbers, other=numbers)
    def move(self, number: int, other: int) -> None:
        if self.path(number).exists():
            self.path(other).parent.mkdir(exist_ok=True)
            self.path(number).replace(self.path(other))

    @rule(number=numbers, other=numbers)
    def copy(self, number: int, other: int) -> None:
        if number != other and self.path(number).exists():
            self.path(other).parent.mkdir(exist_ok=True)
            shutil.copy2(self.path(number), self.path(other))

    @rule(number=numbers)
    def delete(self, number: int) -> None:
        document_id = ids(self.database).get(str(self.path(number).resolve()))
        if document_id is not None:
            delete_document(self.database, document_id)

    @rule(which=st.sampled_from([(0,), (1,), (0, 1)]))
    def follow(self, which: tuple[int, ...]) -> None:
        folders = [self.folders[each] for each in which]
        self.sync(*folders, allow_empty=True)
        for folder in folders:
            there = held(self.database)
            root = str(folder.resolve())
            assert {
                source: text for source, text in there.items() if source.startswith(root)
            } == in_folder(folder)

    @invariant()
    def every_document_has_a_source(self) -> None:
        if hasattr(self, "database"):
            with self.database.read() as connection:
                assert all(each.sources for each in list_documents(connection, Filter()))

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.sync(*self.folders, allow_empty=True)
            assert held(self.database) == in_folder(self.folders[0]) | in_folder(self.folders[1])
            self.database.close()


def test_the_collection_is_what_the_folders_are_whatever_happens_there(
    tmp_path: Path,
) -> None:
    Folder.base_folder = tmp_path
    run_state_machine_as_test(
        Folder,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
