"""Look at a folder's files: one stat each, none is read."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import FolderMissing, UnreadableReport
from index.formats.registry import FORMATS
from index.parse import check_source


@dataclass(frozen=True, slots=True)
class FileStat:
    """What tells, without reading it, whether a file has changed."""

    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Scan:
    """The files of known formats in some folders, by path, and what could not be looked at.

    `roots` are the folders without symbolic links, `at_ns` when they were looked at. `unseen` are
    folders that could not be opened, and files that could not be looked at, and why: what came from
    there before may still be there.
    """

    roots: tuple[str, ...]
    files: dict[str, FileStat]
    unseen: dict[str, str]
    at_ns: int

    def has_folder_of(self, path: str) -> bool:
        """Whether the path lies in one of the folders."""
        return any(_is_under(path, root) for root in self.roots)

    def may_hold(self, path: str) -> bool:
        """Whether the path lies where the scan could not look."""
        return any(path == each or _is_under(path, each) for each in self.unseen)


def join_scans(scans: Sequence[Scan]) -> Scan:
    """All of the folders as one."""
    return Scan(
        tuple(root for scan in scans for root in scan.roots),
        {path: stat for scan in scans for path, stat in scan.files.items()},
        {path: why for scan in scans for path, why in scan.unseen.items()},
        min(scan.at_ns for scan in scans),
    )


def scan_folder(folder: Path) -> Scan:
    """All files of a known format in a folder and its subfolders, hidden ones passed over.

    Raises FolderMissing if there is no such folder, or it cannot be opened.
    """
    try:
        root = str(folder.resolve(strict=True))
        os.scandir(root).close()
    except OSError as error:
        raise FolderMissing(folder, error.strerror or str(error)) from error
    files: dict[str, FileStat] = {}
    unseen: dict[str, str] = {}
    at_ns = time.time_ns()
    for entry in _walk(root, unseen):
        # A link is the file that it leads to, as `ingest` has it.
        path = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
        try:
            status = entry.stat()
            check_source(path)
        except (OSError, UnreadableReport) as error:
            unseen[path] = getattr(error, "strerror", None) or str(error)
            continue
        files[path] = FileStat(status.st_size, status.st_mtime_ns, status.st_ino)
    return Scan((root,), dict(sorted(files.items())), unseen, at_ns)


def _is_under(path: str, folder: str) -> bool:
    """Whether the path lies in the folder or a folder in it."""
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def file_of(source: str, files: Collection[str]) -> str | None:
    """Which of the files a source is, or is a member of; None if of none."""
    if source in files:
        return source
    at = source.find("#")
    while at >= 0:
        if source[:at] in files:
            return source[:at]
        at = source.find("#", at + 1)
    return None


def _walk(folder: str, unseen: dict[str, str]) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError as error:
        unseen[folder] = error.strerror or str(error)
        return
    for entry in found:
        if entry.name.startswith("."):
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, unseen)
            elif Path(entry.name).suffix.lower() in FORMATS and entry.is_file():
                yield entry
        except OSError as error:
            unseen[entry.path] = error.strerror or str(error)
