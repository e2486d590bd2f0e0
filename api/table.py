"""Lay figures out in columns."""

from __future__ import annotations

from collections.abc import Sequence

MOST_WIDTH = 100
_GAP = "  "


def show_table(names: Sequence[str], columns: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The figures under their columns' headings, right aligned, each row after its name.

    A column is its heading and one cell a name. Columns that would pass `MOST_WIDTH` go on in
    another table below; each has one column at least.
    """
    first = max(map(len, names), default=0)
    tables: list[list[str]] = []
    for heading, cells in columns:
        width = max(map(len, (heading, *cells)))
        column = [_GAP + cell.rjust(width) for cell in (heading, *cells)]
        if not tables or len(tables[-1][0]) + len(column[0]) > MOST_WIDTH:
            tables.append([name.ljust(first) for name in ("", *names)])
        tables[-1] = [row + cell for row, cell in zip(tables[-1], column, strict=True)]
    return "\n\n".join("\n".join(table) for table in tables)
