"""Correct a document's title or date: what was embedded with them is embedded again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, insert, select, update

from index.errors import UnknownDocument
from index.passages import embedded_texts
from index.store import schema
from index.store.database import Database
from index.store.write import insert_passages, take_passage_ids
from index.types import Encoder, PassageRange, Vectors


@dataclass(frozen=True, slots=True)
class Edit:
    """A correction: no `title` leaves it; no `date` removes it if `has_date`, else leaves it."""

    title: str | None = None
    date: datetime.date | None = None
    has_date: bool = False


@dataclass(frozen=True, slots=True)
class _Before:
    """A document's state that an edit is made from."""

    row: Any
    passages: Sequence[Any]


def edit_document(database: Database, encoder: Encoder, document_id: str, edit: Edit) -> None:
    """Change title and date in one transaction with the vectors that go with them.

    Only texts that differ for the encoder are embedded, of this document alone. The document's text
    and id stay. The edit lasts until other bytes replace the document. Raises UnknownDocument, and
    HomeUnusable for another encoder.
    """
    database.use_encoder(encoder.fingerprint)
    is_written = False
    while not is_written:
        with database.read() as connection:
            before = _read(connection, document_id)
        title = before.row.title if edit.title is None else edit.title
        date = edit.date if edit.has_date else before.row.date
        evidence = ("given" if date else None) if edit.has_date else before.row.date_evidence
        vectors = _vectors(before, title, date, encoder)
        with database.write() as connection:
            # Embedding takes its time: another edit, or a delete, may have come first.
            is_written = _read(connection, document_id).row == before.row
            if is_written:
                _write(connection, before, vectors, title, date, evidence)


def _read(connection: Connection, document_id: str) -> _Before:
    document, passage, vector = schema.documents, schema.passages, schema.vectors
    row = connection.execute(
        select(
            document.c.id,
            document.c.title,
            document.c.date,
            document.c.date_evidence,
            document.c.first_passage,
            document.c.passages,
            document.c.generation,
        ).where(document.c.id == document_id)
    ).first()
    if row is None:
        raise UnknownDocument(document_id)
    passages = connection.execute(
        select(passage.c.start, passage.c.end, passage.c.text, vector.c.vector)
        .join(vector, vector.c.passage_id == passage.c.id)
        .where(passage.c.document_id == document_id)
        .order_by(passage.c.id)
    ).all()
    return _Before(row, passages)


def _vectors(before: _Before, title: str, date: datetime.date | None, encoder: Encoder) -> Vectors:
    """The passages' vectors after the edit."""
    texts = [row.text for row in before.passages]
    was = embedded_texts(texts, before.row.title, before.row.date, encoder)
    now = embedded_texts(texts, title, date, encoder)
    changed = [number for number, text in enumerate(now) if text != was[number]]
    rows = [np.frombuffer(row.vector, dtype="<f4") for row in before.passages]
    new = encoder.embed_passages([now[number] for number in changed])
    for number, vector in zip(changed, new, strict=True):
        rows[number] = vector
    return np.stack(rows)


def _write(
    connection: Connection,
    before: _Before,
    vectors: Vectors,
    title: str,
    date: datetime.date | None,
    evidence: str | None,
) -> None:
    row, table = before.row, schema.documents
    changes: dict[str, Any] = {"title": title, "date": date, "date_evidence": evidence}
    if title != row.title:
        changes["title_evidence"] = "given"
    if (title, date) != (row.title, row.date):
        # The search indexes forget the old passages and take in the new: ids are used once.
        first, generation = take_passage_ids(connection, row.passages)
        changes |= {"first_passage": first, "generation": generation}
        connection.execute(
            insert(schema.deletions).values(
                first_passage=row.first_passage, passages=row.passages, generation=generation
            )
        )
        connection.execute(delete(schema.passages).where(schema.passages.c.document_id == row.id))
        ranges = [PassageRange(each.start, each.end) for each in before.passages]
        texts = [each.text for each in before.passages]
        insert_passages(connection, row.id, first, ranges, texts, vectors)
    connection.execute(update(table).where(table.c.id == row.id).values(**changes))
