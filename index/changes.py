"""Read from the database what a search index has to take in or forget."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, func, select

from index import schema
from index.lexical import LexicalText

BATCH = 2_000
"""Rows read from the database at once."""


def count_rows(connection: Connection, table: Table) -> int:
    """How many rows the table has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def removed_passages(connection: Connection, since: int) -> list[tuple[int, int]]:
    """The first passage and the number of passages of what was deleted after generation `since`."""
    table = schema.deletions
    rows = connection.execute(
        select(table.c.first_passage, table.c.passages).where(table.c.generation > since)
    )
    return [(row.first_passage, row.passages) for row in rows]


def passage_texts(connection: Connection, since: int) -> Iterator[LexicalText]:
    """The passages that came after generation `since`, by id."""
    return (text for text, _ in added_passages(connection, since))


def document_texts(connection: Connection, since: int) -> Iterator[LexicalText]:
    """The documents that came after generation `since`, each named by its first passage."""
    table = schema.documents
    rows = connection.execution_options(yield_per=BATCH).execute(
        select(table.c.first_passage, table.c.collection, table.c.date, table.c.title, table.c.text)
        .where(table.c.generation > since)
        .order_by(table.c.first_passage)
    )
    return (LexicalText(*row) for row in rows)


def added_passages(connection: Connection, since: int) -> Iterator[tuple[LexicalText, bytes]]:
    """The passages that came after generation `since`, by id, each with its vector."""
    passage, document, vector = schema.passages, schema.documents, schema.vectors
    rows = connection.execution_options(yield_per=BATCH).execute(
        select(
            passage.c.id,
            document.c.collection,
            document.c.date,
            document.c.title,
            passage.c.text,
            vector.c.vector,
        )
        .join(document, document.c.id == passage.c.document_id)
        .join(vector, vector.c.passage_id == passage.c.id)
        .where(document.c.generation > since)
        .order_by(passage.c.id)
    )
    for *fields, blob in rows:
        yield LexicalText(*fields), blob
