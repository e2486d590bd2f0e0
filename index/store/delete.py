"""Delete documents: from the moment that the transaction ends they are nowhere."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, literal, select, update

from index.errors import UnknownDocument
from index.store import schema
from index.store.collections import require
from index.store.database import Database
from index.store.near_duplicates import forget_story
from index.store.originals import forget_original


def delete_document(database: Database, document_id: str) -> None:
    """Delete a document with its passages, vectors and sources. Raises UnknownDocument."""
    with database.write() as connection:
        remove_document(connection, document_id)


def remove_document(connection: Connection, document_id: str) -> None:
    """Delete within the caller's transaction. Raises UnknownDocument."""
    table = schema.documents
    found = connection.execute(
        select(table.c.first_passage, table.c.passages, table.c.text, table.c.original).where(
            table.c.id == document_id
        )
    ).first()
    if found is None:
        raise UnknownDocument(document_id)
    generation = _next_generation(connection)
    connection.execute(
        insert(schema.deletions).values(
            first_passage=found.first_passage, passages=found.passages, generation=generation
        )
    )
    forget_story(connection, document_id, found.text)
    # Passages, vectors, sources and pairs go with it: their keys cascade.
    connection.execute(delete(table).where(table.c.id == document_id))
    if found.original is not None:
        forget_original(connection, found.original)


def delete_collection(database: Database, name: str) -> int:
    """Delete a collection with all its documents; how many there were. Raises UnknownCollection."""
    with database.write() as connection:
        require(connection, name)
        table = schema.documents
        its_own = table.c.collection == name
        ids = select(table.c.id).where(its_own)
        generation = _next_generation(connection)
        gone = select(table.c.first_passage, table.c.passages, literal(generation)).where(its_own)
        connection.execute(
            insert(schema.deletions).from_select(["first_passage", "passages", "generation"], gone)
        )
        connection.execute(
            delete(schema.story_keys).where(schema.story_keys.c.document_id.in_(ids))
        )
        count = int(connection.execute(delete(table).where(its_own)).rowcount)
        used = select(table.c.original).where(table.c.original.is_not(None))
        connection.execute(delete(schema.originals).where(schema.originals.c.sha256.not_in(used)))
        seen = schema.seen_files
        connection.execute(delete(seen).where(seen.c.collection == name))
        connection.execute(delete(schema.collections).where(schema.collections.c.name == name))
        return count


def _next_generation(connection: Connection) -> int:
    return int(
        connection.execute(
            update(schema.state)
            .values(generation=schema.state.c.generation + 1)
            .returning(schema.state.c.generation)
        ).scalar_one()
    )
