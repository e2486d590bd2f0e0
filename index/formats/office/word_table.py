"""Tables of Word files as rows of cells, each value under its own heading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.formats.office.properties import attribute, local

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_COLUMNS = 1_000
"""A cell that claims to span more is damaged."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row's words by column; where a cell spans several, and where it goes on from above."""

    cells: list[str]
    wide: list[bool]
    goes_on: list[bool]
    repeats: bool


def read_rows(table: _Element, words: Callable[[_Element], str]) -> tuple[str, list[list[str]]]:
    """A table's title and its rows; what a cell spans says the same in all that it spans.

    A first row of one cell is the title, "" where there is none. The first row that follows is the
    header: several that Word repeats on each page are put into one, and so is the row below it if
    that only names the columns under its wide cells. Deleted rows are left out.
    """
    rows: list[_Row] = []
    for row in _children(table, "tr"):
        if row.find("{*}trPr/{*}del") is None:
            rows.append(_read_row(row, rows[-1].cells if rows else [], words))
    title = ""
    if len(rows) > 1 and len(rows[0].cells) > 1 and len(set(rows[0].cells)) == 1:
        title = rows.pop(0).cells[0]
    headers = next((at for at, row in enumerate(rows) if not row.repeats), len(rows))
    if headers < 2 and len(rows) > 2 and _names_columns(rows[0], rows[1]):
        headers = 2
    said = [row.cells for row in rows]
    if 1 < headers < len(rows):
        columns = max(map(len, said[:headers]))
        said[:headers] = [[_under(said[:headers], column) for column in range(columns)]]
    elif rows:
        said[0] = _each_once(rows[0])
    return title, said


def _each_once(header: _Row) -> list[str]:
    """A header's words, a wide cell's over the first of its columns alone: the others have none."""
    return [
        "" if wide and column and header.cells[column - 1] == cell else cell
        for column, (cell, wide) in enumerate(zip(header.cells, header.wide, strict=True))
    ]


def _names_columns(first: _Row, second: _Row) -> bool:
    """Whether a second row only says what stands under the wide cells of the first."""
    if not any(first.wide):
        return False
    return all(
        wide or not cell.strip() or goes_on
        for wide, cell, goes_on in zip(first.wide, second.cells, second.goes_on, strict=False)
    )


def _read_row(row: _Element, above: list[str], words: Callable[[_Element], str]) -> _Row:
    before = _number(row.find("{*}trPr/{*}gridBefore"), 0)
    cells, wide, goes_on = [""] * before, [False] * before, [False] * before
    for cell in _children(row, "tc"):
        span = _number(cell.find("{*}tcPr/{*}gridSpan"), 1)
        down = cell.find("{*}tcPr/{*}vMerge")
        from_above = down is not None and attribute(down, "val") != "restart"
        said = above[len(cells)] if from_above and len(cells) < len(above) else words(cell)
        cells += [said] * span
        wide += [span > 1] * span
        goes_on += [from_above] * span
    return _Row(cells, wide, goes_on, row.find("{*}trPr/{*}tblHeader") is not None)


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
