"""Web pages as they are found: the article is read wherever it stands."""

import datetime
from pathlib import Path

import pytest

from index.formats.types import Extracted, Reading
from index.formats.web.html import read

FIXTURES = Path(__file__).parents[1] / "fixtures" / "web"


def read_file(name: str) -> Extracted:
    [found] = read((FIXTURES / name).read_bytes(), Reading(name))
    return found


@pytest.mark.parametrize("name", ["read-more.html", "sidebar.html"])
def test_an_article_is_no_sidebar_for_a_word_in_its_class(name: str) -> None:
    assert read_file(name).text == read_file("control.html").text


@pytest.mark.parametrize("name", ["aspnet.html", "nav.html", "control.html"])
def test_the_article_is_read_whatever_stands_round_it(name: str) -> None:
    assert "will close on 30 September" in read_file(name).text


@pytest.mark.parametrize(
    "name",
    [
        "cdata.html",
        "graph-in-list.html",
        "line-end-in-string.html",
        "main-entity.html",
        "webpage-before-article.html",
        "utc.html",
    ],
)
def test_the_day_is_found_in_every_form_and_is_the_page_s_own(name: str) -> None:
    assert read_file(name).date == datetime.date(2024, 5, 7)


def test_entities_are_decoded() -> None:
    found = read_file("entities.html")
    assert found.title == ("Owners of glass works \u2018sorry\u2019 for closing it & promise wages")
    assert found.author == "Kari O'Dell"


def test_the_title_is_the_one_that_the_page_shows() -> None:
    assert read_file("encyclopedia.html").title == "Hjelmar glass works"


def test_raised_figures_are_not_part_of_a_number() -> None:
    text = read_file("exponent.html").text
    assert "3 x 10\u2076 cubic metres" in text
    assert "finished in 1987 and" in text
