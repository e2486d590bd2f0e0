"""What a PDF shows is what is read: no figure changed, no line lost, none twice."""

import datetime
import io
import re
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

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


def test_the_day_of_the_first_page_counts_not_that_of_the_file() -> None:
    assert read_file("sitreps.pdf").date == datetime.date(2024, 4, 2)


def draw(pages: list[list[tuple[float, float, float, str]]]) -> Extracted:
    """Pages of (x, y, size, words), as reportlab draws them; words without x go on from before."""
    canvas = Canvas(io.BytesIO(), pageCompression=0)
    for page in pages:
        end = 0.0
        for x, y, size, words in page:
            start = x or end
            canvas.setFont("Helvetica", size)
            canvas.drawString(start, y, words)
            end = start + stringWidth(words, "Helvetica", size)
        canvas.showPage()
    [found] = read(canvas.getpdfdata(), Reading("drawn.pdf"))
    return found


@pytest.mark.parametrize(
    ("before", "raised", "after", "read_as"),
    [
        ("The lake holds 3 x 10", "6", " litres.", "3 x 10\u2076 litres."),
        ("A wave of 10", "12", " hertz.", "10\u00b9\u00b2 hertz."),
        ("It was dammed in 1987", "2", " by the council.", "in 1987 by the council."),
        ("Its area is 40 m", "2", " in all.", "40 m\u00b2 in all."),
        ("It costs $4", "99", " a piece.", "$4\u2079\u2079 a piece."),
        ("The council agreed.", "14", " It met again.", "The council agreed. It met again."),
    ],
)
def test_a_raised_figure_is_no_figure_of_the_number(
    before: str, raised: str, after: str, read_as: str
) -> None:
    line = [(60.0, 700.0, 11.0, before), (0.0, 704.0, 7.0, raised), (0.0, 700.0, 11.0, after)]
    assert read_as in draw([line]).text


def test_a_line_in_the_margin_of_half_the_pages_is_text() -> None:
    body = (60.0, 400.0, 11.0, "The gauge was read at noon and at six in the evening.")
    warned = (60.0, 800.0, 11.0, "The dam is unsafe, said Ola.")
    assert draw([[warned, body], [body], [warned, body], [body]]).text.count("unsafe") == 2


def test_a_head_of_most_pages_is_left_out() -> None:
    head = (60.0, 800.0, 9.0, "Bulletin of the Tarn")
    pages = [[head, (60.0, 400.0, 11.0, f"The gauge stood at {n} metres.")] for n in (4, 5, 6, 7)]
    assert "Bulletin" not in draw(pages).text


@pytest.mark.parametrize(
    ("first", "second", "read_as"),
    [
        ("She asked her mother-", "in-law for the keys.", "her mother-in-law for"),
        ("It was built in 2019-", "2021 by the province.", "in 2019-2021 by"),
    ],
)
def test_a_range_and_a_compound_stay_whole_over_a_line_s_end(
    first: str, second: str, read_as: str
) -> None:
    lines = [(60.0, 700.0, 11.0, first), (60.0, 686.0, 11.0, second)]
    assert read_as in draw([lines]).text


@pytest.mark.parametrize("name", ["t0.pdf", "t1.pdf", "t2.pdf", "t3.pdf", "t4.pdf", "t5.pdf"])
def test_a_program_s_name_is_no_title(name: str) -> None:
    assert read_file(name).title == "Fire at the mill of Hegra"


@pytest.mark.parametrize("revision", [3, 4, 6])
def test_an_owner_s_password_keeps_nobody_from_reading(revision: int) -> None:
    text = read_file(f"owner-only-r{revision}.pdf").text
    assert re.search(r"From 3 June the ferry to Lomsund leaves at seven", text)
