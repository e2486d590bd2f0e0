import itertools
import re

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.sentences import split_sentences
from retrieval.readers.choose import (
    MAX_SPAN_PIECES,
    MAX_SPAN_SENTENCES,
    SPANS,
    Choice,
    choose_spans,
)
from retrieval.readers.layout import Layout, lay_out, lay_out_whole
from retrieval.readers.model import Logits
from tests.factories import awkward_texts, make_tokenizer

TOKENIZER = make_tokenizer()
FIRST = 3
Scores = dict[str, float]


def laid_out(passage: str, begin: int = 0, end: int | None = None) -> Layout:
    """A layout of these pieces of a passage: marks, and up to three letters of each word."""
    pieces = [
        ((at, min(at + 3, match.end())), number)
        for number, match in enumerate(re.finditer(r"\w+|[^\w\s]", passage))
        for at in range(match.start(), match.end(), 3)
    ][begin:end]
    ids = [0] * (FIRST + len(pieces) + 1)
    return Layout(ids, ids, FIRST, [each[0] for each in pieces], [each[1] for each in pieces])


def scored(layout: Layout, passage: str, starts: Scores, ends: Scores, null: float = 0.0) -> Logits:
    """Logits of -9 but where one of `starts` starts, one of `ends` ends, and at [CLS]."""
    start, end = (np.full(len(layout.ids), -9, dtype=np.float32) for _ in range(2))
    start[0], end[0] = null, 0
    for text, score in starts.items():
        start[FIRST + piece_at(layout, passage.index(text))] = score
    for text, score in ends.items():
        end[FIRST + piece_at(layout, passage.index(text) + len(text) - 1)] = score
    return start, end


def piece_at(layout: Layout, at: int) -> int:
    """The number of the piece that holds a character."""
    return next(number for number, (a, b) in enumerate(layout.offsets) if a <= at < b)


def chosen(
    passage: str, starts: Scores, ends: Scores, null: float = 0.0
) -> list[tuple[str, float]]:
    """The texts and the margins of what is chosen."""
    layout = laid_out(passage)
    found = choose_spans(passage, [layout], [scored(layout, passage, starts, ends, null)])
    return [(passage[each.start : each.end], each.margin) for each in found]


def best(passage: str, wanted: str) -> str:
    """The text chosen where the model would start and end with `wanted`."""
    return chosen(passage, {wanted: 5}, {wanted: 5})[0][0]


def test_the_best_span_comes_first_and_its_margin_is_over_that_of_no_answer() -> None:
    passage = "Rain fell. The dyke broke on Monday. People left."
    scores: Scores = {"The dyke": 2.0, "Rain": 3.25, "People": 1.0}
    assert chosen(passage, scores, scores, null=1.5) == [
        ("Rain", 5.0),
        ("The dyke", 2.5),
        ("People", 0.5),
    ]


def test_a_span_less_likely_than_no_answer_is_offered_with_a_margin_below_nothing() -> None:
    assert chosen("Rain fell.", {"Rain": 1}, {"Rain": 1}, null=10.0) == [("Rain", -8.0)]


def test_an_end_does_not_come_before_its_start() -> None:
    found = chosen("Rain fell and people left.", {"people": 9}, {"fell": 8, "left": 2})
    assert found == [("people left", 11.0)]


def test_only_whole_words_are_chosen() -> None:
    passage = "Heavy rainstorms fell over the town."
    starts, ends = {"rainstorms": 1, "storms": 5}, {"rain": 5, "rainstorms": 1}
    assert chosen(passage, starts, ends) == [("rainstorms", 2.0)]


def test_a_part_that_begins_or_ends_inside_a_word_does_not_open_or_close_there() -> None:
    passage = "overland rain fell overland"
    layout = laid_out(passage, 1, -1)  # "rland rain fell overla"
    logits = scored(layout, passage, {"rland": 5, "rain": 1}, {"fell": 1, "fell overla": 5})
    (found,) = choose_spans(passage, [layout], [logits])
    assert (passage[found.start : found.end], found.margin) == ("rain fell", 2.0)


def test_a_span_has_at_most_so_many_pieces() -> None:
    passage = " ".join(f"w{number}" for number in range(MAX_SPAN_PIECES + 1))
    most = passage.rpartition(" ")[0]
    assert chosen(passage, {"w0": 5}, {most: 1, passage: 5}) == [(most, 6.0)]


def test_a_span_reaches_over_two_sentences_and_not_three() -> None:
    passage = "Rain fell hard. The dyke broke early. People left town."
    assert MAX_SPAN_SENTENCES == 2
    two, three = "fell hard. The dyke", "fell hard. The dyke broke early. People"
    assert chosen(passage, {two: 5}, {two: 1, three: 5})[0] == (two, 6.0)


def test_a_span_stays_in_its_paragraph() -> None:
    ends = {"fell": 1, "The dyke": 5}
    apart, near = "Rain fell\n\nThe dyke", "Rain fell\nThe dyke"
    assert chosen(apart, {"Rain": 5}, ends) == [("Rain fell", 6.0), ("The dyke", -4.0)]
    assert chosen(near, {"Rain": 5}, ends) == [(near, 10.0)]


def test_no_two_spans_share_a_sentence() -> None:
    passage = "Rain fell on the town. The dyke broke. People left."
    starts = {"Rain": 9, "The dyke": 8, "broke": 7, "People": 1}
    ends = {"Rain": 8, "town": 7, "The dyke": 8, "broke. People": 9, "left": 1}
    # The dyke broke. People (17) has all of two sentences; Rain (17) stands before it.
    assert chosen(passage, starts, ends) == [("Rain", 17.0), ("The dyke broke. People", 17.0)]


def test_at_most_so_many_spans_are_chosen_and_fewer_if_asked() -> None:
    passage = "Rain fell. Dykes broke. People left. Cattle drowned. Roads closed."
    layout = laid_out(passage)
    scores: Scores = {"Roads": 5, "Rain": 4, "People": 3, "Dykes": 2}
    logits = scored(layout, passage, scores, scores)
    found = choose_spans(passage, [layout], [logits])
    assert [passage[each.start : each.end] for each in found] == ["Roads", "Rain", "People"]
    assert len(found) == SPANS
    assert choose_spans(passage, [layout], [logits], count=1) == found[:1]


def test_equal_spans_are_chosen_in_the_order_of_the_text() -> None:
    passage = "Rain fell. People left. Roads closed."
    assert [text for text, _ in chosen(passage, {}, {})] == ["Rain", "People", "Roads"]


def test_each_part_of_a_long_passage_is_measured_against_its_own_null() -> None:
    passage = "Rain fell. The dyke broke. People left."
    parts = [laid_out(passage, 0, 9), laid_out(passage, 5)]
    scores: Scores = {"The dyke": 3}
    logits = [
        scored(parts[0], passage, {"Rain": 4, **scores}, {"Rain": 4, **scores}, null=5.0),
        scored(parts[1], passage, {"left": 2, **scores}, {"left": 2, **scores}, null=1.0),
    ]
    found = choose_spans(passage, parts, logits)
    assert [(passage[each.start : each.end], each.margin) for each in found] == [
        ("The dyke", 5.0),  # and not once more from the first part, at 1
        ("Rain", 3.0),
        ("left", 3.0),
    ]


def test_a_passage_without_a_word_has_no_span() -> None:
    for passage in ("", "... --- !", "() \u201c\u201d ''", ". " * 400):
        assert chosen(passage, {}, {}) == []


def test_marks_that_no_piece_has_stay_with_their_letter() -> None:
    passage = "The cafe\u0301 rose."
    layout = Layout([0] * 7, [0] * 7, 2, [(0, 3), (4, 8), (10, 14), (14, 15)], [0, 1, 2, 3])
    start, end = (np.array([0, 0, -9, score, -9, -9, 0], dtype=np.float32) for score in (5, 5))
    assert choose_spans(passage, [layout], [(start, end)]) == [Choice(4, 9, 10.0)]


@pytest.mark.parametrize(
    ("passage", "wanted", "quote"),
    [
        ("It rose, they said, by 5 metres.", ", they said,", "they said"),
        ("It cost $3.5.", "$3.5.", "$3.5"),
        ("It grew by .5 points.", ".5", ".5"),
        ("It fell to -5 degrees.", "-5 degrees", "-5 degrees"),
        ("In March, 5 dams broke.", ", 5 dams", "5 dams"),
        ("In March,\u00a05 dams broke.", ",\u00a05 dams", "5 dams"),
        ("He left the U.S. early.", "the U.S.", "the U.S."),
        ("He left (the U.S. - so far).", "the U.S. -", "the U.S."),
        ("At 5 p.m. it broke.", "5 p.m.", "5 p.m."),
        ("Built by Dyke Inc. in May.", "Dyke Inc.", "Dyke Inc."),
        ("See example.com.", "example.com.", "example.com"),
        ("Contents .......... 12", "Contents ..........", "Contents"),
        ("The dam (old) broke.", "(old)", "old"),
        ("The dam (old) broke.", "dam (old)", "dam (old)"),
        ("The dam (old) broke.", "(old", "old"),
        ("A (1) rain and (2) wind.", "(1) rain and (2)", None),
        ("She said \u201cYes.\u201d", "\u201cYes.\u201d", "Yes"),
        ("She said \u201cyes\u201d or \u201cno\u201d.", "\u201cyes\u201d or \u201cno\u201d", None),
        ('She said "yes ministers".', '"yes ministers"', "yes ministers"),
        ('She said "yes ministers".', 'yes ministers"', "yes ministers"),
        ('She said "yes" or "no".', '"yes" or "no"', '"yes" or "no"'),
        ("She said 'it's ours'.", "'it's ours'", "'it's ours'"),
        ("The ministers' pay rose.", "ministers'", "ministers'"),
        ("A (\u201cdam\u201d), broke.", "(\u201cdam\u201d),", "dam"),
    ],
)
def test_a_span_has_the_punctuation_that_belongs_to_it_and_no_other(
    passage: str, wanted: str, quote: str | None
) -> None:
    assert best(passage, wanted) == (quote or wanted)


@pytest.mark.parametrize(
    ("passage", "starts", "ends", "quote"),
    [
        ("It rose 2.5 metres", {"5": 5, "2": 1}, {"5": 5}, "2.5"),
        ("It rose 2.5 metres", {"2": 5}, {"2": 5, "metres": 1}, "2.5 metres"),
        ("At 12:30 it broke", {"30": 5, "12": 1}, {"30": 5}, "12:30"),
        ("The U.S. dam", {"S": 5, "U": 1}, {"dam": 5}, "U.S. dam"),
        ("Ann's dam broke", {"s": 5, "Ann": 1}, {"dam": 5}, "Ann's dam"),
        ("Ann's dam broke", {"'s": 5, "Ann": 1}, {"dam": 5}, "Ann's dam"),
        ("Ann\u2019s dam broke", {"\u2019s": 5, "Ann": 1}, {"dam": 5}, "Ann\u2019s dam"),
        ("Ann's dam broke", {"Ann": 5}, {"Ann": 5}, "Ann"),
    ],
)
def test_a_span_cuts_no_number_abbreviation_or_word_at_a_mark_inside_it(
    passage: str, starts: Scores, ends: Scores, quote: str
) -> None:
    assert chosen(passage, starts, ends)[0][0] == quote


@settings(deadline=None)
@example("rain (\u00a05 U.S. -), \u00a0", 0)
@given(awkward_texts(max_pieces=15), st.integers(0, 9))
def test_spans_of_any_passage_are_clean_quotes_of_it(text: str, seed: int) -> None:
    passage = text + "\n\nrain"  # so that there is a word
    layouts = lay_out(TOKENIZER, "Why?", "", passage)
    noise = np.random.default_rng(seed)
    logits = [tuple(noise.normal(0, 4, (2, len(each.ids))).astype(np.float32)) for each in layouts]
    found = choose_spans(passage, layouts, logits)
    assert 1 <= len(found) <= SPANS
    assert found == sorted(found, key=lambda each: (-each.margin, each.start, each.end))
    assert found == choose_spans(passage, layouts, logits)
    sentences = split_sentences(passage)
    (whole,) = lay_out_whole(TOKENIZER, [("Why?", "", passage)])
    read = []
    for each in found:
        assert 0 <= each.start < each.end <= len(passage)
        quote = passage[each.start : each.end]
        assert quote == quote.strip()
        assert any(map(str.isalnum, quote))
        pieces = [(a, b) for a, b in whole.offsets if a < each.end and each.start < b]
        assert len(pieces) <= MAX_SPAN_PIECES
        read.append({n for n, (a, b) in enumerate(sentences) if a < each.end and each.start < b})
        assert len(read[-1]) <= MAX_SPAN_SENTENCES
    assert all(a.isdisjoint(b) for a, b in itertools.combinations(read, 2))
