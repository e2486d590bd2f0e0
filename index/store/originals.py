"""The bytes that documents were made from: keep, read and forget them."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, insert, select, update

from index.errors import OriginalNotKept, UnknownDocument
from index.store import schema
from index.store.database import Database
from index.types import Original


def keep_original(connection: Connection, original: Original) -> None:
    """Keep the bytes, once, whatever names they come under."""
    table = schema.originals
    there = select(table.c.sha256).where(table.c.sha256 == original.sha256)
    if connection.execute(there).first() is None:
        connection.execute(
            insert(table).values(
                sha256=original.sha256,
                name=original.name,
                media_type=original.media_type,
                content=original.content,
            )
        )


def add_original(connection: Connection, document_id: str, original: Original) -> None:
    """Keep the bytes of a document that is there, unless they are kept."""
    if _is_without(connection, document_id):
        keep_original(connection, original)
        table = schema.documents
        connection.execute(
            update(table).where(table.c.id == document_id).values(original=original.sha256)
        )


def complete(database: Database, document_id: str, original: Original) -> None:
    """The same in a transaction of its own; a document from before originals were kept gets one."""
    with database.read() as connection:
        is_without = _is_without(connection, document_id)
    if is_without:
        with database.write() as connection:
            add_original(connection, document_id, original)


def _is_without(connection: Connection, document_id: str) -> bool:
    table = schema.documents
    without = (table.c.id == document_id, table.c.original.is_(None))
    return connection.execute(select(table.c.id).where(*without)).first() is not None


def get_original(connection: Connection, document_id: str) -> Original:
    """What the document was made from. Raises UnknownDocument and OriginalNotKept."""
    table, document = schema.originals, schema.documents
    row = connection.execute(
        select(table.c.name, table.c.media_type, table.c.content, table.c.sha256)
        .select_from(document)
        .outerjoin(table, table.c.sha256 == document.c.original)
        .where(document.c.id == document_id)
    ).first()
    if row is None:
        raise UnknownDocument(document_id)
    if row.sha256 is None:
        raise OriginalNotKept(document_id)
    return Original(*row)


def forget_original(connection: Connection, sha256: str) -> None:
    """Delete the bytes unless a document still needs them."""
    needed = exists().where(schema.documents.c.original == sha256)
    table = schema.originals
    connection.execute(delete(table).where(table.c.sha256 == sha256, ~needed))
