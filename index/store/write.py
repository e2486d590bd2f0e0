"""Write a report into the database, whole or not at all."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Collection, Sequence

import numpy as np
from sqlalchemy import Connection, delete, insert, or_, select, update

from index.store import collections, schema
from index.store.database import Database
from index.store.delete import remove_document
from index.store.near_duplicates import note_duplicates
from index.store.originals import add_original, keep_original
from index.store.places import insert_places
from index.types import Original, ParsedReport, PassageRange, Stored, Vectors


def document_id(collection: str, sha256: str) -> str:
    """The id of these bytes in this collection: the same on every machine."""
    digest = hashlib.sha256(f"{collection}\0{sha256}".encode()).hexdigest()
    return f"doc_{digest[:16]}"


def free_id(connection: Connection, collection: str, sha256: str) -> str:
    """The id for these bytes: `document_id`, or another where a renamed collection has that."""
    table = schema.documents
    wanted, times = document_id(collection, sha256), 0
    while connection.execute(select(table.c.id).where(table.c.id == wanted)).first() is not None:
        times += 1
        wanted = document_id(f"{collection}\0{times}", sha256)
    return wanted


def is_stored(database: Database, collection: str, source: str, sha256: str) -> str | None:
    """The document's id if these bytes are already what the source holds: nothing is left to do."""
    with database.read() as connection:
        found = _source_document(connection, collection, source)
        return found if found == _known(connection, collection, sha256) else None


def store_report(
    database: Database,
    report: ParsedReport,
    ranges: Sequence[PassageRange],
    vectors: Vectors,
    *,
    collection: str,
    source: str,
    original: Original | None = None,
    within: Callable[[Connection, Stored], object] = lambda _connection, _stored: None,
) -> Stored:
    """Store the report, its passages, their vectors and the original bytes in one transaction.

    The same bytes in a collection are one document, which then has one source more. A document
    whose source now holds other bytes goes in the same transaction, unless another source still
    holds it. `within` is called in the transaction, at its end. Raises InvalidCollection.
    """
    with database.write() as connection:
        stored = _store(connection, report, ranges, vectors, collection, source, original)
        within(connection, stored)
        return stored


def _store(
    connection: Connection,
    report: ParsedReport,
    ranges: Sequence[PassageRange],
    vectors: Vectors,
    collection: str,
    source: str,
    original: Original | None,
) -> Stored:
    collections.ensure(connection, collection)
    old_id = _source_document(connection, collection, source)
    known = _known(connection, collection, report.sha256)
    new_id = known or free_id(connection, collection, report.sha256)
    if known is None:
        if original is not None:
            keep_original(connection, original)
        _insert(connection, new_id, report, ranges, vectors, collection, original)
        note_duplicates(connection, new_id, report.text)
    elif original is not None:
        add_original(connection, new_id, original)
    if old_id == new_id:
        return Stored("unchanged", new_id)
    table = schema.sources
    if old_id is None:
        connection.execute(
            insert(table).values(collection=collection, source=source, document_id=new_id)
        )
        return Stored("added" if known is None else "unchanged", new_id)
    connection.execute(
        update(table)
        .where(table.c.collection == collection, table.c.source == source)
        .values(document_id=new_id)
    )
    if connection.execute(select(table.c.source).where(table.c.document_id == old_id)).first():
        return Stored("replaced", new_id)
    remove_document(connection, old_id)
    return Stored("replaced", new_id)


def _known(connection: Connection, collection: str, sha256: str) -> str | None:
    table = schema.documents
    return connection.execute(
        select(table.c.id).where(table.c.collection == collection, table.c.sha256 == sha256)
    ).scalar_one_or_none()


def forget_members(database: Database, collection: str, source: str, kept: Collection[str]) -> None:
    """Forget what a file of several reports no longer holds: all members but those in `kept`."""
    table = schema.sources
    with database.read() as connection:
        rows = connection.execute(
            select(table.c.source, table.c.document_id).where(
                table.c.collection == collection,
                # Between "#" and the next character lies whatever begins with the source and "#".
                or_(
                    table.c.source == source,
                    table.c.source.between(f"{source}#", f"{source}$"),
                ),
            )
        ).all()
    gone = [row for row in rows if row.source not in kept]
    if not gone:
        return
    with database.write() as connection:
        for row in gone:
            connection.execute(
                delete(table).where(table.c.collection == collection, table.c.source == row.source)
            )
        for document in dict.fromkeys(row.document_id for row in gone):
            held = select(table.c.source).where(table.c.document_id == document)
            if connection.execute(held).first() is None:
                remove_document(connection, document)


def _source_document(connection: Connection, collection: str, source: str) -> str | None:
    table = schema.sources
    return connection.execute(
        select(table.c.document_id).where(
            table.c.collection == collection, table.c.source == source
        )
    ).scalar_one_or_none()


def _insert(
    connection: Connection,
    new_id: str,
    report: ParsedReport,
    ranges: Sequence[PassageRange],
    vectors: Vectors,
    collection: str,
    original: Original | None,
) -> None:
    first_passage, generation = take_passage_ids(connection, len(ranges))
    connection.execute(
        insert(schema.documents).values(
            id=new_id,
            collection=collection,
            sha256=report.sha256,
            title=report.title,
            date=report.date,
            date_evidence=report.date_evidence,
            media_type=report.media_type,
            text=report.text,
            characters=len(report.text),
            first_passage=first_passage,
            passages=len(ranges),
            added_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            generation=generation,
            original=None if original is None else original.sha256,
            title_evidence=report.title_evidence,
            author=report.author,
            url=report.url,
        )
    )
    texts = [report.text[found.start : found.end] for found in ranges]
    insert_passages(connection, new_id, first_passage, ranges, texts, vectors)
    insert_places(connection, new_id, report)


def take_passage_ids(connection: Connection, count: int) -> tuple[int, int]:
    """The first of so many new passage ids, and the generation of the change that needs them."""
    taken = connection.execute(
        update(schema.state)
        .values(
            next_passage=schema.state.c.next_passage + count,
            generation=schema.state.c.generation + 1,
        )
        .returning(schema.state.c.next_passage, schema.state.c.generation)
    ).one()
    return taken.next_passage - count, taken.generation


def insert_passages(
    connection: Connection,
    document_id: str,
    first_passage: int,
    ranges: Sequence[PassageRange],
    texts: Sequence[str],
    vectors: Vectors,
) -> None:
    """Insert a document's passages, with ids from `first_passage` on, and their vectors."""
    connection.execute(
        insert(schema.passages),
        [
            {
                "id": first_passage + number,
                "document_id": document_id,
                "start": found.start,
                "end": found.end,
                "text": text,
            }
            for number, (found, text) in enumerate(zip(ranges, texts, strict=True))
        ],
    )
    connection.execute(
        insert(schema.vectors),
        [
            {"passage_id": first_passage + number, "vector": row.astype("<f4").tobytes()}
            for number, row in enumerate(np.asarray(vectors))
        ],
    )
