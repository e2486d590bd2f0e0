"""Compare folders with what a collection has from them, reading only what may have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from index.errors import ReportTooLarge
from index.formats.tables.records import why_no_reports
from index.parse import check_size
from index.store import schema
from index.sync.scan import FileStat, Scan, file_of

Sources = Mapping[str, str]
"""What a collection has from a file: its sources, one for each report, and their documents."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What it takes to be in step; files are named by their paths.

    `same` have not changed; `touched` were read and hold what they did. The collection has the
    bytes of those `linked` from the file that is named; `moved` are those of them for which that
    one is `gone`. Those `changed` are to be taken in; what cannot be read has `failed`, and what
    holds no reports is `passed_over`, each with the reason.
    `sources` has what there is of each file of the collection, in these folders and elsewhere.
    """

    same: list[str]
    touched: list[str]
    linked: dict[str, str]
    moved: dict[str, str]
    changed: list[str]
    gone: list[str]
    failed: dict[str, str]
    passed_over: dict[str, str]
    sources: Mapping[str, Sources]


def compare(
    connection: Connection, collection: str, scan: Scan, skip: Collection[str] = ()
) -> Differences:
    """How the folders differ from the collection; files to `skip` count as unchanged."""
    seen = _seen(connection, collection)
    sources = _sources(connection, collection, {*seen, *scan.files})
    same, digests, failed, passed_over = _read(scan, seen, sources, skip)
    there = {*scan.files, *skip}.difference(passed_over)
    gone = sorted(
        path
        for path in sources
        if scan.has_folder_of(path) and path not in there and not scan.may_hold(path)
    )
    touched: list[str] = []
    linked: dict[str, str] = {}
    moved: dict[str, str] = {}
    changed: list[str] = []
    origins = _origins(connection, collection, sources) if digests else {}
    left = set(gone)
    for path, digest in digests.items():
        having = origins.get(digest, [])
        was = next((each for each in having if each in left), None)
        if path in having:
            touched.append(path)
        elif was is not None:
            left.discard(was)
            linked[path] = moved[path] = was
        elif having:
            linked[path] = having[0]
        else:
            changed.append(path)
    return Differences(same, touched, linked, moved, changed, gone, failed, passed_over, sources)


def _read(
    scan: Scan,
    seen: Mapping[str, FileStat],
    sources: Mapping[str, Sources],
    skip: Collection[str],
) -> tuple[list[str], dict[str, str], dict[str, str], dict[str, str]]:
    """The files that look as they did, the SHA-256 of the others, what fails and is passed over."""
    same: list[str] = []
    digests: dict[str, str] = {}
    passed_over: dict[str, str] = {}
    failed = dict(scan.unseen)
    for path, stat in scan.files.items():
        if path in skip or (path in sources and seen.get(path) == stat):
            same.append(path)
            continue
        try:
            check_size(stat.size)
            if reason := why_no_reports(Path(path)):
                passed_over[path] = reason
                continue
            with Path(path).open("rb") as file:
                digests[path] = hashlib.file_digest(file, "sha256").hexdigest()
        except ReportTooLarge as error:
            failed[path] = str(error)
        except OSError as error:
            failed[path] = error.strerror or str(error)
    return same, digests, failed, passed_over


def _seen(connection: Connection, collection: str) -> dict[str, FileStat]:
    table = schema.seen_files
    rows = connection.execute(
        select(table.c.path, table.c.size, table.c.mtime_ns, table.c.inode).where(
            table.c.collection == collection
        )
    )
    return {path: FileStat(*stat) for path, *stat in rows}


def _sources(
    connection: Connection, collection: str, paths: Collection[str]
) -> dict[str, dict[str, str]]:
    table = schema.sources
    rows = connection.execute(
        select(table.c.source, table.c.document_id)
        .where(table.c.collection == collection)
        .order_by(table.c.source)
    )
    found: dict[str, dict[str, str]] = {}
    for source, document_id in rows:
        found.setdefault(file_of(source, paths) or source, {})[source] = document_id
    return found


def _origins(
    connection: Connection, collection: str, sources: Mapping[str, Sources]
) -> dict[str, list[str]]:
    """The files that all reports from which are made of the same bytes, by their SHA-256."""
    table = schema.documents
    rows = connection.execute(
        select(table.c.id, table.c.sha256, table.c.original).where(table.c.collection == collection)
    )
    made_of = {row.id: (row.sha256, row.original) for row in rows}
    found: dict[str, list[str]] = {}
    for path, its_own in sources.items():
        digests = [
            # A report that is the whole file is named by its bytes, also where these are not kept.
            {made_of[each][1], made_of[each][0] if source == path else None}
            for source, each in its_own.items()
        ]
        for digest in set.intersection(*digests) - {None}:
            found.setdefault(digest, []).append(path)
    return found
