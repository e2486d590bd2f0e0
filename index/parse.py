"""Turn a file's bytes into reports: text, title, date, and the places in it."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Sequence

from index.errors import ReportTooLarge, UnreadableReport
from index.formats.process import isolate
from index.formats.registry import Format, find_format
from index.formats.types import Extracted, Found, Reading, Unreadable
from index.metadata.report_date import ReportDate, find_report_date
from index.metadata.title import find_title, fit_title
from index.types import Original, ParsedReport, ReportFile

MAX_REPORT_BYTES = 50_000_000
"""A larger file is refused, unread: it is a pile of reports rather than one."""


def parse_report_file(
    file: ReportFile, today: datetime.date
) -> tuple[Original, Sequence[ParsedReport | Unreadable]]:
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
    return parse_bytes(
        content,
        Reading(file.name, dict(file.columns), file.ocr),
        modified=changed if file.is_dated else None,
        today=today,
        title=file.title,
        date=file.date,
    )


def parse_bytes(
    content: bytes,
    reading: Reading,
    *,
    modified: datetime.date | None,
    today: datetime.date,
    title: str | None = None,
    date: datetime.date | None = None,
) -> tuple[Original, Sequence[ParsedReport | Unreadable]]:
    """Parse a file's bytes; `title` and `date`, where given, stand over what the file says.

    A member of the file that cannot be read is told of as such, beside those that can.
    Raises UnreadableReport for an unknown format, bytes that are not what they should be, and a
    file without any letter or digit.
    """
    check_size(len(content))
    form = find_format(content, reading.name)
    sha256 = hashlib.sha256(content).hexdigest()
    reports = [
        found
        if isinstance(found, Unreadable)
        else make_report(
            found,
            file_name=reading.name,
            sha256=sha256,
            modified=modified,
            today=today,
            title=title,
            date=date,
        )
        for found in _checked(_read(form, content, reading))
    ]
    return Original(reading.name, form.media_type, content, sha256), reports


def make_report(
    found: Extracted,
    *,
    file_name: str,
    sha256: str,
    modified: datetime.date | None,
    today: datetime.date,
    title: str | None = None,
    date: datetime.date | None = None,
) -> ParsedReport:
    """The report of a document that was found in a file of this name and SHA-256."""
    name = found.member or file_name
    day, evidence = date, "given"
    if date is None and (dated := _find_day(found, name, modified, today)):
        day, evidence = dated
    said = fit_title(found.title or "")
    title_evidence = (found.title_evidence or "metadata") if said else "text"
    return ParsedReport(
        text=found.text,
        title=title or said or find_title(found.text, file_name=name),
        date=day,
        date_evidence=None if day is None else evidence,
        media_type=found.media_type,
        sha256=_digest(found) if found.member else sha256,
        title_evidence="given" if title else title_evidence,
        author=found.author,
        url=found.url,
        parts=found.parts,
        boxes=found.boxes,
        member=found.member,
    )


def _read(form: Format, content: bytes, reading: Reading) -> Iterable[Found]:
    """What the format's reader finds: here if it only decodes, else in a process of its own."""
    if form.in_process:
        return form.reader()(content, reading)
    return isolate.shared.read(content, reading)


def _checked(every: Iterable[Found]) -> Iterator[Found]:
    """What was found; a document that cannot be kept becomes an unreadable one.

    Raises UnreadableReport if none of them can be kept.
    """
    reason = "nothing to answer from in it"
    is_any_kept = False
    for found in every:
        if isinstance(found, Extracted):
            try:
                check_text(found.text)
                check_source(found.member)
                is_any_kept = True
            except UnreadableReport as error:
                reason = str(error)
                if found.member:
                    yield Unreadable(found.member, reason)
                continue
        else:
            reason = f"{found.member}: {found.reason}"
        yield found
    if not is_any_kept:
        raise UnreadableReport(reason)


def _find_day(
    found: Extracted, name: str, modified: datetime.date | None, today: datetime.date
) -> tuple[datetime.date, str] | None:
    """The report's day and where it was found.

    What the format says of the day of writing stands first; what it says of the file's making, as
    PDF does, stands only over the day when the file was last changed.
    """
    said = None
    if found.date is not None and (found.date - today).days <= 1:
        said = (found.date, found.date_evidence or "metadata")
    if said is not None and found.is_dated_firmly:
        return said
    written = find_report_date(found.text, file_name=name, modified=None, today=today)
    if written is None and said is None:
        written = find_report_date("", file_name=None, modified=modified, today=today)
    return said if written is None else _told(written)


def _told(written: ReportDate) -> tuple[datetime.date, str]:
    return written.day, written.evidence


def _digest(found: Extracted) -> str:
    """What makes a member of a file the same document as another: its bytes, or what it says."""
    if found.identity is not None:
        return hashlib.sha256(found.identity).hexdigest()
    said = (found.title or "", str(found.date or ""), found.url or "", found.text)
    return hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()


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
