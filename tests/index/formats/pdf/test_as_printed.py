"""What a PDF shows is what is read: no figure changed, no line lost, none twice."""

import re
from pathlib import Path

import pytest

from index.errors import UnreadableReport
from index.formats.pdf.pdf import read
from index.formats.types import Extracted, Reading

FIXTURES = Path(__file__).parents[1] / "fixtures" / "pdf"


def read_file(name: str) -> Extracted:
    [found] = read((FIXTURES / name).read_bytes(), Reading(name))
    return found


def test_figures_keep_their_digits_whatever_the_font_says_of_its_size() -> None:
    found = read_file("numbers-tf1.pdf")
    assert found.text == read_file("control-tf11.pdf").text
    for figure in ("12,480", "9,750", "$6,205", "($1.85 million)", "1,346", "08:30"):
        assert figure in found.text


def test_paragraphs_keep_together_whatever_the_font_says_of_its_size() -> None:
    found = read_file("paragraph-tf1.pdf")
    assert found.text == read_file("control-tf10.pdf").text
    headings = [found.text[p.start : p.end] for p in found.parts if p.kind == "heading"]
    assert found.text.count("\n\n") == 2
    assert all(heading.startswith("Bridge for Velmark") for heading in headings)


@pytest.mark.parametrize("name", ["rotated.pdf", "rotated180.pdf", "sideways-text.pdf"])
def test_a_turned_page_reads_as_an_upright_one(name: str) -> None:
    found = read_file(name)
    assert found.text == read_file("control-upright.pdf").text
    for page in found.boxes:
        assert page.width > 0 < page.height


@pytest.mark.parametrize("name", ["page-twice-0.0.pdf", "page-twice-0.5.pdf"])
def test_a_page_drawn_twice_is_read_once(name: str) -> None:
    text = read_file(name).text
    assert text.startswith("Bulletin of the lower Tarn\n\nLeave the meadow campsite before")
    for line in (
        "Bulletin of the lower Tarn",
        "stays open for ambulances only",
        "Household number 1 ",
    ):
        assert text.count(line) == 1


@pytest.mark.parametrize(
    "name",
    ["fake-bold.pdf", "fake-bold-by-char.pdf", "block-twice-0.4.pdf", "block-twice-shadow.pdf"],
)
def test_bold_made_by_drawing_twice_is_read_once(name: str) -> None:
    assert read_file(name).text.count("Sandbags are handed out") == 1


@pytest.mark.parametrize("name", ["drop-cap-2-lines.pdf", "drop-cap-3-lines.pdf"])
def test_a_drop_cap_belongs_to_its_word(name: str) -> None:
    assert "\n\nGunnar Eide, the keeper of the lighthouse" in read_file(name).text


def test_a_hyphen_stays_where_the_word_has_one() -> None:
    text = read_file("hyphens.pdf").text
    for word in ("re-elected", "well-known", "cost-effective", "two-lane", "long-term"):
        assert word in text
    for word in ("railway", "harbour", "by mid-October"):
        assert word in text


def test_what_was_filled_in_stands_beside_its_label() -> None:
    text = read_file("filled-form.pdf").text
    assert "Name of the boat: Havlyn" in text
    assert "Harbour: Skarnes" in text
    assert "Cause of the accident: a rope in the propeller" in text
    assert "Persons on board: seven" in text


def test_a_form_that_only_adobe_can_show_is_refused_by_name() -> None:
    with pytest.raises(UnreadableReport, match="XFA"):
        read_file("xfa-only.pdf")


def test_a_paragraph_that_opens_every_page_is_text() -> None:
    found = read_file("sitreps.pdf")
    assert found.text.count("under the chair of Commissioner Inga Storvik") == 4
    assert found.text.count("unless another source is named.") == 4
    middle = found.text.index("its middle pier has sunk by nine centimetres")
    [page] = [p.label for p in found.parts if p.kind == "page" and p.start <= middle < p.end]
    assert page == "2"


@pytest.mark.parametrize("name", ["t0.pdf", "t1.pdf", "t2.pdf", "t3.pdf", "t4.pdf", "t5.pdf"])
def test_a_program_s_name_is_no_title(name: str) -> None:
    assert read_file(name).title == "Fire at the mill of Hegra"


@pytest.mark.parametrize("revision", [3, 4, 6])
def test_an_owner_s_password_keeps_nobody_from_reading(revision: int) -> None:
    text = read_file(f"owner-only-r{revision}.pdf").text
    assert re.search(r"From 3 June the ferry to Lomsund leaves at seven", text)
