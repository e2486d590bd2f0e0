"""Read Word files: paragraphs, headings, tables and notes."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from index.errors import UnreadableReport
from index.formats.nested.package import Package
from index.formats.office.numbering import Numbering
from index.formats.office.properties import attribute, local, read_properties, related
from index.formats.office.word_table import read_rows
from index.formats.text.compose import Composer, raise_mark
from index.formats.text.plain import decode_text
from index.formats.types import Extracted, Reading
from index.formats.web.html import decode_page, parse_page
from index.formats.web.markup import compose_markup
from index.metadata.report_date import find_report_date

if TYPE_CHECKING:
    from lxml.etree import _Element

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAIN = "word/document.xml"
_HEADING = re.compile(r"heading ([1-9])", re.I)
_DAY = re.compile(
    r"\b\d{1,2}\.? [A-Z][a-z]{2,8}\.?,? \d{4}\b|\b[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}\b"
    r"|\b\d{4}-\d\d-\d\d\b"
)
_MARKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LEFT_OUT = frozenset(("del", "moveFrom", "instrText", "Fallback", "pPr", "rPr", "footnoteRef"))


def read(content: bytes, reading: Reading) -> Iterator[Extracted]:  # noqa: ARG001
    """The one document. Raises UnreadableReport."""
    package = Package(content)
    title, day, author = read_properties(package)
    main = _main_part(package)
    writer = _Writer(package, main)
    writer.write(package.read_xml(main).find("{*}body"))
    text, parts = writer.composer.finish()
    day_evidence = "metadata" if day else None
    if headed := writer.header_day():
        day, day_evidence = headed, "header"
    evidence = "metadata" if title else None
    if writer.title:
        title, evidence = writer.title, "heading"
    yield Extracted(
        text,
        _MEDIA_TYPE,
        title=title,
        title_evidence=evidence,
        date=day,
        date_evidence=day_evidence,
        author=author,
        parts=parts,
    )


def _main_part(package: Package) -> str:
    """The part that holds the document: Word on the web gives it another name."""
    parts = related(package, "")
    return next((name for kind, name in parts.values() if kind == "officeDocument"), _MAIN)


class _Writer:
    """Composes the text; `title` is what the paragraph in the style Title says."""

    def __init__(self, package: Package, main: str) -> None:
        self.composer = Composer()
        self.title = ""
        self._package = package
        self._parts = related(package, main)
        styles = self._part("styles")
        self._styles = _style_names(styles)
        self._looks = _looks(styles)
        self._numbers = Numbering(self._part("numbering"), styles)
        self._notes = _notes(package, self._parts)
        self._noted: list[str] = []
        self._before = ""

    def _part(self, kind: str) -> _Element | None:
        names = (name for found, name in self._parts.values() if found == kind)
        name = next(names, None)
        known = name is not None and name in self._package.names()
        return self._package.read_xml(name) if known and name else None

    def header_day(self) -> datetime.date | None:
        """The day that the pages' header says, if it says one."""
        for kind, name in self._parts.values():
            if kind == "header" and name in self._package.names():
                root = self._package.read_xml(name)
                for paragraph in root.iter("{*}p"):
                    if found := _DAY.search(self._words(paragraph)):
                        said = find_report_date(
                            found[0], file_name=None, modified=None, today=datetime.date.max
                        )
                        if said is not None:
                            return said.day
        return None

    def write(self, parent: _Element | None) -> None:
        """Add the paragraphs and tables in an element, each table row a paragraph."""
        for element in () if parent is None else parent:
            name = local(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name == "altChunk":
                self._chunk(attribute(element, "id") or "")
            elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
                self.write(element)

    def _table(self, element: _Element) -> None:
        """A table, then what stands in its cells beside their words: tables and boxes."""
        title, rows = read_rows(element, self._cell)
        self.composer.paragraph(title)
        self.composer.table(rows)
        self._write_notes()
        for inside in _innermost(element, "tbl", "txbxContent"):
            if local(inside) == "tbl":
                self._table(inside)
            else:
                self.write(inside)

    def _cell(self, cell: _Element) -> str:
        return " ".join(filter(None, (self._words(each) for each in _innermost(cell, "p"))))

    def _chunk(self, number: str) -> None:
        """A part in another format that Word shows in its place."""
        _, name = self._parts.get(number, ("", ""))
        suffix = name.rpartition(".")[2].lower()
        if suffix not in ("htm", "html", "xhtml", "txt"):
            raise UnreadableReport(
                f"a part of it is another file ({name or 'missing'}): open it in Word and save it "
                "anew"
            )
        content = self._package.read(name)
        if suffix == "txt":
            for line in decode_text(content)[0].splitlines():
                self.composer.paragraph(line)
        else:
            compose_markup(self.composer, parse_page(decode_page(content)))

    def _paragraph(self, element: _Element) -> None:
        style = element.find("{*}pPr/{*}pStyle")
        named = attribute(style, "val") if style is not None else None
        if _is_on(self._looks.get(named or ""), "vanish"):
            return
        name = self._styles.get(named or "", named or "").lower()
        words = self._before + self._words(element)
        if element.find("{*}pPr/{*}rPr/{*}del") is not None:
            # Its end was deleted: it goes on in the next paragraph.
            self._before = words.rstrip() + " "
            return
        self._before = ""
        if words.strip():
            words = self._numbers.next(element) + words
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
        text = ""
        for is_raised, runs in itertools.groupby(self._runs(element), key=lambda run: run[1]):
            said = "".join(words for words, _ in runs)
            text += raise_mark(said, text) if is_raised else said
        return text

    def _runs(self, element: _Element, *, is_raised: bool = False) -> Iterator[tuple[str, bool]]:
        """The words in an element in order, and whether they are raised."""
        for each in element:
            name = local(each)
            if name == "t":
                yield each.text or "", is_raised
            elif name in _MARKS:
                yield _MARKS[name], is_raised
            elif name in ("footnoteReference", "endnoteReference"):
                self._noted += self._notes.get((name[:-9], attribute(each, "id") or ""), [])
            elif name == "r":
                look = [each.find("{*}rPr"), self._looks.get(_style_of(each))]
                if not any(_is_on(of, "vanish") for of in look):
                    yield from self._runs(each, is_raised=any(map(_is_raised, look)))
            elif name not in _LEFT_OUT and name != "txbxContent":
                yield from self._runs(each, is_raised=is_raised)


_NOT_ENTERED = (
    *("Fallback", "del", "moveFrom", "pPr", "rPr", "tblPr", "trPr", "tcPr"),
    *("tbl", "txbxContent"),
)


def _innermost(element: _Element, *wanted: str) -> Iterator[_Element]:
    """The nearest descendants of these names; of alternatives the first, and nothing deleted.

    A box or a table in a cell is not of its words: it is not entered unless it is wanted.
    """
    for each in element:
        name = local(each)
        if name in wanted:
            yield each
        elif name not in _NOT_ENTERED:
            yield from _innermost(each, *wanted)


def _style_of(run: _Element) -> str:
    style = run.find("{*}rPr/{*}rStyle")
    return "" if style is None else attribute(style, "val") or ""


def _is_on(look: _Element | None, name: str) -> bool:
    """Whether a run's properties switch something on."""
    found = None if look is None else look.find(f"{{*}}{name}")
    return found is not None and attribute(found, "val") not in ("0", "false", "off")


def _is_raised(look: _Element | None) -> bool:
    if look is None:
        return False
    aligned, position = look.find("{*}vertAlign"), look.find("{*}position")
    height = "" if position is None else attribute(position, "val") or ""
    return (aligned is not None and attribute(aligned, "val") == "superscript") or (
        height.isdecimal() and int(height) > 0
    )


def _looks(styles: _Element | None) -> dict[str, _Element]:
    """The run properties of the styles, by their ids."""
    return {
        attribute(style, "styleId") or "": look
        for style in (() if styles is None else styles.iterfind("{*}style"))
        if (look := style.find("{*}rPr")) is not None
    }


def _style_names(styles: _Element | None) -> dict[str, str]:
    """The styles' names in English by their ids, which are in the writer's language."""
    if styles is None:
        return {}
    found = {}
    for style in styles.iterfind("{*}style"):
        name = style.find("{*}name")
        if name is not None:
            found[attribute(style, "styleId") or ""] = attribute(name, "val") or ""
    return found


def _notes(
    package: Package, parts: Mapping[str, tuple[str, str]]
) -> dict[tuple[str, str], list[str]]:
    """The paragraphs of foot- and endnotes, by kind and id."""
    found: dict[tuple[str, str], list[str]] = {}
    for kind, name in parts.values():
        if kind in ("footnotes", "endnotes") and name in package.names():
            for note in package.read_xml(name):
                words = [
                    "".join(text.text or "" for text in paragraph.iter("{*}t"))
                    for paragraph in note.iter("{*}p")
                ]
                found[kind[:-1], attribute(note, "id") or ""] = words
    return found
