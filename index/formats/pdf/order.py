"""Put the lines of a page into the order in which they are read: column after column."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Sequence

from index.formats.pdf.words import Line, make_line

_GUTTER = 5.0
"""Points between two columns, at the least."""
_LINES = 3
"""Lines in a column, at the least: fewer are cells of a table, or a headline cut in two."""
_CHARACTERS = 16
"""Characters in a column's line, on average and at the least; a table's cells have fewer."""
_SPANNING = 0.35
"""The share of lines that may reach over a gutter: headlines, tables, notes below both columns."""


def read_in_order(lines: Sequence[Line]) -> list[list[Line]]:
    """The columns of a page in order, each with its lines from top to bottom.

    Lines that reach over a gutter part the columns above them from those below.
    """
    gutter = _find_gutter(lines)
    if gutter is None:
        return [joined] if (joined := _join(lines)) else []
    columns: list[list[Line]] = []
    across = [line for line in lines if line.left < gutter < line.right]
    rest = sorted((line for line in lines if line not in across), key=_height, reverse=True)
    for spanning in _join(across):
        above = [line for line in rest if _height(line) > _height(spanning)]
        rest = rest[len(above) :]
        columns += _two_columns(above, gutter)
        columns.append([spanning])
    columns += _two_columns(rest, gutter)
    return _merge_single(columns)


def _two_columns(lines: Sequence[Line], gutter: float) -> list[list[Line]]:
    sides = ([], []) if not lines else _sides(lines, gutter)
    return [column for side in sides if side for column in read_in_order(side)]


def _sides(lines: Sequence[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    left = [line for line in lines if line.right <= gutter]
    return left, [line for line in lines if line.right > gutter]


def _merge_single(columns: Sequence[list[Line]]) -> list[list[Line]]:
    """Columns of one line that follow each other are the lines of one column: a headline's."""
    merged: list[list[Line]] = []
    last_was_single = False
    for column in columns:
        is_single = len(column) == 1
        if is_single and last_was_single:
            merged[-1].append(column[0])
        else:
            merged.append(list(column))
        last_was_single = is_single
    return merged


def _find_gutter(lines: Sequence[Line]) -> float | None:
    """The middle of the white space between two columns; None where there is one column only."""
    if len(lines) < 2 * _LINES:
        return None
    # A gutter can only begin where a line ends.
    ends = sorted({round(line.right, 1) for line in lines})
    best: tuple[float, float] | None = None
    for end in ends:
        starts = [line.left for line in lines if line.left > end + _GUTTER]
        if not starts:
            break
        middle = end + _GUTTER / 2
        across = sum(line.left < middle < line.right for line in lines)
        if across > _SPANNING * len(lines):
            continue
        left, right = _sides(
            [line for line in lines if not line.left < middle < line.right], middle
        )
        if _is_column(left) and _is_column(right) and _stand_beside(left, right):
            width = min(line.left for line in right) - max(line.right for line in left)
            if width >= _GUTTER and (best is None or (-across, width) > best):
                best = (-across, width)
                found = (min(line.left for line in right) + max(line.right for line in left)) / 2
    return None if best is None else found


def _is_column(lines: Sequence[Line]) -> bool:
    letters = sum(len(line.text) for line in lines)
    return len(lines) >= _LINES and letters >= _CHARACTERS * len(lines)


def _stand_beside(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether most of the shorter side stands beside the other, not above or below it."""
    shared = min(_top(left), _top(right)) - max(_bottom(left), _bottom(right))
    shorter = min(_top(left) - _bottom(left), _top(right) - _bottom(right))
    return shared > 0.5 * shorter


def _join(lines: Sequence[Line]) -> list[Line]:
    """Lines from top to bottom; those at one height are one line, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda each: (-_height(each), each.left)):
        if rows and _same_row(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [
        row[0]
        if len(row) == 1
        else make_line([word for line in sorted(row, key=lambda x: x.left) for word in line.words])
        for row in rows
    ]


def _same_row(first: Line, line: Line) -> bool:
    shared = min(first.top, line.top) - max(first.bottom, line.bottom)
    return shared > 0.5 * min(first.top - first.bottom, line.top - line.bottom)


def _height(line: Line) -> float:
    return (line.bottom + line.top) / 2


def _top(lines: Sequence[Line]) -> float:
    return max(line.top for line in lines)


def _bottom(lines: Sequence[Line]) -> float:
    return min(line.bottom for line in lines)


_DIGITS = re.compile(r"[0-9]{1,5}")
_PAGE_NUMBER = re.compile(
    r"(?i)\W*(?:page|p\.|seite)?\s*(?:\d{1,5}|[ivxlc]{1,7})(?:\s*(?:/|of|von|-)\s*\d{1,5})?\W*"
)
_EDGE = 3
"""Lines from the top or the bottom that may be running ones."""

_MARGIN = 0.12
"""The share of a page's height, above and below, in which running lines stand."""
_SIDES = 3
"""Left pages, or right ones, that show a line to run on these alone, at the least."""
_LONGEST_RUNNING = 3
"""Lines of a running head or foot, at the most."""

_Key = tuple[str, int]
Pages = Sequence[tuple[Sequence[Line], float]]
"""The lines of each page, and its height."""


def drop_running(pages: Pages) -> list[list[Line]]:
    """The lines of each page without those that run through the document."""
    edges = [_edges(lines) for lines, _ in pages]
    keys: dict[int, set[_Key]] = {}
    for number, ((_, height), lines) in enumerate(zip(pages, edges, strict=True)):
        keys |= {id(line): _keys(line, number, height) for line in lines}
    met: dict[_Key, set[int]] = {}
    for number, lines in enumerate(edges):
        for key in set[_Key]().union(*(keys[id(line)] for line in lines)):
            met.setdefault(key, set()).add(number)
    kept: list[list[Line]] = []
    for (every, height), edge in zip(pages, edges, strict=True):
        repeated = {
            id(line) for line in edge if any(_runs(met[k], len(pages)) for k in keys[id(line)])
        }
        running = {
            id(line)
            for line in edge
            if _in_margin(line, height)
            and (
                _PAGE_NUMBER.fullmatch(line.text)
                or (id(line) in repeated and not _opens_text(line, every, repeated))
            )
        }
        kept.append([line for line in every if id(line) not in running])
    return kept


def _runs(on: Collection[int], pages: int) -> bool:
    """Whether a line stands on most of the pages, or on nearly all left or all right ones."""
    if len(on) >= 2 and 2 * len(on) > pages:
        return True
    for side in (0, 1):
        found = sum(page % 2 == side for page in on)
        if found >= _SIDES and found >= 0.75 * len(range(side, pages, 2)):
            return True
    return False


def _opens_text(line: Line, every: Sequence[Line], repeated: Container[int]) -> bool:
    """Whether a line that repeats is of a paragraph that does not: text, be it the same each time.

    Lines of one paragraph have the same size, begin at the same left and lie close together.
    """
    block, grown = [line], True
    while grown:
        grown = False
        for other in every:
            if other not in block and any(_adjoin(one, other) for one in block):
                block.append(other)
                grown = True
        if any(id(one) not in repeated for one in block):
            return True
        if len(block) > _LONGEST_RUNNING:
            return True
    return False


def _adjoin(one: Line, other: Line) -> bool:
    gap = abs(one.bottom - other.bottom)
    return (
        abs(one.size - other.size) < 0.5
        and abs(one.left - other.left) < one.size
        and 0 < gap <= 1.6 * one.size
    )


def _edges(lines: Sequence[Line]) -> list[Line]:
    by_height = sorted(lines, key=lambda line: line.bottom)
    return by_height if len(lines) <= 2 * _EDGE else by_height[:_EDGE] + by_height[-_EDGE:]


def _keys(line: Line, page: int, height: float) -> set[_Key]:
    """What a running line has in common with itself on other pages: its height, and its words.

    Its first or last number may be that of the page, and then grows with it.
    """
    text = line.text.lower()
    at = round(line.bottom / max(height, 1) * 50)
    numbers = list(_DIGITS.finditer(text))
    counted = {
        text[: found.start()] + f"#{int(found[0]) - page}" + text[found.end() :]
        for found in (numbers[:1] + numbers[-1:])
    }
    return {(each, at) for each in {text, *counted}}


def _in_margin(line: Line, height: float) -> bool:
    return line.top < _MARGIN * height or line.bottom > (1 - _MARGIN) * height
