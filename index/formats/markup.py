"""Compose text of the elements of HTML, and of what trafilatura makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.formats.compose import Composer

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
_CELLS = frozenset(("td", "th", "cell"))


def compose_markup(composer: Composer, root: _Element) -> None:
    """Add an element and all that is in it."""
    _Walk(composer).element(root)


def inner_text(element: _Element) -> str:
    """All words of an element on one line."""
    parts = [
        text
        for each in element.iter()
        if isinstance(each.tag, str) and _name(each) not in ("script", "style")
        for text in (each.text, *(child.tail for child in each))
    ]
    return " ".join("".join(element.itertext()).split()) if parts else ""


class _Walk:
    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._inline: list[str] = []

    def element(self, root: _Element) -> None:
        self._visit(root)
        self._flush()

    def _visit(self, element: _Element) -> None:
        name = _name(element)
        level = _level(element, name)
        if level:
            self._flush()
            self._composer.heading(level, inner_text(element))
        elif name in _LEFT_OUT or not name or _is_hidden(element):
            return
        elif name == "table" and _is_data(element):
            self._flush()
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


def _is_data(table: _Element) -> bool:
    """Whether a table has rows of cells, rather than laying out a page."""
    if any(_name(each) == "table" for each in table.iterdescendants()):
        return False
    rows = _rows(table)
    return len(rows) > 1 and max(len(row) for row in rows) > 1


def _rows(table: _Element) -> list[list[str]]:
    return [
        [inner_text(cell) for cell in row if _name(cell) in _CELLS]
        for row in table.iterdescendants()
        if _name(row) in _ROWS
    ]
