"""Make files of the formats for tests: with reportlab here, with other programs where they are."""

from __future__ import annotations

import datetime
import io
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from index.formats.types import Reading, Unreadable
from index.parse import parse_bytes
from index.types import ParsedReport

TODAY = datetime.date(2026, 11, 23)


def parse_all(
    content: bytes, name: str, columns: Mapping[str, str] | None = None, *, ocr: bool = False
) -> list[ParsedReport | Unreadable]:
    """All that is found in a file."""
    reading = Reading(name, dict(columns or {}), ocr)
    return list(parse_bytes(content, reading, modified=None, today=TODAY)[1])


def parse_one(content: bytes, name: str) -> ParsedReport:
    """The one report in a file; its parts lie in its text."""
    (report,) = parse_all(content, name)
    assert isinstance(report, ParsedReport)
    for part in report.parts:
        assert 0 <= part.start < part.end <= len(report.text)
        assert report.text[part.start : part.end].strip()
    return report


def section_of(report: ParsedReport, quote: str) -> list[str]:
    """The labels of the parts that a quote begins in."""
    at = report.text.index(quote)
    return [part.label for part in report.parts if part.start <= at < part.end]


def make_pdf(
    paragraphs: Sequence[str],
    *,
    columns: int = 1,
    head: str = "",
    title: str = "",
    headings: Sequence[str] = (),
    password: str | None = None,
) -> bytes:
    """A PDF by reportlab; each page has `head` above and its number below; words are hyphenated."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

    styles = getSampleStyleSheet()
    body = ParagraphStyle("body", parent=styles["BodyText"], alignment=4)
    width = 500 / columns

    def decorate(canvas: object, document: object) -> None:
        canvas.drawString(60, 815, head)  # type: ignore[attr-defined]
        canvas.drawString(280, 25, f"Page {document.page}")  # type: ignore[attr-defined]

    into = io.BytesIO()
    document = BaseDocTemplate(into, pagesize=A4, title=title, encrypt=password)
    frames = [Frame(50 + number * width, 60, width - 15, 730) for number in range(columns)]
    document.addPageTemplates(PageTemplate(frames=frames, onPage=decorate))
    document.build(
        [Paragraph(words, styles["Title"]) for words in headings]
        + [Paragraph(words, body) for words in paragraphs]
    )
    return into.getvalue()


def make_zip(members: Mapping[str, bytes | str]) -> bytes:
    """A ZIP file of these members, in order."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return into.getvalue()


def convert(program: str, *arguments: str, folder: Path) -> None:
    """Run a program that makes files; the test is skipped, visibly, where it is not installed."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True, timeout=120)
