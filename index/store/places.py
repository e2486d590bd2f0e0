"""Where in a document's file its text stands: write and read parts and boxes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from index.errors import UnknownDocument
from index.formats.pdf.boxes import find_boxes
from index.formats.types import Part
from index.store import schema
from index.types import ParsedReport


@dataclass(frozen=True, slots=True)
class Place:
    """The page, and the section, slide, row or record of a file that a range of text begins in."""

    page: int | None
    section: str | None


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes (left, bottom, right, top) on a page, in PDF points from its lower left corner."""

    page: int
    width: float
    height: float
    boxes: tuple[tuple[float, float, float, float], ...]


def insert_places(connection: Connection, document_id: str, report: ParsedReport) -> None:
    """Write the parts and boxes of a document that has none yet."""
    if report.parts:
        connection.execute(
            insert(schema.parts),
            [
                {
                    "document_id": document_id,
                    "number": number,
                    "kind": part.kind,
                    "label": part.label,
                    "start": part.start,
                    "end": part.end,
                }
                for number, part in enumerate(report.parts)
            ],
        )
    if report.boxes:
        connection.execute(
            insert(schema.page_boxes),
            [
                {
                    "document_id": document_id,
                    "page": page.page,
                    "width": page.width,
                    "height": page.height,
                    "start": page.start,
                    "end": page.end,
                    "words": page.words,
                }
                for page in report.boxes
            ],
        )


def get_parts(connection: Connection, document_id: str) -> list[Part]:
    """The parts of a document, in order; none where its format has none. Raises UnknownDocument."""
    _check(connection, document_id)
    table = schema.parts
    rows = connection.execute(
        select(table.c.kind, table.c.label, table.c.start, table.c.end)
        .where(table.c.document_id == document_id)
        .order_by(table.c.number)
    )
    return [Part(*row) for row in rows]


def get_boxes(connection: Connection, document_id: str, start: int, end: int) -> list[Boxes]:
    """Where `text[start:end]` stands on the document's pages, in order.

    None for a document without pages. Raises UnknownDocument.
    """
    _check(connection, document_id)
    table = schema.page_boxes
    rows = connection.execute(
        select(table.c.page, table.c.width, table.c.height, table.c.words)
        .where(table.c.document_id == document_id, table.c.start < end, table.c.end > start)
        .order_by(table.c.page)
    )
    found = (
        Boxes(row.page, row.width, row.height, tuple(find_boxes(row.words, start, end)))
        for row in rows
    )
    return [each for each in found if each.boxes]


def find_places(
    connection: Connection, ranges: Iterable[tuple[str, int, int]]
) -> dict[tuple[str, int, int], Place]:
    """The page and the section in which each range of a document begins."""
    table = schema.parts
    found = {}
    for document_id, start, end in ranges:
        rows = connection.execute(
            select(table.c.kind, table.c.label)
            .where(table.c.document_id == document_id, table.c.start <= start, table.c.end > start)
            .order_by(table.c.number)
        ).all()
        pages = [int(row.label) for row in rows if row.kind == "page"]
        # The slide or row first, then its headings.
        named = sorted(rows, key=lambda row: row.kind == "heading")
        section = ", ".join(row.label for row in named if row.kind != "page")
        found[document_id, start, end] = Place(pages[0] if pages else None, section or None)
    return found


def _check(connection: Connection, document_id: str) -> None:
    table = schema.documents
    if connection.execute(select(table.c.id).where(table.c.id == document_id)).first() is None:
        raise UnknownDocument(document_id)
