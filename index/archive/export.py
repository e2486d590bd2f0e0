"""Write a collection into an archive."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from sqlalchemy import Connection, select

from index.archive.layout import (
    DOCUMENTS,
    MANIFEST,
    ORIGINALS,
    VECTORS,
    Manifest,
    Member,
    OriginalName,
    own_tables,
    row_as_json,
)
from index.store import collections, schema
from index.store.database import Database

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def export_collection(database: Database, name: str, file: BinaryIO) -> Manifest:
    """Write the collection as it is at one moment. Raises UnknownCollection."""
    with (
        database.read() as connection,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        collections.require(connection, name)
        table = schema.documents
        ids = list(
            connection.execute(
                select(table.c.id).where(table.c.collection == name).order_by(table.c.first_passage)
            ).scalars()
        )
        files = {
            DOCUMENTS: _write(archive, DOCUMENTS, _lines(connection, ids)),
            VECTORS: _write(archive, VECTORS, _vectors(connection, ids)),
        }
        originals = {}
        for row in connection.execute(_originals(name)):
            path = ORIGINALS + row.sha256
            files[path] = _write(archive, path, iter([_original(connection, row.sha256)]))
            originals[row.sha256] = OriginalName(row.name, row.media_type)
        manifest = _manifest(connection, name, len(ids), originals, files)
        content = json.dumps(manifest.as_json(), ensure_ascii=False, indent=1).encode()
        _write(archive, MANIFEST, iter([content]))
        return manifest


def _write(archive: zipfile.ZipFile, name: str, content: Iterator[bytes]) -> Member:
    info = zipfile.ZipInfo(name, _LONG_AGO)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    size, digest = 0, hashlib.sha256()
    with archive.open(info, "w", force_zip64=True) as member:
        for part in content:
            member.write(part)
            digest.update(part)
            size += len(part)
    return Member(size, digest.hexdigest())


def _lines(connection: Connection, ids: list[str]) -> Iterator[bytes]:
    table, passage = schema.documents, schema.passages
    for document_id in ids:
        document = connection.execute(select(table).where(table.c.id == document_id)).one()
        passages = connection.execute(
            select(passage).where(passage.c.document_id == document_id).order_by(passage.c.id)
        )
        line = {
            "document": row_as_json(table, document._asdict()),
            "passages": [row_as_json(passage, row._asdict()) for row in passages],
        }
        for own in own_tables():
            rows = connection.execute(
                select(own)
                .where(own.c.document_id == document_id)
                .order_by(*own.primary_key.columns)
            )
            line[own.name] = [row_as_json(own, row._asdict()) for row in rows]
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _vectors(connection: Connection, ids: list[str]) -> Iterator[bytes]:
    passage, vector = schema.passages, schema.vectors
    for document_id in ids:
        rows = connection.execute(
            select(vector.c.vector)
            .join(passage, passage.c.id == vector.c.passage_id)
            .where(passage.c.document_id == document_id)
            .order_by(passage.c.id)
        ).scalars()
        yield b"".join(rows)


def _originals(name: str) -> Any:
    table, document = schema.originals, schema.documents
    used = select(document.c.original).where(document.c.collection == name)
    return (
        select(table.c.sha256, table.c.name, table.c.media_type)
        .where(table.c.sha256.in_(used))
        .order_by(table.c.sha256)
    )


def _original(connection: Connection, sha256: str) -> bytes:
    table = schema.originals
    query = select(table.c.content).where(table.c.sha256 == sha256)
    return bytes(connection.execute(query).scalar_one())


def _manifest(
    connection: Connection,
    name: str,
    documents: int,
    originals: dict[str, OriginalName],
    files: dict[str, Member],
) -> Manifest:
    table = schema.documents
    passages = sum(
        connection.execute(select(table.c.passages).where(table.c.collection == name)).scalars()
    )
    created = select(schema.collections.c.created_at).where(schema.collections.c.name == name)
    encoder = connection.execute(select(schema.state.c.encoder)).scalar_one()
    return Manifest(
        collection=name,
        created_at=connection.execute(created).scalar_one(),
        revision=schema.REVISION,
        encoder=encoder if passages else None,
        dimensions=files[VECTORS].size // 4 // passages if passages else 0,
        documents=documents,
        passages=passages,
        originals=originals,
        files=files,
    )
