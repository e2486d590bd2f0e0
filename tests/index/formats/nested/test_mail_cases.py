"""Mail as programs really write it: nothing of it is lost, and each word is its own author's."""

import datetime
from pathlib import Path

import pytest

from index.formats.nested import mail, mbox
from index.formats.types import Extracted, Reading

FIXTURES = Path(__file__).parents[1] / "fixtures" / "mail"


def read_mail(name: str) -> list[Extracted]:
    found = list(mail.read((FIXTURES / name).read_bytes(), Reading(name)))
    assert all(isinstance(each, Extracted) for each in found)
    return [each for each in found if isinstance(each, Extracted)]


@pytest.mark.parametrize("name", ["apple.eml", "html-parts.eml"])
def test_words_go_on_after_a_picture(name: str) -> None:
    [found] = read_mail(name)
    assert found.text.startswith("I was at the lock this morning.")
    assert "18 thousand crowns for a" in found.text


def test_a_plain_part_that_stands_in_for_the_html_gives_way_to_it() -> None:
    [found] = read_mail("stub.eml")
    assert "dredged from 21 to 24 May" in found.text
    assert "program that can show HTML" not in found.text


def test_a_quoted_message_is_its_own_author_s_and_day_s() -> None:
    own, quoted = read_mail("reply.eml")
    assert "23 thousand crowns" in own.text
    assert "18 thousand" not in own.text
    assert own.date == datetime.date(2024, 5, 24)
    assert "18 thousand crowns" in quoted.text
    assert ">" not in quoted.text
    assert quoted.date == datetime.date(2024, 5, 14)
    assert quoted.author == "Ida Holm <ida@example.org>"


def test_an_iso_date_is_read() -> None:
    [found] = read_mail("iso.eml")
    assert found.date == datetime.date(2024, 5, 24)


def test_mail_in_utf_16_is_read() -> None:
    [found] = read_mail("utf16.eml")
    assert found.text == "The library is closed on Ascension Day."


def test_utf_8_under_another_label_is_read_as_utf_8() -> None:
    [found] = read_mail("wrong.eml")
    assert "Älvsjö" in found.text
    assert "Malmö" in found.text
    assert "It\u2019s open" in found.text


def test_a_sentence_that_begins_with_from_begins_no_message() -> None:
    found = list(mbox.read((FIXTURES / "box.mbox").read_bytes(), Reading("box.mbox")))
    first, second = (each for each in found if isinstance(each, Extracted))
    assert "From the upper gate I have this:\nLevel: 214 centimetres at noon." in first.text
    assert second.text == "Thank you."
