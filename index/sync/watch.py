"""Look for changes in folders as they happen, and follow them when files are written to the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from threading import Event

from index.errors import FolderEmpty, FolderMissing, IndexingError
from index.formats.registry import FORMATS
from index.sync.scan import FileStat, scan_folder

TICK_SECONDS = 1.0
"""A file is taken to be written to the end when it has looked the same for so long."""

PATIENCE_SECONDS = 10.0
"""How long files that are being written hold up the others: what was moved is seen as a whole."""

RESCAN_SECONDS = 300.0
"""How often folders are looked at in any case: network file systems do not tell of changes."""

Identity = tuple[int, int]


def watch_folders(
    folders: Sequence[Path],
    *,
    follow: Callable[[Sequence[Path], Collection[str]], None],
    say: Callable[[str], None],
    stopping: Event,
) -> None:
    """Call `follow` at first and after changes, until `stopping` is set.

    It is called with the folders that are there, and with files to leave alone, for they are being
    written. A folder that goes away is told of, left alone, and followed again when it is back.
    What `follow` raises of IndexingError is told, and it is tried again.
    """
    here = _identities(folders)
    for folder in folders:
        if folder not in here:
            say(f"{folder} is not there: waiting for it")
    while not stopping.is_set():
        pile = _Pile(list(here), follow, say)
        for is_changed in _wakes(list(here), say, stopping):
            now = _identities(folders)
            if now != here:
                break
            pile.look(is_changed)
        for folder in folders if not stopping.is_set() else ():
            if folder in here and folder not in now:
                say(f"{folder} is gone: its reports stay until it is back")
            elif folder in now and folder not in here:
                say(f"{folder} is back")
        here = now


class _Pile:
    """The files of some folders, which are followed once they have settled."""

    def __init__(
        self,
        folders: Sequence[Path],
        follow: Callable[[Sequence[Path], Collection[str]], None],
        say: Callable[[str], None],
    ) -> None:
        self._folders = folders
        self._follow = follow
        self._say = say
        self._looked: dict[str, FileStat] = {}
        self._waiting_since: float | None = time.monotonic()
        self._followed_at = 0.0
        self._told: str | None = None

    def look(self, is_changed: bool) -> None:
        """Follow if something changed, or was changing the last time, and has settled."""
        now = time.monotonic()
        is_due = now - self._followed_at >= RESCAN_SECONDS
        if not self._folders or not (is_changed or is_due or self._waiting_since is not None):
            return
        if self._waiting_since is None:
            self._waiting_since = now
        try:
            files = _files(self._folders)
        except FolderMissing:
            return
        # A file that was moved looks as it did in its old place.
        settled = set(self._looked.values())
        moving = {path for path, stat in files.items() if stat not in settled}
        self._looked = files
        if moving and now - self._waiting_since < PATIENCE_SECONDS:
            return
        self._waiting_since = now if moving else None
        self._followed_at = now
        error = self._error(moving)
        if error is not None and str(error) != self._told:
            self._say(str(error))
        self._told = None if error is None else str(error)
        if error is not None and not isinstance(error, FolderEmpty):
            self._waiting_since = now

    def _error(self, moving: Collection[str]) -> IndexingError | None:
        try:
            self._follow(self._folders, moving)
        except FolderMissing:
            # It is told of as gone.
            return None
        except IndexingError as error:
            return error
        return None


def _wakes(folders: Sequence[Path], say: Callable[[str], None], stopping: Event) -> Iterator[bool]:
    """Every tick, and when there are changes: whether there are."""
    from watchfiles import Change, watch

    def matters(_change: Change, path: str) -> bool:
        # What is no file by now may have been a folder of reports.
        return Path(path).suffix.lower() in FORMATS or not Path(path).is_file()

    yield False
    if folders:
        try:
            for changes in watch(
                *folders,
                watch_filter=matters,
                stop_event=stopping,
                rust_timeout=int(TICK_SECONDS * 1000),
                yield_on_timeout=True,
                ignore_permission_denied=True,
            ):
                yield bool(changes)
        except OSError as error:
            if all(folder.is_dir() for folder in folders):
                # More folders than the system lets one process watch, for instance.
                say(f"changes are looked for every {TICK_SECONDS:.0f} s: {error}")
                while not stopping.wait(TICK_SECONDS):
                    yield True
    while not stopping.wait(TICK_SECONDS):
        yield False


def _identities(folders: Sequence[Path]) -> dict[Path, Identity]:
    """The folders that are there: another one in the place of the first is told apart."""
    found = {}
    for folder in folders:
        try:
            status = folder.stat()
        except OSError:
            continue
        if folder.is_dir():
            found[folder] = (status.st_dev, status.st_ino)
    return found


def _files(folders: Sequence[Path]) -> dict[str, FileStat]:
    return {path: stat for folder in folders for path, stat in scan_folder(folder).files.items()}
