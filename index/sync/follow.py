"""A folder's changes become the collection's: scan, compare, link, take in."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from index.errors import FolderEmpty, FolderMissing
from index.ingest import Watcher, take_in
from index.store.collections import check_name
from index.store.database import Database
from index.sync.compare import Differences, compare
from index.sync.link import UNSETTLED, link, note_seen
from index.sync.scan import FileStat, Scan, join_scans, scan_folder
from index.types import Encoder, ReportFile, Stored

SETTLED_NS = 2_000_000_000
"""A file changed so shortly before the scan, or after it, is read at the next one too.

Written again at once it may keep its size and time: the clock of FAT ticks as coarsely as that.
"""

Status = Literal["added", "replaced", "moved", "removed", "unchanged", "failed", "passed over"]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a file; `was` is where it was before it moved.

    `reason` says why it failed or was passed over.
    """

    status: Status
    path: str
    was: str | None = None
    reason: str | None = None


def sync_folders(
    folders: Sequence[Path],
    *,
    database: Database,
    encoder: Callable[[], Encoder],
    collection: str,
    today: datetime.date,
    allow_empty: bool = False,
    dry_run: bool = False,
    skip: Collection[str] = (),
    columns: Mapping[str, str] | None = None,
    ocr: bool = False,
    on_change: Callable[[Change], None] = lambda _: None,
) -> None:
    """Make the collection's reports from these folders those that are in them now.

    What came from elsewhere stays. A file that looks as it did is not read; one whose bytes are
    there under another path is not embedded again. Each report is stored whole whenever this is cut
    off, and another run completes it. The search indexes follow at the next question. `encoder` is
    asked for where something has to be embedded; files to `skip` are left as they are. `columns`
    and `ocr` are as in `ReportFile`.

    Raises FolderMissing and FolderEmpty unless `allow_empty`, InvalidCollection, and HomeUnusable
    for another encoder.
    """
    check_name(collection)
    scan = join_scans([_scan(folder, database, collection, allow_empty) for folder in folders])
    with database.read() as connection:
        found = compare(connection, collection, scan, skip)
    known = {path for path in found.sources if scan.has_folder_of(path)}
    stats = {path: _settled(stat, scan.at_ns) for path, stat in scan.files.items()}
    changed = found.changed
    if not dry_run:
        changed = [*changed, *link(database, collection, found, stats)]
    for change in _told(found, known, leave_out=set(changed)):
        on_change(change)
    if dry_run:
        for path in changed:
            on_change(Change("replaced" if path in known else "added", path))
    elif changed:
        take_in(
            [
                ReportFile(
                    Path(each),
                    each,
                    Path(each).name,
                    is_dated=True,
                    columns=tuple((columns or {}).items()),
                    ocr=ocr,
                )
                for each in changed
            ],
            database=database,
            encoder=encoder(),
            collection=collection,
            today=today,
            watcher=_Following(database, collection, known, stats, on_change),
        )


def _scan(folder: Path, database: Database, collection: str, allow_empty: bool) -> Scan:
    try:
        scan = scan_folder(folder)
    except FolderMissing:
        if not allow_empty:
            raise
        scan = Scan((str(folder.resolve()),), {}, {}, time.time_ns())
    if not scan.files and not allow_empty:
        with database.read() as connection:
            gone = compare(connection, collection, scan).gone
        if gone:
            raise FolderEmpty(folder, len(gone))
    return scan


def _told(found: Differences, known: Collection[str], leave_out: Collection[str]) -> list[Change]:
    changes = [Change("unchanged", path) for path in (*found.same, *found.touched)]
    for path in found.linked:
        if path in leave_out:
            continue
        if path in found.moved:
            changes.append(Change("moved", path, was=found.moved[path]))
        else:
            changes.append(Change("replaced" if path in known else "added", path))
    were = set(found.moved.values())
    changes += [Change("removed", path) for path in found.gone if path not in were]
    changes += [Change("failed", path, reason=why) for path, why in found.failed.items()]
    changes += [Change("passed over", path, reason=why) for path, why in found.passed_over.items()]
    return changes


def _settled(stat: FileStat, at_ns: int) -> FileStat:
    return stat if stat.mtime_ns < at_ns - SETTLED_NS else replace(stat, mtime_ns=UNSETTLED)


class _Following(Watcher):
    """Keeps how each file looked with its last report, and tells what became of it."""

    def __init__(
        self,
        database: Database,
        collection: str,
        known: Collection[str],
        stats: Mapping[str, FileStat],
        on_change: Callable[[Change], None],
    ) -> None:
        self._database = database
        self._collection = collection
        self._known = known
        self._stats = stats
        self._on_change = on_change
        self._noted: set[str] = set()

    def stored(
        self,
        connection: Connection,
        file: ReportFile,
        stored: Stored,  # noqa: ARG002
        *,
        is_last: bool,
    ) -> None:
        if is_last:
            note_seen(connection, self._collection, file.source, self._stats[file.source])
            self._noted.add(file.source)

    def done(self, file: ReportFile) -> None:
        if file.source not in self._noted:
            with self._database.write() as connection:
                note_seen(connection, self._collection, file.source, self._stats[file.source])
        self._on_change(Change("replaced" if file.source in self._known else "added", file.source))

    def failed_member(self, file: ReportFile, source: str, reason: str) -> None:  # noqa: ARG002
        self._on_change(Change("failed", source, reason=reason))

    def failed(self, file: ReportFile, error: Exception) -> None:
        self._on_change(Change("failed", file.source, reason=str(error)))
