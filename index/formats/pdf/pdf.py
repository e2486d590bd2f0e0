"""Read PDF files, with pages and the places of words on them."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from index.errors import UnreadableReport
from index.formats.pdf.boxes import Box, pack_words
from index.formats.pdf.order import drop_running, read_in_order
from index.formats.pdf.paragraphs import (
    HEADING,
    Paragraph,
    body_size,
    count_words,
    ends_hyphenated,
    join_paragraphs,
    joins_without_hyphen,
    place,
)
from index.formats.pdf.words import HYPHEN, Line, Turn, read_lines, written_turn
from index.formats.text.compose import Composer
from index.formats.types import Extracted, PageBoxes, Part, Reading
from index.metadata.report_date import find_report_date

MOST_PAGES = 2_000
"""More are a library rather than a report. Reading a page takes some 15 ms."""

_SHELL_WORDS = 100
"""Words on all pages of a form's or a portfolio's notice to open it elsewhere, at the most."""
_LONGEST_HEADING = 200
_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_SPLIT_RANGE = re.compile(rf"\d[-\u2010\u2013{HYPHEN}]\Z")
_Words = dict[int, list[tuple[int, int, Box]]]


def read(content: bytes, reading: Reading) -> Iterator[Extracted]:
    """The one document. Raises UnreadableReport, which tells locked from damaged from scanned."""
    import pypdfium2

    document = _open(content)
    pages: list[tuple[Sequence[Line], float]] = []
    sizes: list[tuple[float, float]] = []
    if len(document) > MOST_PAGES:
        raise UnreadableReport(
            f"{len(document):,} pages are more than a report may have ({MOST_PAGES:,}): split it"
        )
    form = document.get_formtype()
    if form:
        document.init_forms()
    for number in range(len(document)):
        try:
            page = document[number]
            if form:
                # What was filled in then stands on the page, beside its label.
                page.flatten()
                page.close()
                page = document[number]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise UnreadableReport(f"damaged: page {number + 1} cannot be read") from error
        size = page.get_size()
        turn = _turn(page, text_page)
        if turn.quarters % 2 != page.get_rotation() // 90 % 2:
            size = (size[1], size[0])
        sizes.append(size)
        pages.append((read_lines(text_page, turn), size[1]))
        text_page.close()
        page.close()
    _refuse_shell(document, form, [line.text for lines, _ in pages for line in lines])
    if not any(len(line.text) > 1 for lines, _ in pages for line in lines):
        pages = _recognise(document, reading)
    lines = [read_in_order(kept) for kept in drop_running(pages)]
    yield _compose(lines, sizes, document.get_metadata_dict(skip_empty=True))


def _turn(page: Any, text_page: Any) -> Turn:
    """How to turn a page to read it: as its text is written, else as the page is shown."""
    rotation = page.get_rotation() // 90
    width, height = page.get_size()
    if rotation % 2:
        width, height = height, width
    return Turn(written_turn(text_page), width, height)


def _refuse_shell(document: Any, form: int, lines: Sequence[str]) -> None:
    """Raise UnreadableReport for a file whose pages only stand in for what it holds."""
    import pypdfium2.raw as pdfium

    words = sum(len(line.split()) for line in lines)
    if words >= _SHELL_WORDS:
        return
    if form in (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND):
        raise UnreadableReport(
            "a form in XFA, whose pages are made by Adobe's programs alone: open it there and "
            "print it to PDF"
        )
    if document.count_attachments():
        raise UnreadableReport("a PDF portfolio: take the files out of it and add them one by one")


def _open(content: bytes) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableReport(
                "locked with a password: save it without one, for example with qpdf --decrypt"
            ) from None
        if "security" in str(error).lower():
            raise UnreadableReport("locked in a way that is not known: print it to PDF") from None
        raise UnreadableReport("damaged, or no PDF: it cannot be opened") from None


def _recognise(document: Any, reading: Reading) -> list[tuple[Sequence[Line], float]]:
    """Read the pages of a scan, where that is wanted."""
    if not reading.ocr:
        raise UnreadableReport(
            "a scan: no text in it, only pictures of its pages; have them read with "
            "--ocr (Tesseract must be installed), or with a program such as ocrmypdf"
        )
    from index.formats.pdf.ocr import read_page

    return [(read_page(page), page.get_size()[1]) for page in document]


def _compose(
    pages: Sequence[Sequence[Sequence[Line]]],
    sizes: Sequence[tuple[float, float]],
    metadata: dict[str, str],
) -> Extracted:
    placed = list(place(pages))
    every = [each.line for each in placed]
    body = body_size(every)
    known = count_words(every)
    composer = Composer()
    words: _Words = {}
    titles: list[tuple[float, str]] = []
    levels = _levels(paragraphs := list(join_paragraphs(placed, body)))
    for paragraph in paragraphs:
        text, at = _join(paragraph, known)
        if paragraph.scale >= HEADING and len(text) <= _LONGEST_HEADING:
            start = composer.length and composer.length + 2
            composer.heading(levels[paragraph.scale], text)
            found = (start, composer.length) if composer.length > start else None
            if paragraph.lines[0].page == 1:
                titles.append((paragraph.scale, text))
        else:
            found = composer.block(text)
        if found is not None:
            for page, first, last, box in at:
                words.setdefault(page, []).append((found[0] + first, found[0] + last, box))
    text, parts = composer.finish()
    title, evidence = _title(metadata.get("Title", ""), titles)
    day = _day(metadata.get("CreationDate", ""))
    evidence_of_day = "metadata" if day else None
    opening = text[: next((part.end for part in _page_parts(words)), 0)]
    shown = find_report_date(opening, file_name=None, modified=None, today=datetime.date.max)
    if shown is not None:
        day, evidence_of_day = shown.day, shown.evidence
    return Extracted(
        text,
        "application/pdf",
        title=title,
        title_evidence=evidence,
        date=day,
        date_evidence=evidence_of_day,
        author=metadata.get("Author"),
        parts=tuple(_page_parts(words)) + parts,
        boxes=tuple(_boxes(words, sizes)),
    )


def _levels(paragraphs: Sequence[Paragraph]) -> dict[float, int]:
    scales = sorted({each.scale for each in paragraphs if each.scale >= HEADING}, reverse=True)
    return {scale: level for level, scale in enumerate(scales, start=1)}


def _join(paragraph: Paragraph, known: Counter[str]) -> tuple[str, list[tuple[int, int, int, Box]]]:
    """A paragraph's text, and of each word its page, where it starts and ends, and its box."""
    text = ""
    at: list[tuple[int, int, int, Box]] = []
    for placed in paragraph.lines:
        line = placed.line.text
        if ends_hyphenated(text):
            text = text[:-1] if joins_without_hyphen(text, line, known) else text[:-1] + "-"
        elif _SPLIT_RANGE.search(text) and line[:1].isdecimal():
            pass  # 2019-2021
        elif text:
            text += " "
        for word in placed.line.words:
            start = len(text)
            text += word.text
            box = (word.left, word.bottom, word.right, word.top)
            at.append((placed.page, start, len(text), box))
            text += " "
        text = text[:-1]
    return text.replace(HYPHEN, "-"), at


def _page_parts(words: _Words) -> Iterator[Part]:
    """A part for each stretch of the text that stands on one page."""
    runs = sorted((first, last, page) for page, found in words.items() for first, last, _ in found)
    label, start, end = 0, 0, 0
    for first, last, page in runs:
        if page != label:
            if label:
                yield Part("page", str(label), start, end)
            label, start = page, first
        end = max(last, first)
    if label:
        yield Part("page", str(label), start, end)


def _boxes(words: _Words, sizes: Sequence[tuple[float, float]]) -> Iterator[PageBoxes]:
    for page, found in sorted(words.items()):
        width, height = sizes[page - 1]
        ordered = sorted(found)
        packed = pack_words(ordered)
        yield PageBoxes(page, width, height, ordered[0][0], ordered[-1][1], packed)


_NO_TITLE = re.compile(
    r"(?i)microsoft (?:word|powerpoint|excel)\s*-|untitled|unbenannt|document\d*\Z|slide \d|"
    r"\w+://|.*\.(?:docx?|pdf|pptx?|xlsx?|odt|rtf|html?|tex|dvi|indd|qxd|ps|txt|md|p65|cdr)\Z|"
    r".*\.(?:exe|tmp|dot[xm]?|docm|pub|wpd|vsd|ppsx?|xlsm|ai|eps|fm|log|bak)\Z|"
    r"(?:powerpoint|word|excel|pdf|microsoft)(?: \w+)? (?:presentation|document|workbook)\Z|"
    r"(?:powerpoint|word|excel) ?(?:presentation|document)?\Z|presentation\d*\Z|"
    r"please wait|new (?:document|presentation)|no (?:slide )?title|(?:tmp|temp)\w{3,}\Z|"
    r"[^\s]*_(?:final|draft|rev|v\d)\w*\Z|"
    r"[\d\W_]*\Z|\(anonymous\)|print(?:ing)?\b|layout \d"
)


def _title(metadata: str, headings: Sequence[tuple[float, str]]) -> tuple[str | None, str | None]:
    """The title that the metadata says, unless a program made it up; else the largest words."""
    said = " ".join(metadata.split())
    if said and not _NO_TITLE.match(said):
        return said, "metadata"
    if headings:
        return max(headings, key=lambda found: found[0])[1], "heading"
    return None, None


def _day(said: str) -> datetime.date | None:
    if found := _DATE.match(said):
        try:
            return datetime.date(*map(int, found.groups()))
        except ValueError:
            return None
    return None
