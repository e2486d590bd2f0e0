"""Compose text of the elements of HTML, and of what trafilatura makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from index.formats.text.compose import Composer

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEFT_OUT = frozenset(
    "script style noscript template nav aside form button select svg iframe object audio video "
    "figcaption head dialog menu del".split()
)
_BLOCKS = frozenset(
    "p div section article main header footer ul ol dl li dt dd item list quote blockquote pre "
    "figure address hr body html center fieldset details summary tr td th tbody thead row "
    "caption".split()
)
_ROWS = frozenset(("tr", "row"))
_WIDEST = 100
"""Columns or rows that a cell may span: damaged pages say any number."""
_CELLS = frozenset(("td", "th", "cell"))


def compose_markup(
    composer: Composer,
    root: _Element,
    leave_out: Callable[[str, bool], bool] = lambda _words, _heading: False,
) -> None:
    """Add an element and all that is in it, but what `leave_out` says.

    It is called for each paragraph, table and heading in order: with its words, and whether it is
    a heading.
    """
    _Walk(composer, leave_out).element(root)


def inner_text(element: _Element) -> str:
    """All words of an element on one line."""
    pieces: list[str] = []
    _gather(element, pieces)
    return " ".join("".join(pieces).split())


def _gather(element: _Element, pieces: list[str]) -> None:
    if _name(element) in ("script", "style", "noscript", "template", ""):
        return
    pieces.append(element.text or "")
    for child in element:
        if not _is_note_mark(child, _name(child)):
            # Words of two blocks do not run together.
            pieces.append(" " if _name(child) in _BLOCKS or _name(child) in ("br", "lb") else "")
            _gather(child, pieces)
        pieces.append(child.tail or "")


class _Walk:
    def __init__(self, composer: Composer, leave_out: Callable[[str, bool], bool]) -> None:
        self._composer = composer
        self._leave_out = leave_out
        self._inline: list[str] = []

    def element(self, root: _Element) -> None:
        self._visit(root)
        self._flush()

    def _visit(self, element: _Element) -> None:
        name = _name(element)
        level = _level(element, name)
        if level:
            self._flush()
            words = inner_text(element)
            if words and not self._leave_out(words, True):
                self._composer.heading(level, words)
        elif name in _LEFT_OUT or not name or _is_hidden(element) or _is_note_mark(element, name):
            return
        elif name == "table" and _is_data(element):
            self._flush()
            if not self._leave_out(inner_text(element), False):
                self._composer.table(_rows(element))
        elif name in ("br", "lb"):
            self._inline.append("\n")
        else:
            self._children(element, is_block=name in _BLOCKS)

    def _children(self, element: _Element, *, is_block: bool) -> None:
        if is_block:
            self._flush()
        self._text(element.text)
        for child in element:
            self._visit(child)
            self._text(child.tail)
        if is_block:
            self._flush()

    def _text(self, text: str | None) -> None:
        if text:
            # A line end in the source is white space; one that shows is a <br>.
            self._inline.append(text.replace("\r", " ").replace("\n", " "))

    def _flush(self) -> None:
        words = "".join(self._inline)
        self._inline = []
        plain = " ".join(words.split())
        if plain and not self._leave_out(plain, False):
            self._composer.paragraph(words)


def _name(element: _Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _level(element: _Element, name: str) -> int:
    if name == "head" and (said := element.get("rend", "")) in _HEADINGS:
        return _HEADINGS[said]
    return _HEADINGS.get(name, 0)


def _is_hidden(element: _Element) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style


def _is_note_mark(element: _Element, name: str) -> bool:
    """Whether an element only leads to a note, or from it back to the text."""
    if name == "sup":
        return len(element) == 1 and _is_note_mark(element[0], _name(element[0]))
    said = f"{element.get('role', '')} {element.get('class', '')}"
    if name == "a" and any(mark in said for mark in ("footnote", "doc-noteref", "doc-backlink")):
        return True
    return (
        name == "a"
        and element.get("href", "").startswith("#")
        and not any(map(str.isalpha, inner_text(element)))
    )


def _is_data(table: _Element) -> bool:
    """Whether a table has rows of cells, rather than laying out a page."""
    if any(_name(each) == "table" for each in table.iterdescendants()):
        return False
    rows = _rows(table)
    return len(rows) > 1 and max(len(row) for row in rows) > 1


def _rows(table: _Element) -> list[list[str]]:
    """The words of each cell; those of one that spans several stand in each of its places."""
    rows: list[list[str]] = []
    left: dict[int, tuple[int, str]] = {}  # By column: how many more rows a cell fills.
    for row in table.iterdescendants():
        if _name(row) not in _ROWS:
            continue
        words: list[str] = []
        below: dict[int, tuple[int, str]] = {}
        cells = [cell for cell in row if _name(cell) in _CELLS]
        for cell in cells:
            _fill(words, left, below)
            said, height = inner_text(cell), _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if height > 1:
                    below[len(words)] = (height - 1, said)
                words.append(said)
        _fill(words, left, below)
        rows.append(words)
        left = below
    return rows


def _fill(
    words: list[str], left: dict[int, tuple[int, str]], below: dict[int, tuple[int, str]]
) -> None:
    """Add the cells from rows above that stand next in a row."""
    while len(words) in left:
        more, said = left[len(words)]
        if more > 1:
            below[len(words)] = (more - 1, said)
        words.append(said)


def _span(cell: _Element, name: str) -> int:
    """How many rows or columns a cell fills; as in HTML, at least one, and not without end."""
    said = (cell.get(name) or "").strip()
    return min(max(int(said), 1), _WIDEST) if said.isdecimal() and len(said) < 6 else 1
