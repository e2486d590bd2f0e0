"""Read OpenDocument texts: paragraphs, headings, tables and notes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.errors import UnreadableReport
from index.formats.nested.package import Package
from index.formats.office.properties import attribute, local, real_title
from index.formats.text.compose import Composer
from index.formats.types import Extracted, Reading
from index.metadata.day import read_day

if TYPE_CHECKING:
    from lxml.etree import _Element

_MARKS = {"s": " ", "tab": " ", "line-break": "\n"}
_LEFT_OUT = frozenset(
    (
        "tracked-changes",
        "annotation",
        "note-citation",
        "sequence-decls",
        "forms",
        "table-of-content",
    )
)


def read(content: bytes, reading: Reading) -> Iterator[Extracted]:  # noqa: ARG001
    """The one document. Raises UnreadableReport."""
    package = Package(content)
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise UnreadableReport("locked with a password: save it without one")
    title, day, author = _properties(package)
    root = package.read_xml("content.xml")
    writer = _Writer({"Title"} | _styles_like(root, "Title"))
    writer.write(root.find("{*}body/{*}text"))
    text, parts = writer.composer.finish()
    evidence = "metadata" if title else None
    if writer.title:
        title, evidence = writer.title, "heading"
    yield Extracted(
        text,
        "application/vnd.oasis.opendocument.text",
        title=title,
        title_evidence=evidence,
        date=day,
        date_evidence="metadata" if day else None,
        author=author,
        parts=parts,
    )


def _properties(package: Package) -> tuple[str | None, datetime.date | None, str | None]:
    if "meta.xml" not in package.names():
        return None, None, None
    said = {
        local(each): " ".join("".join(each.itertext()).split())
        for each in package.read_xml("meta.xml").iterfind("{*}meta/*")
    }
    day = read_day(said["creation-date"]) if said.get("creation-date") else None
    author = said.get("initial-creator") or said.get("creator")
    return real_title(said.get("title") or None), day, author or None


def _styles_like(root: _Element, parent: str) -> set[str]:
    """The document's own variants of a style."""
    return {
        attribute(style, "name") or ""
        for style in root.iterfind("{*}automatic-styles/{*}style")
        if attribute(style, "parent-style-name") == parent
    }


_APART = ("p", "h", "list", "list-item", "list-header", "frame", "text-box", "table-cell")


class _Writer:
    """Composes the text; `title` is what the paragraph in the style Title says."""

    def __init__(self, title_styles: set[str]) -> None:
        self.composer = Composer()
        self.title = ""
        self._title_styles = title_styles
        self._noted: list[str] = []

    def write(self, parent: _Element | None) -> None:
        """Add what is in an element."""
        for element in () if parent is None else parent:
            name = local(element)
            if name in ("h", "p"):
                self._paragraph(element, is_heading=name == "h")
            elif name == "table":
                rows = element.iter("{*}table-row")
                self.composer.table(
                    [[_cell(self, each) for each in row if "cell" in local(each)] for row in rows]
                )
                self._write_notes()
            elif name and name not in _LEFT_OUT:
                self.write(element)

    def _paragraph(self, element: _Element, *, is_heading: bool) -> None:
        words = self.words(element)
        style = attribute(element, "style-name") or ""
        if style in self._title_styles:
            self.title = self.title or " ".join(words.split())
            self.composer.heading(1, words)
        elif is_heading:
            self.composer.heading(int(attribute(element, "outline-level") or 1) + 1, words)
        else:
            self.composer.paragraph(words)
        self._write_notes()

    def _write_notes(self) -> None:
        noted, self._noted = self._noted, []
        for note in noted:
            self.composer.paragraph(note)

    def words(self, element: _Element) -> str:
        """The words in an element; its notes come after the paragraph."""
        # White space in the file is one space; what is wider has elements of its own.
        pieces = [" ".join((element.text or " ").split("\n"))] if element.text else []
        for each in element:
            name = local(each)
            if name in _MARKS:
                pieces.append(_MARKS[name])
            elif name == "note":
                body = each.find("{*}note-body")
                self._noted += [self.words(note) for note in (() if body is None else body)]
            elif name and name not in _LEFT_OUT:
                # Words of two blocks, in a list or a box, do not run together.
                apart = " " if name in _APART else ""
                pieces += [apart, self.words(each), apart]
            pieces.append((each.tail or "").replace("\n", " "))
        return "".join(pieces)


def _cell(writer: _Writer, cell: _Element) -> str:
    return " ".join(writer.words(each) for each in cell)
