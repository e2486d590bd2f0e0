"""Which reader reads a file: by what its bytes say, else by its name."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import cast

from index.errors import UnreadableReport
from index.formats.types import Reader


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its media type, and the module whose `read` reads it.

    With `in_process` it is read here: plain decoding, which no file can make crash or hang.
    """

    media_type: str
    module: str
    in_process: bool = False

    def reader(self) -> Reader:
        """The reader, imported now."""
        return cast(Reader, importlib.import_module(f"index.formats.{self.module}").read)


_TEXT = Format("text/plain", "text.plain", in_process=True)
_MARKDOWN = Format("text/markdown", "text.markdown", in_process=True)
_HTML = Format("text/html", "web.html")
_OOXML = "application/vnd.openxmlformats-officedocument"
_DOCX = Format(f"{_OOXML}.wordprocessingml.document", "office.docx")
_PPTX = Format(f"{_OOXML}.presentationml.presentation", "office.pptx")
_XLSX = Format(f"{_OOXML}.spreadsheetml.sheet", "tables.xlsx")
_ODT = Format("application/vnd.oasis.opendocument.text", "office.odt")
_EPUB = Format("application/epub+zip", "office.epub")
_JSON_LINES = Format("application/jsonl", "tables.json_lines")

FORMATS: dict[str, Format] = {
    ".txt": _TEXT,
    ".md": _MARKDOWN,
    ".pdf": Format("application/pdf", "pdf.pdf"),
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
    ".mhtml": Format("multipart/related", "web.mhtml"),
    ".mht": Format("multipart/related", "web.mhtml"),
    ".docx": _DOCX,
    ".pptx": _PPTX,
    ".odt": _ODT,
    ".rtf": Format("application/rtf", "office.rtf"),
    ".epub": _EPUB,
    ".eml": Format("message/rfc822", "nested.mail"),
    ".mbox": Format("application/mbox", "nested.mbox"),
    ".csv": Format("text/csv", "tables.delimited"),
    ".tsv": Format("text/tab-separated-values", "tables.delimited"),
    ".xlsx": _XLSX,
    ".jsonl": _JSON_LINES,
    ".ndjson": _JSON_LINES,
    ".gz": Format("application/gzip", "nested.gzipped"),
    ".zip": Format("application/zip", "nested.archive"),
}
"""By file name suffix, lower case. A new format is one more entry, and a module with `read`."""

_MAGIC = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x1f\x8b\x08", ".gz"),
)
_PACKAGES = (
    (b"word/", ".docx"),
    (b"ppt/", ".pptx"),
    (b"xl/", ".xlsx"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", ".odt"),
    (b"mimetypeapplication/epub+zip", ".epub"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_MBOX_START = re.compile(rb"From [^\n]*\d{4}\r?\n[!-9;-~]+:")
_EARLY = 64_000


def known_suffixes() -> str:
    """The suffixes of the formats, for a message."""
    return ", ".join(sorted(FORMATS))


def find_format(content: bytes, name: str) -> Format:
    """The format of a file. Raises UnreadableReport for one that is not known."""
    suffix = PurePath(name).suffix.lower()
    if content.startswith(_OLE):
        raise UnreadableReport(
            "an old Office file (.doc, .xls, .ppt), or one locked with a password: save it without "
            "one as .docx, .xlsx, .pptx or .pdf"
        )
    if suffix in FORMATS and FORMATS[suffix].in_process and b"\0" not in content:
        # Text that begins as another format's files do is text all the same.
        return FORMATS[suffix]
    if sniffed := _sniff(content, suffix):
        return FORMATS[sniffed]
    if suffix in FORMATS:
        return FORMATS[suffix]
    raise UnreadableReport(
        f"unknown format {suffix or '(no suffix)'}: known are {known_suffixes()}"
    )


def _sniff(content: bytes, suffix: str) -> str | None:
    """The suffix that the bytes deserve, whatever the name says; None where they do not tell."""
    head = content[:_EARLY]
    # Some producers put a few bytes before a PDF; a text that tells of one has no version there.
    if suffix == ".pdf" and re.search(rb"%PDF-\d", head[:1024]):
        return ".pdf"
    for magic, found in _MAGIC:
        if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(magic):
            return found
    if head.startswith(b"PK\x03\x04"):
        return _package(head, content[-_EARLY:], suffix)
    if suffix not in FORMATS:
        if _HTML_START.match(head):
            return ".html"
        if _MBOX_START.match(head):
            return ".mbox"
    return None


def _package(head: bytes, tail: bytes, suffix: str) -> str:
    """What kind of ZIP it is: by its name where that names one, else by its members' names."""
    if suffix in (".docx", ".pptx", ".xlsx", ".odt", ".epub", ".zip"):
        return suffix
    for mark, found in _PACKAGES:
        if mark in head or mark in tail:
            return found
    return ".zip"
