from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.english.phrases import find_phrases, find_words, stems_of
from tests.factories import AWKWARD


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Why did protests start in Kazakhstan?", ["protests", "Kazakhstan"]),
        ("What is the history of tagliatelle?", ["history", "tagliatelle"]),
        ("Tell me about the Bronze Age collapse.", ["Bronze Age collapse"]),
        ("Who paid the Bank of England?", ["Bank of England"]),
        ("Who were Lewis and Clark?", ["Lewis and Clark"]),
        ("Describe Netflix's growth.", ["Netflix", "growth"]),
        ("What is a physician's assistant?", ["physician's assistant"]),
        ("What are Cubesats' advantages?", ["Cubesats", "advantages"]),
        ("Who owns Gencorp?", ["Gencorp"]),
        ("Is privacy protected?", ["privacy"]),
        ("How much does a Lamborghini cost?", ["Lamborghini"]),
        ("What did the old fire burn?", ["fire"]),
        ("Did the steel strike end?", ["steel strike"]),
        ("the start of the war", ["start", "war"]),
        ("floods, fires; storms", ["floods", "fires", "storms"]),
        ("what is it and why?", []),
    ],
)
def test_phrases_stand_between_function_words_and_verbs(text: str, phrases: list[str]) -> None:
    assert [phrase.text for phrase in find_phrases(text)] == phrases


def test_a_phrase_knows_what_stands_before_it() -> None:
    protests, town = find_phrases("What did the protests change in old Aktau?")
    assert (protests.has_the, protests.is_plural, protests.is_name) == (True, True, False)
    assert (town.preposition, town.is_plural, town.is_name) == ("in", False, True)


@pytest.mark.parametrize(
    ("text", "is_name"),
    [("Protests grew", False), ("OPEC met", True), ("the Avengers", True), ("Mercury", False)],
)
def test_a_capital_that_the_sentence_explains_is_no_name(text: str, is_name: bool) -> None:
    assert find_phrases(text)[0].is_name == is_name


def test_phrases_of_generic_words_are_generic() -> None:
    assert [phrase.is_generic for phrase in find_phrases("types of pork ribs")] == [True, False]


def test_stems_leave_out_stop_words() -> None:
    assert stems_of("What did the protests' leaders do?") == {"protest", "leader"}
    assert stems_of("protesting leader") == stems_of("protests, leaders")


@given(
    st.lists(st.sampled_from([*AWKWARD, "the ", "Bob's ", "in ", "and ", "Of ", "runs "])).map(
        "".join
    )
)
def test_every_phrase_stands_where_it_says(text: str) -> None:
    phrases = find_phrases(text)
    assert all(text[each.start : each.end] == each.text and each.text for each in phrases)
    assert all(left.end <= right.start for left, right in pairwise(phrases))
    assert all(text[each.start : each.end] == each.word for each in find_words(text))
