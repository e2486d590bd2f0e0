"""Read documents and passages."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from index.errors import UnknownDocument
from index.store import schema
from index.store.near_duplicates import duplicates_of
from index.types import Document, Filter, Passage

_CHUNK = 500
"""Ids in one IN list, at the most: SQLite takes a limited number of variables."""


def list_documents(
    connection: Connection,
    limit: Filter,
    *,
    titled: str = "",
    count: int | None = None,
    offset: int = 0,
) -> list[Document]:
    """The documents that pass the filter, newest report first, those without a date last.

    Only those whose title has every word of `titled`, in whatever case ASCII has it.
    """
    table = schema.documents
    query = _titled(_limited(select(*_columns()), limit), titled)
    query = query.order_by(table.c.date.is_(None), table.c.date.desc(), table.c.id)
    if count is not None:
        query = query.limit(count)
    rows = connection.execute(query.offset(offset) if offset else query).all()
    return _with_sources(connection, rows)


def count_documents(connection: Connection, limit: Filter, *, titled: str = "") -> int:
    """How many documents pass the filter and have such a title."""
    query = _titled(_limited(select(func.count()).select_from(schema.documents), limit), titled)
    return int(connection.execute(query).scalar_one())


def report_days(connection: Connection, limit: Filter) -> list[datetime.date]:
    """The days of the documents that pass the filter, each once, oldest first."""
    day = schema.documents.c.date
    query = _limited(select(day).distinct(), limit).where(day.is_not(None)).order_by(day)
    return list(connection.execute(query).scalars())


def get_document(connection: Connection, document_id: str) -> Document:
    """One document. Raises UnknownDocument."""
    rows = connection.execute(select(*_columns()).where(schema.documents.c.id == document_id)).all()
    if not rows:
        raise UnknownDocument(document_id)
    return _with_sources(connection, rows)[0]


def get_documents(connection: Connection, document_ids: Iterable[str]) -> dict[str, Document]:
    """Those of the documents that are there, by id."""
    found: dict[str, Document] = {}
    for some in _chunks(sorted(set(document_ids))):
        rows = connection.execute(select(*_columns()).where(schema.documents.c.id.in_(some))).all()
        found.update((document.id, document) for document in _with_sources(connection, rows))
    return found


def get_text(connection: Connection, document_id: str) -> str:
    """A document's text. Raises UnknownDocument."""
    text = connection.execute(
        select(schema.documents.c.text).where(schema.documents.c.id == document_id)
    ).scalar()
    if text is None:
        raise UnknownDocument(document_id)
    return str(text)


def documents_saying(connection: Connection, document_ids: Iterable[str], word: str) -> set[str]:
    """Those of the documents whose text has the word, in whatever case ASCII has it."""
    table = schema.documents
    found: set[str] = set()
    for some in _chunks(sorted(set(document_ids))):
        says = table.c.text.icontains(word, autoescape=True)
        found.update(
            connection.execute(select(table.c.id).where(table.c.id.in_(some), says)).scalars()
        )
    return found


def get_passages(connection: Connection, passage_ids: Iterable[int]) -> dict[int, Passage]:
    """Those of the passages that are there, by id."""
    found: dict[int, Passage] = {}
    for some in _chunks(sorted(set(passage_ids))):
        rows = connection.execute(_passages().where(schema.passages.c.id.in_(some)))
        found.update((row.id, Passage(*row)) for row in rows)
    return found


def passages_of(connection: Connection, document_ids: Iterable[str]) -> dict[str, list[Passage]]:
    """The passages of each of the documents, in order."""
    table = schema.passages
    found: dict[str, list[Passage]] = {each: [] for each in sorted(set(document_ids))}
    for some in _chunks(list(found)):
        query = _passages().where(table.c.document_id.in_(some)).order_by(table.c.id)
        for row in connection.execute(query):
            found[row.document_id].append(Passage(*row))
    return found


def find_passage(connection: Connection, document_id: str, start: int, end: int) -> Passage | None:
    """The passage that holds this range of a document; None if document or range is not there."""
    table = schema.passages
    holds = (table.c.document_id == document_id, table.c.start <= start, table.c.end >= end)
    number = connection.execute(select(table.c.id).where(*holds).order_by(table.c.id)).scalar()
    return None if number is None else get_passages(connection, [number])[number]


def passage_ranges(connection: Connection, limit: Filter) -> list[tuple[int, int]]:
    """First id and number of the passages of each document that passes the filter."""
    table = schema.documents
    query = _limited(select(table.c.first_passage, table.c.passages), limit)
    return [(row.first_passage, row.passages) for row in connection.execute(query)]


def _limited(query: Select[Any], limit: Filter) -> Select[Any]:
    table = schema.documents
    if limit.collection is not None:
        query = query.where(table.c.collection == limit.collection)
    if limit.since is not None:
        query = query.where(table.c.date >= limit.since)
    if limit.until is not None:
        query = query.where(table.c.date <= limit.until)
    return query


def _titled(query: Select[Any], titled: str) -> Select[Any]:
    title = schema.documents.c.title
    return query.where(*(title.icontains(word, autoescape=True) for word in titled.split()))


def _passages() -> Select[Any]:
    table, document = schema.passages, schema.documents
    return select(
        table.c.id,
        table.c.document_id,
        table.c.start,
        table.c.end,
        table.c.text,
        document.c.title,
        document.c.date,
    ).join(document, document.c.id == table.c.document_id)


def _columns() -> list[Any]:
    table = schema.documents
    return [
        table.c.id,
        table.c.collection,
        table.c.title,
        table.c.date,
        table.c.date_evidence,
        table.c.media_type,
        table.c.sha256,
        table.c.characters,
        table.c.passages,
        table.c.added_at,
        table.c.title_evidence,
        table.c.author,
        table.c.url,
        table.c.original.is_not(None).label("has_original"),
    ]


def _with_sources(connection: Connection, rows: Sequence[Row[Any]]) -> list[Document]:
    sources: dict[str, list[str]] = {}
    table = schema.sources
    for some in _chunks([row.id for row in rows]):
        query = select(table.c.document_id, table.c.source).where(table.c.document_id.in_(some))
        for row in connection.execute(query.order_by(table.c.source)):
            sources.setdefault(row.document_id, []).append(row.source)
    same = duplicates_of(connection, [row.id for row in rows])
    return [
        Document(
            **row._asdict(),
            sources=tuple(sources.get(row.id, ())),
            duplicates=same.get(row.id, ()),
        )
        for row in rows
    ]


def _chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))
