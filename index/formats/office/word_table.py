"""Tables of Word files as rows of cells, each value under its own heading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from index.formats.office.properties import attribute, local

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_COLUMNS = 1_000
"""A cell that claims to span more is damaged."""


def read_rows(table: _Element, words: Callable[[_Element], str]) -> list[list[str]]:
    """The rows of a table; what a cell spans says the same in every column and row of it.

    The first row is the header: rows that Word repeats on each page, or a first row with merged
    cells and the one below it, are put into one. Deleted rows are left out.
    """
    rows: list[list[str]] = []
    merged: list[bool] = []
    headers = 0
    for row in _children(table, "tr"):
        if row.find("{*}trPr/{*}del") is not None:
            continue
        above = rows[-1] if rows else []
        cells, has_merged = _read_row(row, above, words)
        if headers == len(rows) and row.find("{*}trPr/{*}tblHeader") is not None:
            headers += 1
        rows.append(cells)
        merged.append(has_merged)
    if headers < 2 and len(rows) > 2 and merged[0]:
        headers = 2
    if headers > 1:
        columns = max(map(len, rows[:headers]))
        rows[:headers] = [[_under(rows[:headers], column) for column in range(columns)]]
    return rows


def _read_row(
    row: _Element, above: list[str], words: Callable[[_Element], str]
) -> tuple[list[str], bool]:
    """The cells of a row, and whether one of them spans columns or begins to span rows."""
    cells = [""] * _number(row.find("{*}trPr/{*}gridBefore"), 0)
    has_merged = False
    for cell in _children(row, "tc"):
        span = _number(cell.find("{*}tcPr/{*}gridSpan"), 1)
        down = cell.find("{*}tcPr/{*}vMerge")
        goes_on = down is not None and attribute(down, "val") != "restart"
        said = above[len(cells)] if goes_on and len(cells) < len(above) else words(cell)
        has_merged |= span > 1 or (down is not None and not goes_on)
        cells += [said] * span
    return cells, has_merged


def _under(header: list[list[str]], column: int) -> str:
    """A column's headings, the wider first, each once."""
    said = [row[column] for row in header if column < len(row) and row[column].strip()]
    return " ".join(dict.fromkeys(" ".join(each.split()) for each in said))


def _children(element: _Element, wanted: str) -> Iterator[_Element]:
    """The rows or cells of an element, in content controls as well."""
    for each in element:
        name = local(each)
        if name == wanted:
            yield each
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _children(each, wanted)


def _number(element: _Element | None, default: int) -> int:
    said = "" if element is None else attribute(element, "val") or ""
    return min(int(said), _MOST_COLUMNS) if said.isdecimal() and said.isascii() else default
