from __future__ import annotations

import re
from collections import Counter

import pytest

from retrieval.training.examples.made_frames import spans
from retrieval.training.examples.made_reports import Made, make


@pytest.fixture(scope="module")
def made() -> list[Made]:
    return make(1500)


def test_every_answer_stands_where_it_says(made: list[Made]) -> None:
    for example in made:
        for text, start in example.answers:
            assert text
            assert example.context[start : start + len(text)] == text


def test_no_mark_or_slot_is_left(made: list[Made]) -> None:
    left = re.compile(r"[⟦⟧⟪⟫{}+|]|  | [,.]|\b(the the|a a|a the|the a) ")
    assert [example.context for example in made if left.search(example.context)] == []


def test_the_same_seed_makes_the_same_examples() -> None:
    assert make(40, seed=3) == make(40, seed=3)
    assert make(40, seed=3) != make(40, seed=4)


def test_some_have_no_answer_and_say_so_in_their_id(made: list[Made]) -> None:
    missing = [example for example in made if not example.answers]
    assert 0.12 < len(missing) / len(made) < 0.18
    assert all(example.id.endswith("-un") == (not example.answers) for example in made)


def test_some_ask_for_something_else_than_the_cause(made: list[Made]) -> None:
    answered = [example for example in made if example.answers]
    assert 0.15 < sum(example.frame == "other" for example in answered) / len(answered) < 0.25


def test_the_reports_vary(made: list[Made]) -> None:
    assert len({(example.question, example.context) for example in made}) == len(made)
    assert len({example.event for example in made}) >= 70
    assert len({example.frame for example in made}) >= 80
    assert len({example.answers[0][0] for example in made if example.answers}) > 600


def test_the_answer_stands_in_no_fixed_sentence(made: list[Made]) -> None:
    places = Counter(
        len(re.findall(r'[.?!]"? ', example.context[: example.answers[0][1]]))
        for example in made
        if example.answers
    )
    assert max(places.values()) < 0.4 * sum(places.values())
    assert len(places) >= 5


def test_spans_are_read_from_marks_the_longest_first() -> None:
    assert spans("⟦Angered by ⟪fares⟫⟧, people left.") == [("Angered by fares", 0), ("fares", 11)]
