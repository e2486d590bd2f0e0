"""Import an archive as a new collection: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, insert, select

from index.archive.check import Archive, ArchivedDocument, open_archive
from index.errors import CollectionExists
from index.passages import embedded_texts, split_passages
from index.store import schema
from index.store.collections import check_name, list_names
from index.store.database import Database
from index.store.near_duplicates import note_duplicates
from index.store.originals import keep_original
from index.store.write import free_id, insert_passages, take_passage_ids
from index.types import Encoder, Original, PassageRange, Vectors


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in; `new_ids` counts documents whose id was taken here by another collection's."""

    collection: str
    documents: int
    passages: int
    new_ids: int
    embedded_anew: bool


def import_collection(
    path: Path,
    *,
    database: Database,
    encoder: Encoder,
    name: str | None = None,
    on_embedding: Callable[[str | None, int], None] = lambda _encoder, _documents: None,
    on_embedded: Callable[[], None] = lambda: None,
) -> Imported:
    """Import as collection `name`, or under the name it had, in one transaction.

    Vectors of another encoder are of no use here: then `on_embedding` is told whose they are and
    how many documents are embedded anew, and `on_embedded` of each. Everything is checked before
    anything is written. Raises ArchiveUnusable, CollectionExists, InvalidCollection, and
    HomeUnusable for a home of another encoder.
    """
    database.use_encoder(encoder.fingerprint)
    with open_archive(path) as archive:
        manifest = archive.manifest
        name = name or manifest.collection
        check_name(name)
        with database.read() as connection:
            _require_new(connection, name)
        anew = manifest.passages > 0 and manifest.encoder != encoder.fingerprint
        if anew:
            on_embedding(manifest.encoder, manifest.documents)
        # Before the transaction: nobody else can write as long as that lasts.
        embedded = list(_embed(archive, encoder, on_embedded)) if anew else None
        with database.write() as connection:
            _require_new(connection, name)
            connection.execute(
                insert(schema.collections).values(name=name, created_at=manifest.created_at)
            )
            new_ids = _insert_all(connection, archive, name, embedded or _stored(archive))
        passages = sum(len(ranges) for ranges, _ in embedded) if embedded else manifest.passages
        return Imported(name, manifest.documents, passages, new_ids, anew)


_Embedded = tuple[list[PassageRange], Vectors]


def _stored(archive: Archive) -> Iterator[_Embedded]:
    if archive.manifest.passages == 0:
        return
    vectors = archive.vectors()
    at = 0
    for document in archive.documents():
        ranges = document.ranges()
        yield ranges, vectors[at : at + len(ranges)]
        at += len(ranges)


def _embed(
    archive: Archive, encoder: Encoder, on_embedded: Callable[[], None]
) -> Iterator[_Embedded]:
    """Split again, too: another encoder reads passages of another length."""
    for document in archive.documents():
        text = document.row["text"]
        ranges = split_passages(text, encoder)
        passages = [text[each.start : each.end] for each in ranges]
        texts = embedded_texts(passages, document.row["title"], document.row["date"], encoder)
        yield ranges, np.asarray(encoder.embed_passages(texts))
        on_embedded()


def _require_new(connection: Connection, name: str) -> None:
    if name in list_names(connection):
        raise CollectionExists(name)


def _insert_all(
    connection: Connection,
    archive: Archive,
    name: str,
    embedded: Iterator[_Embedded] | list[_Embedded],
) -> int:
    for sha256, known in archive.manifest.originals.items():
        content = archive.original(sha256)
        keep_original(connection, Original(known.name, known.media_type, content, sha256))
    new_ids = 0
    for document, (ranges, vectors) in zip(archive.documents(), embedded, strict=True):
        document_id = _insert(connection, document, name, ranges, vectors)
        new_ids += document_id != document.row["id"]
    return new_ids


def _insert(
    connection: Connection,
    document: ArchivedDocument,
    name: str,
    ranges: list[PassageRange],
    vectors: Vectors,
) -> str:
    row = document.row
    table = schema.documents
    taken = connection.execute(select(table.c.id).where(table.c.id == row["id"])).first()
    document_id = str(row["id"]) if taken is None else free_id(connection, name, row["sha256"])
    first_passage, generation = take_passage_ids(connection, len(ranges))
    connection.execute(
        insert(table).values(
            **row
            | {
                "id": document_id,
                "collection": name,
                "first_passage": first_passage,
                "passages": len(ranges),
                "generation": generation,
            }
        )
    )
    texts = [row["text"][each.start : each.end] for each in ranges]
    insert_passages(connection, document_id, first_passage, ranges, texts, vectors)
    for table_name, rows in document.own.items():
        own = schema.metadata.tables[table_name]
        for each in rows:
            more = {"collection": name} if "collection" in own.columns else {}
            connection.execute(insert(own).values(**each, **more, document_id=document_id))
    note_duplicates(connection, document_id, row["text"])
    return document_id
