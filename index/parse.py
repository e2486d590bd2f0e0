"""Turn a file's bytes into a report's text, title and date."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import ReportTooLarge, UnreadableReport
from index.report_date import find_report_date
from index.title import find_title
from index.types import Original, ParsedReport, ReportFile

MAX_REPORT_BYTES = 50_000_000
"""A larger file is refused: it is a pile of reports rather than one."""


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its media type and how its bytes become text."""

    media_type: str
    read_text: Callable[[bytes], str]


def decode_utf8(content: bytes) -> str:
    """The text as it is, byte order mark included, so that `text.encode() == content`.

    Raises UnreadableReport if the bytes are not UTF-8.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableReport(
            f"not UTF-8 text (byte {content[error.start]:#04x} at {error.start}): convert it, "
            "for example with iconv -f WINDOWS-1252 -t UTF-8"
        ) from None


FORMATS: dict[str, Format] = {
    ".txt": Format("text/plain", decode_utf8),
    ".md": Format("text/markdown", decode_utf8),
}
"""By file name suffix, lower case. A new format is one more entry."""


def parse_report_file(
    file: ReportFile, today: datetime.date
) -> tuple[Original, Sequence[ParsedReport]]:
    """Read and parse one file: its bytes, and the reports in it.

    Raises UnreadableReport, whose message says why, without the path.
    """
    try:
        status = file.path.stat()
        check_size(status.st_size)
        content = file.path.read_bytes()
        changed = datetime.date.fromtimestamp(status.st_mtime)
    except OSError as error:
        raise UnreadableReport(error.strerror or str(error)) from error
    report = parse_bytes(
        content,
        file.name,
        modified=changed if file.is_dated else None,
        today=today,
        title=file.title,
        date=file.date,
    )
    return Original(file.name, report.media_type, content, report.sha256), [report]


def parse_bytes(
    content: bytes,
    file_name: str,
    *,
    modified: datetime.date | None,
    today: datetime.date,
    title: str | None = None,
    date: datetime.date | None = None,
) -> ParsedReport:
    """Parse a file's bytes; `title` and `date`, where given, stand over what the text says.

    Raises UnreadableReport for an unknown format, bytes that are no text, and a text without a
    letter or digit.
    """
    suffix = Path(file_name).suffix.lower()
    if suffix not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        raise UnreadableReport(f"unknown format {suffix or '(no suffix)'}: known are {known}")
    check_size(len(content))
    form = FORMATS[suffix]
    text = form.read_text(content)
    check_text(text)
    found = find_report_date(text, file_name=file_name, modified=modified, today=today)
    return ParsedReport(
        text=text,
        title=title or find_title(text, file_name=file_name),
        date=date or (found.day if found else None),
        date_evidence="given" if date else (str(found.evidence) if found else None),
        media_type=form.media_type,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def check_size(size: int) -> None:
    """Raise ReportTooLarge for more bytes than a report may have."""
    if size > MAX_REPORT_BYTES:
        raise ReportTooLarge(size, MAX_REPORT_BYTES)


def check_source(source: str) -> None:
    """Raise UnreadableReport if a file's name cannot be kept."""
    if "\0" in source or not is_unicode(source):
        raise UnreadableReport("its name is not Unicode text: rename it")


def check_text(text: str) -> None:
    """Raise UnreadableReport if a text cannot be kept or holds nothing to answer from."""
    if "\0" in text:
        raise UnreadableReport(f"a NUL character at {text.index(chr(0))}: this is no text file")
    if not is_unicode(text):
        raise UnreadableReport("half of a surrogate pair in it: this is not Unicode text")
    if not any(character.isalnum() for character in text):
        raise UnreadableReport("no letter or digit in it: nothing to answer from")


def is_unicode(text: str) -> bool:
    """Whether no half of a surrogate pair is in it, which no database or response can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
