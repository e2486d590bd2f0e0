from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest

from index.errors import UnreadableReport
from index.formats.pdf.boxes import find_boxes
from tests.index.formats.made import convert, make_pdf, parse_all, parse_one

WORDS = (
    "administration announced because embankment considerably compensation contractors demanded "
    "higher parliament postponed provincial reconstruction authorised inhabitants evacuation water "
    "village harvest minister answered yesterday opposition river measurement station northern "
    "volunteers hospital bridge engineers accused negligence inquiry weekend railway traffic"
).split()
_DRAW = random.Random(7)
SENTENCES = [
    f"On day {number} " + " ".join(_DRAW.choices(WORDS, k=_DRAW.randint(9, 24))) + "."
    for number in range(1, 121)
]
PARAGRAPHS = [" ".join(SENTENCES[at : at + 4]) for at in range(0, 120, 4)]


@pytest.mark.parametrize("columns", [1, 2])
def test_sentences_survive_columns_pages_heads_and_feet(columns: int) -> None:
    pdf = make_pdf(PARAGRAPHS, columns=columns, head="Ministry of the Interior, bulletin 7")
    report = parse_one(pdf, "a.pdf")
    at = [report.text.index(sentence) for sentence in SENTENCES]
    assert at == sorted(at)
    assert report.text.split("\n\n") == PARAGRAPHS
    assert "Ministry of the Interior" not in report.text
    assert not re.search(r"Page \d", report.text)


def test_each_page_is_a_part_and_the_pages_cover_the_text() -> None:
    report = parse_one(make_pdf(PARAGRAPHS), "a.pdf")
    pages = [part for part in report.parts if part.kind == "page"]
    assert [part.label for part in pages] == [str(n) for n in range(1, len(pages) + 1)]
    assert len(pages) >= 2
    covered = "".join(report.text[part.start : part.end] for part in pages)
    assert covered.replace(" ", "").replace("\n", "") == "".join(report.text.split())


def test_a_quote_has_a_box_for_each_of_its_lines() -> None:
    report = parse_one(make_pdf(PARAGRAPHS, columns=2), "a.pdf")
    start = report.text.index(SENTENCES[1])
    end = start + len(SENTENCES[1])
    (page,) = (each for each in report.boxes if each.start < end and start < each.end)
    boxes = find_boxes(page.words, start, end)
    assert 4 <= len(boxes) <= 8
    assert (round(page.width), round(page.height)) == (595, 842)
    for left, bottom, right, top in boxes:
        assert 50 <= left < right <= 300
        assert 60 <= bottom < top <= 800
    assert [box[1] for box in boxes] == sorted((box[1] for box in boxes), reverse=True)
    assert find_boxes(page.words, start, start) == []


@pytest.mark.parametrize(
    ("joined", "elsewhere"),
    [("administration", "administration"), ("well-known", "a well-known name")],
)
def test_a_hyphen_goes_with_the_line_end_unless_the_word_has_it(
    joined: str, elsewhere: str
) -> None:
    from reportlab.pdfgen.canvas import Canvas

    half = joined.index("-") + 1 if "-" in joined else 5
    first = joined[:half] if "-" in joined else joined[:half] + "-"
    canvas = Canvas("unused.pdf")
    lines = [
        "Everybody in the whole of the valley has heard of it, and of the " + first,
        f"{joined[half:]} that it has been for years and years, says the old and wise man who",
        f"wrote of {elsewhere} in the newspaper that everybody reads there on Sundays.",
    ]
    for number, line in enumerate(lines):
        canvas.drawString(60, 700 - 14 * number, line)
    report = parse_one(canvas.getpdfdata(), "a.pdf")
    assert f"of the {joined} that it has been" in report.text


def test_the_largest_words_are_the_title_where_a_program_made_one_up() -> None:
    heads = ["The dyke at Quendlow"]
    pdf = make_pdf(PARAGRAPHS, title="Microsoft Word - dyke3.doc", headings=heads)
    report = parse_one(pdf, "a.pdf")
    assert (report.title, report.title_evidence) == ("The dyke at Quendlow", "heading")
    assert [part.label for part in report.parts if part.kind == "heading"] == heads
    report = parse_one(make_pdf(PARAGRAPHS, title="An inquiry", headings=heads), "a.pdf")
    assert (report.title, report.title_evidence) == ("An inquiry", "metadata")


def test_the_day_of_making_counts_where_the_text_has_none() -> None:
    report = parse_one(make_pdf(PARAGRAPHS), "a.pdf")
    assert report.date is None or report.date_evidence == "metadata"
    dated = parse_one(make_pdf(["Quendlow, 14 March 2023", *PARAGRAPHS]), "a.pdf")
    assert (str(dated.date), dated.date_evidence) == ("2023-03-14", "text")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (make_pdf(["A secret."], password="x"), "locked with a password"),
        (make_pdf(PARAGRAPHS)[:300], "damaged"),
        (b"%PDF-1.7\nnothing", "damaged"),
    ],
    ids=["locked", "cut off", "empty"],
)
def test_what_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableReport, match=reason):
        parse_all(content, "a.pdf")


def make_scan(words: str, folder: Path) -> bytes:
    """A page that is a picture of its text."""
    import pypdfium2
    from reportlab.pdfgen.canvas import Canvas

    text = Canvas("unused.pdf")
    text.setFont("Helvetica", 14)
    text.drawString(72, 700, words)
    page = pypdfium2.PdfDocument(text.getpdfdata())[0]
    picture = folder / "page.png"
    page.render(scale=200 / 72).to_pil().save(picture)
    scan = Canvas("unused.pdf")
    scan.drawImage(str(picture), 0, 0, *page.get_size())
    return bytes(scan.getpdfdata())


def test_a_scan_is_told_as_one(tmp_path: Path) -> None:
    with pytest.raises(UnreadableReport, match=r"a scan: .*--ocr"):
        parse_all(make_scan("The river rose by a metre.", tmp_path), "scan.pdf")


def test_a_scan_is_read_by_tesseract(tmp_path: Path) -> None:
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed")
    scan = make_scan("The river rose by a metre on Tuesday.", tmp_path)
    (report,) = parse_all(scan, "scan.pdf", ocr=True)
    assert report.text == "The river rose by a metre on Tuesday."  # type: ignore[union-attr]


def test_ten_thousand_pages_are_refused() -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas("unused.pdf")
    for _ in range(10_000):
        canvas.drawString(72, 700, "Rain.")
        canvas.showPage()
    with pytest.raises(UnreadableReport, match="10,000 pages are more than a report may have"):
        parse_all(canvas.getpdfdata(), "a.pdf")


def test_a_pdf_that_libreoffice_made_of_notes_and_headings(tmp_path: Path) -> None:
    marks = "".join(
        f"{text}[^{n}]\n\n" if n % 5 == 0 else f"{text}\n\n" for n, text in enumerate(PARAGRAPHS)
    )
    notes = "".join(
        f"[^{n}]: Bulletin {n} tells more of it.\n" for n in range(0, len(PARAGRAPHS), 5)
    )
    (tmp_path / "a.md").write_text(f"# Embankments\n\n{marks}\n{notes}")
    convert("pandoc", "-f", "markdown-smart", "a.md", "-o", "a.odt", folder=tmp_path)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert("soffice", profile, "--headless", "--convert-to", "pdf", "a.odt", folder=tmp_path)
    report = parse_one((tmp_path / "a.pdf").read_bytes(), "a.pdf")
    assert report.title == "Embankments"
    whole = sum(sentence in report.text for sentence in SENTENCES)
    assert whole >= len(SENTENCES) - 3, whole
    assert all(f"Bulletin {n} tells more of it." in report.text for n in range(0, 15, 5))
