"""Read Word files: paragraphs, headings, tables and notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.formats.nested.package import Package
from index.formats.office.properties import attribute, local, read_properties, related
from index.formats.text.compose import Composer
from index.formats.types import Extracted, Reading

if TYPE_CHECKING:
    from lxml.etree import _Element

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAIN = "word/document.xml"
_HEADING = re.compile(r"heading ([1-9])", re.I)
_MARKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LEFT_OUT = frozenset(("del", "moveFrom", "instrText", "Fallback", "pPr", "rPr", "footnoteRef"))


def read(content: bytes, reading: Reading) -> Iterator[Extracted]:  # noqa: ARG001
    """The one document. Raises UnreadableReport."""
    package = Package(content)
    title, day, author = read_properties(package)
    writer = _Writer(package)
    writer.write(package.read_xml(_MAIN).find("{*}body"))
    text, parts = writer.composer.finish()
    evidence = "metadata" if title else None
    if writer.title:
        title, evidence = writer.title, "heading"
    yield Extracted(
        text,
        _MEDIA_TYPE,
        title=title,
        title_evidence=evidence,
        date=day,
        date_evidence="metadata" if day else None,
        author=author,
        parts=parts,
    )


class _Writer:
    """Composes the text; `title` is what the paragraph in the style Title says."""

    def __init__(self, package: Package) -> None:
        self.composer = Composer()
        self.title = ""
        self._styles = _style_names(package)
        self._notes = _notes(package)
        self._noted: list[str] = []

    def write(self, parent: _Element | None) -> None:
        """Add the paragraphs and tables in an element, each table row a paragraph."""
        for element in () if parent is None else parent:
            name = local(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self.composer.table(
                    [
                        [
                            " ".join(map(self._words, cell.iter("{*}p")))
                            for cell in row.iter("{*}tc")
                        ]
                        for row in element.iterfind("{*}tr")
                    ]
                )
                self._write_notes()
            elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
                self.write(element)

    def _paragraph(self, element: _Element) -> None:
        style = element.find("{*}pPr/{*}pStyle")
        named = attribute(style, "val") if style is not None else None
        name = self._styles.get(named or "", named or "").lower()
        words = self._words(element)
        if name == "title":
            self.title = self.title or " ".join(words.split())
            self.composer.heading(1, words)
        elif heading := _HEADING.fullmatch(name):
            self.composer.heading(int(heading[1]) + 1, words)
        elif name != "caption" and not name.startswith("toc"):
            self.composer.paragraph(words)
        self._write_notes()
        for box in element.iter("{*}txbxContent"):
            if not any(local(each) == "Fallback" for each in box.iterancestors()):
                self.write(box)

    def _write_notes(self) -> None:
        noted, self._noted = self._noted, []
        for note in noted:
            self.composer.paragraph(note)

    def _words(self, element: _Element) -> str:
        pieces: list[str] = []
        for each in element:
            name = local(each)
            if name == "t":
                pieces.append(each.text or "")
            elif name in _MARKS:
                pieces.append(_MARKS[name])
            elif name in ("footnoteReference", "endnoteReference"):
                self._noted += self._notes.get((name[:-9], attribute(each, "id") or ""), [])
            elif name not in _LEFT_OUT and name != "txbxContent":
                pieces.append(self._words(each))
        return "".join(pieces)


def _style_names(package: Package) -> dict[str, str]:
    """The styles' names in English by their ids, which are in the writer's language."""
    if "word/styles.xml" not in package.names():
        return {}
    found = {}
    for style in package.read_xml("word/styles.xml").iterfind("{*}style"):
        name = style.find("{*}name")
        if name is not None:
            found[attribute(style, "styleId") or ""] = attribute(name, "val") or ""
    return found


def _notes(package: Package) -> dict[tuple[str, str], list[str]]:
    """The paragraphs of foot- and endnotes, by kind and id."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, name in related(package, _MAIN).values():
        if kind in ("footnotes", "endnotes") and name in package.names():
            for note in package.read_xml(name):
                words = [
                    "".join(text.text or "" for text in paragraph.iter("{*}t"))
                    for paragraph in note.iter("{*}p")
                ]
                found[kind[:-1], attribute(note, "id") or ""] = words
    return found
