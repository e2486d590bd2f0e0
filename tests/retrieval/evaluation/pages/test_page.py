import base64

import pytest

from retrieval.evaluation.pages.page import (
    escape,
    shorten,
    show_drawing,
    show_folded,
    show_page,
    show_rows,
    show_text,
)
from tests.retrieval.evaluation.pages.read_page import Page, assert_stands_by_itself

HOSTILE = "</title><script src=//x>alert('&lt;')</script>\"' onerror=\"x\x00\x1b[2J"


def test_a_page_shows_its_parts_and_stands_by_itself() -> None:
    page = Page(show_page("A <b>title</b>", ["<p>one</p>", show_rows(("", "n"), [("a", "1")])]))
    assert_stands_by_itself(page)
    assert page.text.count("A <b>title</b>") == 2
    assert page.tags.count("td") == 2


@pytest.mark.parametrize("show", [escape, show_text], ids=["escape", "show_text"])
def test_whatever_a_text_holds_is_shown_as_text(show: object) -> None:
    page = Page(f"<p>{show(HOSTILE)}</p>")  # type: ignore[operator]
    assert set(page.tags) <= {"p", "span"}
    assert page.text == HOSTILE.replace("\x00", " ").replace("\x1b", " ")


def test_hostile_texts_stay_texts_in_every_part() -> None:
    parts = [
        show_rows((HOSTILE,), [(HOSTILE,)]),
        show_folded(escape(HOSTILE), HOSTILE, "<p>in it</p>"),
        show_drawing("<svg/>", HOSTILE),
    ]
    page = Page(show_page(HOSTILE, parts))
    assert_stands_by_itself(page)
    assert "script" not in page.tags


def test_a_drawing_is_in_the_page() -> None:
    page = Page(show_drawing("<svg>\u00e9</svg>", "Recall"))
    sources = {name: value for _, name, value in page.attributes}
    assert sources["alt"] == "Recall"
    content = sources["src"].removeprefix("data:image/svg+xml;base64,")
    assert base64.b64decode(content).decode() == "<svg>\u00e9</svg>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        (" a \n b ", "a b"),
        ("one two three", "one two \u2026"),
        ("a" * 10, "a" * 10),
        ("a" * 11, f"{'a' * 10} \u2026"),
        ("a " + "b" * 20, f"a {'b' * 8} \u2026"),
    ],
)
def test_texts_are_shortened_between_words_where_there_are_some(text: str, shown: str) -> None:
    assert shorten(text, 10) == shown
