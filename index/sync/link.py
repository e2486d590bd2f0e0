"""Follow what was moved, copied and removed, in one transaction: no file is read for that."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, insert, select

from index.store import schema
from index.store.database import Database
from index.store.delete import remove_document
from index.sync.compare import Differences
from index.sync.scan import FileStat

UNSETTLED = -1
"""In place of the time of a file that was changed too shortly before the scan."""


def link(
    database: Database, collection: str, found: Differences, stats: Mapping[str, FileStat]
) -> list[str]:
    """Give documents the sources that they have now; those that have none left go.

    Returns the files to take in instead: those whose origin was deleted meanwhile.
    """
    if not (found.linked or found.gone or found.touched or found.changed):
        return []
    with database.write() as connection:
        wanted = {
            path: {
                path + source[len(origin) :]: document_id
                for source, document_id in found.sources[origin].items()
            }
            for path, origin in found.linked.items()
        }
        there = _there(
            connection, {each for its_own in wanted.values() for each in its_own.values()}
        )
        lost = [path for path, its_own in wanted.items() if not there.issuperset(its_own.values())]
        for path in lost:
            del wanted[path]
        left = [*found.gone, *wanted]
        before = {path: found.sources.get(path, {}) for path in left}
        _delete_sources(connection, collection, before)
        rows = [
            {"collection": collection, "source": source, "document_id": document_id}
            for its_own in wanted.values()
            for source, document_id in its_own.items()
        ]
        if rows:
            connection.execute(insert(schema.sources), rows)
        _forget(connection, collection, [*found.gone, *found.changed])
        for path in (*found.touched, *wanted):
            note_seen(connection, collection, path, stats[path])
        for document_id in sorted({each for old in before.values() for each in old.values()}):
            _remove_unless_held(connection, document_id)
        return lost


def note_seen(connection: Connection, collection: str, path: str, stat: FileStat) -> None:
    """Keep how the file looked when it was read."""
    _forget(connection, collection, [path])
    connection.execute(
        insert(schema.seen_files).values(
            collection=collection,
            path=path,
            size=stat.size,
            mtime_ns=stat.mtime_ns,
            inode=stat.inode,
        )
    )


def _there(connection: Connection, document_ids: Collection[str]) -> set[str]:
    table = schema.documents
    return {
        each
        for each in document_ids
        if connection.execute(select(table.c.id).where(table.c.id == each)).first() is not None
    }


def _delete_sources(
    connection: Connection, collection: str, files: Mapping[str, Mapping[str, str]]
) -> None:
    table = schema.sources
    for its_own in files.values():
        for source, document_id in its_own.items():
            # Not if it is another document's by now: whoever changed it has seen the file.
            connection.execute(
                delete(table).where(
                    table.c.collection == collection,
                    table.c.source == source,
                    table.c.document_id == document_id,
                )
            )


def _forget(connection: Connection, collection: str, paths: Collection[str]) -> None:
    table = schema.seen_files
    for path in paths:
        connection.execute(
            delete(table).where(table.c.collection == collection, table.c.path == path)
        )


def _remove_unless_held(connection: Connection, document_id: str) -> None:
    table, document = schema.sources, schema.documents
    held = connection.execute(select(table.c.source).where(table.c.document_id == document_id))
    if held.first() is None:
        there = select(document.c.id).where(document.c.id == document_id)
        if connection.execute(there).first() is not None:
            remove_document(connection, document_id)
