"""Files that LibreOffice and pandoc made: see fixtures/make.sh."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import UnreadableReport
from tests.index.formats.made import convert, make_zip, parse_all, parse_one, section_of

FIXTURES = Path(__file__).parents[1] / "fixtures"
CAUSE = "The dyke gave way because meltwater had softened its clay core."
WARNING = "Residents of Millgate said that they had warned of damp patches on the dyke in February."
DAMAGE = "The province put the damage at 12 million crowns."
NOTE = "Measured by the Dorvenna Water Authority on 12 March."
ROW = "Town: Quendlow; Dead: 2; Missing: 4"


@pytest.mark.parametrize(
    "name", ["libreoffice.docx", "libreoffice.odt", "libreoffice.rtf", "pandoc.epub", "pandoc.pptx"]
)
def test_paragraphs_rows_and_title_are_found(name: str) -> None:
    report = parse_one((FIXTURES / name).read_bytes(), name)
    assert report.title == "The flood at Quendlow"
    assert report.author == "Ruta Vansel"
    paragraphs = report.text.split("\n\n")
    assert ROW in paragraphs
    assert "Two schools are closed." in [each.removeprefix("\u2022 ") for each in paragraphs]
    assert DAMAGE in paragraphs
    assert any(each.startswith(CAUSE) for each in paragraphs) or CAUSE[:-1] in report.text


@pytest.mark.parametrize("name", ["libreoffice.docx", "libreoffice.odt"])
def test_headings_are_sections_and_notes_follow_their_paragraph(name: str) -> None:
    report = parse_one((FIXTURES / name).read_bytes(), name)
    assert report.title_evidence == "heading"
    assert (str(report.date), report.date_evidence) == ("2023-03-17", "text")
    assert section_of(report, CAUSE) == ["The flood at Quendlow > Causes"]
    assert section_of(report, WARNING) == ["The flood at Quendlow > Causes > Warnings"]
    assert section_of(report, DAMAGE) == ["The flood at Quendlow > Damage"]
    assert f"{CAUSE}\n\n{NOTE}" in report.text


def test_a_books_headings_and_date_are_found_and_its_note_marks_are_not() -> None:
    report = parse_one((FIXTURES / "pandoc.epub").read_bytes(), "a.epub")
    assert section_of(report, WARNING) == ["Causes > Warnings"]
    assert (str(report.date), report.date_evidence) == ("2023-03-17", "metadata")
    assert CAUSE + "\n\n" in report.text


def test_slides_are_parts() -> None:
    report = parse_one((FIXTURES / "pandoc.pptx").read_bytes(), "a.pptx")
    assert section_of(report, WARNING) == ["Causes", "slide 2"]
    assert section_of(report, DAMAGE) == ["slide 4"]


def test_a_workbooks_rows_are_documents() -> None:
    first, second = parse_all((FIXTURES / "libreoffice.xlsx").read_bytes(), "a.xlsx")
    assert first.text == (  # type: ignore[union-attr]
        "Date: 2023-03-14; Town: Quendlow; Event: Dyke breach, river in the town; Dead: 1"
    )
    assert (str(first.date), first.date_evidence) == ("2023-03-14", "column")  # type: ignore[union-attr]
    assert [part.label for part in second.parts] == ["row 3"]  # type: ignore[union-attr]


def test_a_word_file_by_pandoc_at_this_moment(tmp_path: Path) -> None:
    for kind in ("docx", "odt", "epub"):
        convert("pandoc", "-s", str(FIXTURES / "report.md"), "-o", f"a.{kind}", folder=tmp_path)
        report = parse_one((tmp_path / f"a.{kind}").read_bytes(), f"a.{kind}")
        assert WARNING in report.text
        assert ROW in report.text


@pytest.mark.parametrize("suffix", [".doc", ".docx", ".xls"])
def test_an_old_or_locked_office_file_says_what_to_do(suffix: str) -> None:
    with pytest.raises(UnreadableReport, match=r"password: save it without"):
        parse_all(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, f"a{suffix}")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><document><body><p><r><t>&j;</t></r></p></body></document>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<document><body><p><r><t>&x;</t></r></p></body></document>"
)


@pytest.mark.parametrize("document", [BOMB, OUTSIDE], ids=["billion laughs", "outside entity"])
@pytest.mark.parametrize(
    ("name", "part"),
    [("a.docx", "word/document.xml"), ("a.odt", "content.xml"), ("a.pptx", "ppt/presentation.xml")],
)
def test_xml_that_declares_entities_is_refused(document: str, name: str, part: str) -> None:
    package = make_zip({part: document, "META-INF/manifest.xml": "<manifest/>"})
    with pytest.raises(UnreadableReport, match=r"declares a document type|not whole"):
        parse_all(package, name)


def test_a_workbook_with_entities_is_refused() -> None:
    whole = (FIXTURES / "libreoffice.xlsx").read_bytes()
    import io
    import zipfile

    members = {
        each: zipfile.ZipFile(io.BytesIO(whole)).read(each)
        for each in zipfile.ZipFile(io.BytesIO(whole)).namelist()
    }
    members["xl/workbook.xml"] = BOMB.encode()
    with pytest.raises(UnreadableReport):
        parse_all(make_zip(members), "a.xlsx")


def test_a_book_that_is_locked_by_its_shop_is_told() -> None:
    package = make_zip(
        {
            "META-INF/container.xml": '<container><rootfile full-path="b.opf"/></container>',
            "META-INF/encryption.xml": '<encryption><CipherReference URI="c.xhtml"/></encryption>',
            "b.opf": '<package><manifest><item id="c" href="c.xhtml" '
            'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine>'
            "</package>",
            "c.xhtml": b"\x00\x01\x02",
        }
    )
    with pytest.raises(UnreadableReport, match="DRM"):
        parse_all(package, "a.epub")
