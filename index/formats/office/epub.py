"""Read EPUB books: their chapters in order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from index.errors import UnreadableReport
from index.formats.nested.package import Package
from index.formats.office.properties import attribute
from index.formats.text.compose import Composer
from index.formats.types import Extracted, Found, Reading, Unreadable
from index.formats.web.html import decode_page, parse_page
from index.formats.web.markup import compose_markup
from index.metadata.day import read_day

if TYPE_CHECKING:
    from lxml.etree import _Element

_LOCKS = "META-INF/encryption.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"


def read(content: bytes, reading: Reading) -> Iterator[Found]:  # noqa: ARG001
    """The one book. Raises UnreadableReport, also for a book that only its shop's reader opens."""
    package = Package(content)
    root = package.read_xml("META-INF/container.xml").find(".//{*}rootfile")
    path = "" if root is None else root.get("full-path", "")
    book = package.read_xml(path, may_have_doctype=True)
    composer = Composer()
    locked = _locked(package)
    missing = []
    for chapter in _chapters(book, posixpath.dirname(path)):
        if chapter in locked:
            raise UnreadableReport("locked by its shop (DRM): no other program can read it")
        if chapter not in package.names():
            missing.append(chapter)
            continue
        compose_markup(composer, parse_page(decode_page(package.read(chapter))))
    text, parts = composer.finish()
    day = read_day(_published(book))
    yield Extracted(
        text,
        "application/epub+zip",
        title=_said(book, "title"),
        title_evidence="metadata",
        date=day,
        date_evidence="metadata" if day else None,
        is_dated_firmly=True,
        author=_said(book, "creator"),
        parts=parts,
    )
    for chapter in missing:
        yield Unreadable(chapter, "the book lists it and does not hold it: the rest was read")


def _chapters(book: _Element, folder: str) -> Iterator[str]:
    items = {item.get("id"): item for item in book.iterfind("{*}manifest/{*}item")}
    for reference in book.iterfind("{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in item.get("properties", "").split():
            continue
        if "html" in item.get("media-type", ""):
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))


def _locked(package: Package) -> set[str]:
    if _LOCKS not in package.names():
        return set()
    return {
        unquote(each.get("URI", "")) for each in package.read_xml(_LOCKS).iter("{*}CipherReference")
    }


def _published(book: _Element) -> str:
    """The date of publication: of several the one that says so, never the file's own."""
    dates = book.findall(f"{{*}}metadata/{_DC}date")
    events = {(attribute(each, "event") or "").lower(): each.text or "" for each in dates[::-1]}
    return events.get("publication") or events.get("") or events.get("creation") or ""


def _said(book: _Element, name: str) -> str | None:
    found = book.find(f"{{*}}metadata/{_DC}{name}")
    return None if found is None else " ".join("".join(found.itertext()).split()) or None
