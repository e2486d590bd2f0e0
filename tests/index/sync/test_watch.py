import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import pytest

from index.errors import HomeUnusable
from index.store.database import Database
from index.sync import watch
from index.sync.watch import watch_folders
from tests.fakes import HashEncoder
from tests.index.sync.test_follow import held, in_folder, make_sync

PATIENCE = 60.0
"""Far more seconds than anything here takes."""


class Watching:
    """`watch_folders` in a thread, on a collection of its own."""

    def __init__(self, database: Database, folders: Sequence[Path]) -> None:
        self.database = database
        self.said: list[str] = []
        self.skipped: set[str] = set()
        self.failing: list[Exception] = []
        self._sync = make_sync(database, HashEncoder(), folders[0])
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, args=[folders])
        self._thread.start()

    def _run(self, folders: Sequence[Path]) -> None:
        watch_folders(folders, follow=self._follow, say=self.said.append, stopping=self._stopping)

    def _follow(self, folders: Sequence[Path], writing: Collection[str]) -> None:
        self.skipped.update(writing)
        if self.failing:
            raise self.failing.pop()
        self._sync(*folders, skip=writing)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until it holds."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, (self.said, held(self.database))
            assert self._thread.is_alive()
            time.sleep(0.02)

    def until_in_step(self, *folders: Path) -> None:
        """Wait until the collection is what the folders are."""
        self.until(
            lambda: (
                held(self.database)
                == {path: text for folder in folders for path, text in in_folder(folder).items()}
            )
        )

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "TICK_SECONDS", 0.1)


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        (folder / "a.txt").write_text(f"Rain fell on {folder.name}.")
    return folders


@pytest.fixture
def watching(database: Database, folders: list[Path]) -> Iterator[Watching]:
    watching = Watching(database, folders)
    yield watching
    watching.stop()


def test_what_is_there_at_first_and_what_changes_is_followed(
    watching: Watching, folders: list[Path]
) -> None:
    watching.until_in_step(*folders)
    (folders[0] / "sub").mkdir()
    (folders[0] / "sub" / "b.txt").write_text("Snow fell.")
    (folders[1] / "a.txt").unlink()
    (folders[1] / "c.txt").write_text("Hail fell.")
    watching.until_in_step(*folders)
    (folders[0] / "a.txt").rename(folders[0] / "sub" / "a.txt")
    (folders[1] / "c.txt").write_text("Hail fell again.")
    watching.until_in_step(*folders)


def test_a_folder_that_goes_away_keeps_its_reports_until_it_is_back(
    watching: Watching, folders: list[Path]
) -> None:
    watching.until_in_step(*folders)
    before = held(watching.database)
    away = folders[0].with_name("away")
    folders[0].rename(away)
    watching.until(lambda: any("is gone" in line for line in watching.said))
    (folders[1] / "b.txt").write_text("Snow fell.")
    watching.until(lambda: len(held(watching.database)) == 3)
    assert before.items() <= held(watching.database).items()
    away.rename(folders[0])
    watching.until(lambda: watching.said[-1].endswith("is back"))
    (folders[0] / "a.txt").write_text("Rain fell, and then snow.")
    watching.until_in_step(*folders)


def test_a_folder_that_is_not_there_yet_is_waited_for(
    database: Database, folders: list[Path], tmp_path: Path
) -> None:
    late = tmp_path / "late"
    watching = Watching(database, [late])
    watching.until(lambda: watching.said == [f"{late} is not there: waiting for it"])
    folders[0].rename(late)
    watching.until_in_step(late)
    watching.stop()


def test_a_folder_that_is_emptied_keeps_its_reports_and_it_says_so(
    watching: Watching, folders: list[Path]
) -> None:
    watching.until_in_step(*folders)
    (folders[0] / "a.txt").unlink()
    watching.until(lambda: any("holds no report any more" in line for line in watching.said))
    assert len(held(watching.database)) == 2


def test_a_file_that_is_being_written_is_left_alone_until_it_looks_the_same_twice(
    database: Database, folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "PATIENCE_SECONDS", 0.5)
    growing = folders[0] / "growing.txt"
    stopping = threading.Event()

    def grow() -> None:
        # Faster than a tick, so that no two looks are the same.
        while not stopping.wait(0.01):
            with growing.open("a") as file:
                file.write("It goes on. ")

    writer = threading.Thread(target=grow)
    writer.start()
    watching = Watching(database, folders)
    try:
        # The others are not held up for ever.
        watching.until(lambda: len(held(database)) == 2)
        watching.until(lambda: str(growing) in watching.skipped)
        assert str(growing) not in held(database)
    finally:
        stopping.set()
        writer.join()
    watching.until_in_step(*folders)
    watching.stop()


def test_what_goes_wrong_is_told_and_tried_again(watching: Watching, folders: list[Path]) -> None:
    watching.until_in_step(*folders)
    watching.failing.append(HomeUnusable("the disk is full"))
    (folders[0] / "b.txt").write_text("Snow fell.")
    watching.until(lambda: "the disk is full" in watching.said)
    watching.until_in_step(*folders)


def test_where_the_system_does_not_tell_of_changes_they_are_looked_for(
    database: Database, folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_paths: Path, **_options: object) -> Iterator[None]:
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr("watchfiles.watch", refuse)
    watching = Watching(database, folders)
    watching.until_in_step(*folders)
    (folders[0] / "b.txt").write_text("Snow fell.")
    watching.until_in_step(*folders)
    assert "OS file watch limit reached" in watching.said[0]
    watching.stop()
