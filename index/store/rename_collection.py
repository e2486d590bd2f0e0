"""Give a collection another name."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, literal, select, text, update

from index.errors import CollectionExists
from index.store import schema
from index.store.collections import check_name, list_names, require
from index.store.database import Database
from index.store.write import take_passage_ids


def rename_collection(database: Database, old: str, new: str) -> None:
    """Rename in one transaction; documents keep their ids, and no report is embedded again.

    Raises UnknownCollection, InvalidCollection and CollectionExists.
    """
    check_name(new)
    with database.write() as connection:
        require(connection, old)
        if new in list_names(connection):
            raise CollectionExists(new)
        table = schema.collections
        created = select(literal(new), table.c.created_at).where(table.c.name == old)
        connection.execute(insert(table).from_select(["name", "created_at"], created))
        _move_passages(connection, old)
        for held in (schema.documents, schema.sources, schema.seen_files, schema.jobs):
            connection.execute(update(held).where(held.c.collection == old).values(collection=new))
        connection.execute(table.delete().where(table.c.name == old))


def _move_passages(connection: Connection, collection: str) -> None:
    """Give the passages new ids: the search indexes forget the old ones and take in the new."""
    document, passage, vector = schema.documents, schema.passages, schema.vectors
    its_own = document.c.collection == collection
    first, last = connection.execute(
        select(
            func.min(document.c.first_passage),
            func.max(document.c.first_passage + document.c.passages),
        ).where(its_own)
    ).one()
    if first is None:
        return
    new_first, generation = take_passage_ids(connection, last - first)
    shift = new_first - first
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    gone = select(document.c.first_passage, document.c.passages, literal(generation))
    connection.execute(
        insert(schema.deletions).from_select(
            ["first_passage", "passages", "generation"], gone.where(its_own)
        )
    )
    ids = (
        select(passage.c.id)
        .join(document, document.c.id == passage.c.document_id)
        .where(its_own)
        .scalar_subquery()
    )
    connection.execute(
        update(vector)
        .where(vector.c.passage_id.in_(ids))
        .values(passage_id=vector.c.passage_id + shift)
    )
    connection.execute(update(passage).where(passage.c.id.in_(ids)).values(id=passage.c.id + shift))
    connection.execute(
        update(document)
        .where(its_own)
        .values(first_passage=document.c.first_passage + shift, generation=generation)
    )
