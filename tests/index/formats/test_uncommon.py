"""Files written in ways that are allowed but uncommon."""

from __future__ import annotations

import datetime

import lxml.html
import pytest

from index.formats.nested import mail, mbox
from index.formats.tables import delimited
from index.formats.text import markdown
from index.formats.text.compose import Composer
from index.formats.types import Extracted, Reading
from index.formats.web.markup import compose_markup
from index.formats.web.metadata import read_metadata


def _all(module: object, content: bytes, name: str) -> list[Extracted]:
    found = module.read(content, Reading(name))  # type: ignore[attr-defined]
    return [each for each in found if isinstance(each, Extracted)]


def test_a_line_that_begins_with_from_stays_in_its_message() -> None:
    box = (
        b"From ida@example.org Tue May 14 09:12:00 2024\nFrom: ida@example.org\nSubject: One\n\n"
        b"Hello.\n\nFrom the upper gate:\nLevel: 214 centimetres.\n\n"
        b"From signe@example.org Wed May 15 09:12:00 2024\nFrom: s@example.org\n\nThanks.\n"
    )
    texts = [each.text for each in _all(mbox, box, "b.mbox")]
    assert len(texts) == 2
    assert "From the upper gate:\nLevel: 214 centimetres." in texts[0]


def test_excels_line_names_the_delimiter() -> None:
    rows = _all(delimited, b"sep=;\r\nVillage;Wells\r\nBrenna;4\r\n", "s.csv")
    assert [each.text for each in rows] == ["Village: Brenna; Wells: 4"]


def test_a_mails_date_may_be_iso() -> None:
    content = b"From: a@example.org\nDate: 2024-05-24T09:30:00+02:00\nSubject: x\n\nWords.\n"
    assert _all(mail, content, "m.eml")[0].date == datetime.date(2024, 5, 24)


def test_underlined_headings_name_sections() -> None:
    text = "Mill\n====\n\nCauses\n------\n\nA fire.\n\n- item\n---\n\nDamage\n---\n\nThe wheel.\n"
    parts = _all(markdown, text.encode(), "m.md")[0].parts
    assert [each.label for each in parts] == ["Mill", "Mill > Causes", "Mill > Damage"]
    assert text[parts[-1].start :].startswith("Damage\n---")


def test_front_matter_is_no_heading() -> None:
    assert not _all(markdown, b"---\ntitle: Mill\n---\n\nWords.\n", "m.md")[0].parts


def test_utf8_under_a_one_byte_label_is_read_as_utf8() -> None:
    head = b"From: a@example.org\nContent-Type: text/plain; charset=iso-8859-1\n\n"
    assert _all(mail, head + "Älvsjö, Malmö".encode(), "m.eml")[0].text == "Älvsjö, Malmö"
    assert _all(mail, head + "Älvsjö".encode("latin-1"), "m.eml")[0].text == "Älvsjö"


@pytest.mark.parametrize(
    "said",
    [
        '[{"@graph": [{"@type": "WebSite"}, ARTICLE]}]',
        '{"@type": "WebPage", "datePublished": "2020-01-01", "mainEntity": ARTICLE}',
        '[{"@type": "WebPage", "datePublished": "2020-01-01"}, ARTICLE]',
        '{"@type": "Organization", "name": "a\nb", "mainEntity": ARTICLE}',
        "//<![CDATA[\nARTICLE\n//]]>",
        "/*<![CDATA[*/ARTICLE/*]]>*/",
    ],
)
def test_json_ld_is_read_in_all_its_forms(said: str) -> None:
    article = '{"@type": "NewsArticle", "headline": "A &amp; B", "datePublished": "2024-05-07"}'
    script = said.replace("ARTICLE", article)
    page = lxml.html.fromstring(
        f'<html><head><script type="application/ld+json">{script}</script></head><body/></html>'
    )
    found = read_metadata(page)
    assert (found.title, found.day) == ("A & B", datetime.date(2024, 5, 7))


def test_a_cell_that_spans_several_stands_in_each_of_its_places() -> None:
    table = lxml.html.fromstring(
        "<table><tr><th>Region<th>Village<th>Kilns</tr>"
        "<tr><td rowspan=2>North<td>Hjelmar<td>3</tr><tr><td>Vik<td>1</tr>"
        "<tr><td colspan=2>Both<td>4</tr></table>"
    )
    composer = Composer()
    compose_markup(composer, table)
    text = composer.finish()[0]
    assert "Region: North; Village: Vik; Kilns: 1" in text
    assert "Region: Both; Village: Both; Kilns: 4" in text
