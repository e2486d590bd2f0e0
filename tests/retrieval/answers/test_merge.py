import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Passage
from retrieval.answers.merge import answer_words, merge_spans
from retrieval.types import Span
from tests.factories import make_passage


def whole(passages: list[Passage]) -> list[Span]:
    """Each passage as one span, each a little less sure than the one before."""
    return [
        Span(number, 0, len(passage.text), 0.9 - number / 100)
        for number, passage in enumerate(passages)
    ]


def merged(*texts: str) -> list[list[int]]:
    """The groups of these answers, each in a document of its own."""
    passages = [
        make_passage(text, number=number, document_id=f"doc_{number}")
        for number, text in enumerate(texts)
    ]
    return [[span.passage for span in group] for group in merge_spans(whole(passages), passages)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the river Tharnock", "The River Tharnock."),
        ("a dyke", "the dyke"),
        ("1,200 people", "1,200 people,"),
        ("STRASSE", "stra\u00dfe"),
        (
            "clay core had been softened by meltwater",
            "the clay core had been softened by meltwater again",  # 7 of 8 words
        ),
    ],
)
def test_answers_that_say_the_same_are_one(one: str, other: str) -> None:
    assert merged(one, other) == [[0, 1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("twelve people", "thirteen people"),
        ("1,200 people", "1,300 people"),
        ("4.2 metres", "42 metres"),
        (
            "about 1,200 people left their homes on Monday",
            "about 1,300 people left their homes on Monday",
        ),
        ("people left their homes on Monday night", "people left their homes on Monday night 12"),
        ("on Monday morning", "on Monday evening"),  # short: every word counts
        ("one two three four five six", "one two three four seven eight"),
    ],
)
def test_answers_that_say_something_else_stay_apart(one: str, other: str) -> None:
    assert merged(one, other) == [[0], [1]]


def test_just_the_least_share_of_words_is_enough() -> None:
    assert merged("one two three four five", "one two three four") == [[0], [1]]  # too short
    assert merged("one two three four five six", "one two three four five") == [[0, 1]]  # 5 of 6
    assert merged("a1 b c d e f g h i j", "b c d e f g h i j") == [[0], [1]]  # a number more


def test_groups_come_in_the_order_of_their_surest_spans() -> None:
    assert merged("rain", "snow", "rain", "hail", "snow") == [[0, 2], [1, 4], [3]]


def test_a_group_is_judged_by_its_first_span() -> None:
    chain = ["one two three four five six", "one two three four five", "two three four five seven"]
    assert merged(*chain) == [[0, 1], [2]]


def test_overlapping_spans_of_one_document_are_the_surest_one() -> None:
    passage = make_passage("The river Tharnock broke its dyke.")
    spans = [Span(0, 4, 18, 0.9), Span(0, 10, 24, 0.8), Span(0, 25, 33, 0.7)]
    assert merge_spans(spans, [passage]) == [[spans[0]], [spans[2]]]


def test_overlap_is_seen_across_passages_by_their_place_in_the_document() -> None:
    passages = [
        make_passage("The river rose.", number=1, start=0),
        make_passage("rose. Rain fell.", number=2, start=10),
        make_passage("rose. Rain fell.", number=3, start=10, document_id="doc_2"),
    ]
    spans = [Span(0, 4, 14, 0.9), Span(1, 0, 4, 0.8), Span(2, 0, 4, 0.7)]
    assert merge_spans(spans, passages) == [[spans[0]], [spans[2]]]


def test_spans_that_touch_do_not_overlap() -> None:
    passage = make_passage("rain snow")
    spans = [Span(0, 0, 4, 0.9), Span(0, 4, 9, 0.8)]
    assert merge_spans(spans, [passage]) == [[spans[0]], [spans[1]]]


def test_the_same_words_twice_in_one_document_are_one_answer_in_two_places() -> None:
    passage = make_passage("rain and rain")
    spans = [Span(0, 0, 4, 0.9), Span(0, 9, 13, 0.8)]
    assert merge_spans(spans, [passage]) == [spans]


def test_nothing_merges_to_nothing() -> None:
    assert merge_spans([], []) == []


def test_words_of_an_answer_are_folded_and_lose_articles_and_signs() -> None:
    assert answer_words("The Mayor's \u201c4.2 metres\u201d, a day") == [
        "mayor",
        "s",
        "4.2",
        "metres",
        "day",
    ]
    assert answer_words("...") == []


@given(st.lists(st.sampled_from(["rain", "snow fell", "the rain", "12", "13", "."]), max_size=9))
def test_no_span_is_lost_or_doubled(texts: list[str]) -> None:
    groups = merged(*texts)
    assert sorted(number for group in groups for number in group) == list(range(len(texts)))
    assert all(group == sorted(group) for group in groups)
