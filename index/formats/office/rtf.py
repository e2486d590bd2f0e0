"""Read RTF files: their words, as paragraphs; a table's rows as such."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from index.errors import UnreadableReport
from index.formats.office.properties import real_title
from index.formats.text.compose import Composer
from index.formats.types import Extracted, Reading

_TITLE = re.compile(r"\{\\title ([^{}]*)\}")
_AUTHOR = re.compile(r"\{\\author ([^{}]*)\}")
_MADE = re.compile(r"\{\\creatim\\yr(\d+)\\mo(\d+)\\dy(\d+)")
_BROKEN_ROW = re.compile(r"\n+\|")  # some programs end a paragraph in each cell
_EARLY = 100_000


def read(content: bytes, reading: Reading) -> Iterator[Extracted]:  # noqa: ARG001
    """The one document. Raises UnreadableReport."""
    from striprtf.striprtf import rtf_to_text

    # The format is ASCII; what else a program leaves in it is in Windows' Western European.
    source = content.decode("cp1252", "replace")
    if "{\\rtf" not in source[:100]:
        raise UnreadableReport("damaged, or no RTF: it does not begin as one")
    composer = Composer()
    rows: list[list[str]] = []
    for line in _BROKEN_ROW.sub("|", rtf_to_text(source, errors="ignore")).split("\n"):
        if line.endswith("|"):
            rows.append(line[:-1].split("|"))
            continue
        composer.table(rows)
        rows = []
        composer.paragraph(line)
    composer.table(rows)
    text, parts = composer.finish()
    title = _said(_TITLE, source, rtf_to_text)
    day = _day(source)
    yield Extracted(
        text,
        "application/rtf",
        title=real_title(title),
        title_evidence="metadata",
        date=day,
        date_evidence="metadata" if day else None,
        author=_said(_AUTHOR, source, rtf_to_text),
        parts=parts,
    )


def _said(field: re.Pattern[str], source: str, read_text: object) -> str | None:
    found = field.search(source[:_EARLY])
    assert callable(read_text)  # noqa: S101
    words = read_text("{\\rtf1\\ansi " + found[1] + "}", errors="ignore") if found else ""
    return " ".join(words.split()) or None


def _day(source: str) -> datetime.date | None:
    if found := _MADE.search(source[:_EARLY]):
        try:
            return datetime.date(*map(int, found.groups()))
        except ValueError:
            return None
    return None
