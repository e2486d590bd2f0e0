import time

import pytest
from hypothesis import example, given, settings

from index.sentences import split_paragraphs, split_sentences, trim
from tests.factories import assert_covers, awkward_texts


@given(awkward_texts())
@example("")
@example("\ufeffA. B.\r\n\r\nC")
@example("One.\u2029Two.")
@example("\r\rA\r\r")
@settings(deadline=None)
def test_sentences_leave_out_only_white_space(text: str) -> None:
    assert_covers(text, split_sentences(text))


@given(awkward_texts())
@settings(deadline=None)
def test_paragraphs_leave_out_only_white_space(text: str) -> None:
    assert_covers(text, split_paragraphs(text))


@given(awkward_texts())
@settings(deadline=None)
def test_no_sentence_reaches_over_a_paragraphs_end(text: str) -> None:
    paragraphs = split_paragraphs(text)
    for start, end in split_sentences(text):
        assert any(a <= start and end <= b for a, b in paragraphs)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Rain fell. Rivers rose.", ["Rain fell.", "Rivers rose."]),
        ("It rose by 4.2 metres. Why?", ["It rose by 4.2 metres.", "Why?"]),
        ("Mr. Smith went. He came.", ["Mr. Smith went.", "He came."]),
        ("A headline\n\nThe text.", ["A headline", "The text."]),
        ("A headline\r\n\r\nThe text.", ["A headline", "The text."]),
        ("\ufeffRain fell.", ["\ufeffRain fell."]),
        ("no end", ["no end"]),
        ("", []),
        (" \n\t\r\n", []),
    ],
)
def test_sentences_of_a_text(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text)] == sentences


def test_a_range_of_the_text_is_split_with_offsets_into_the_whole() -> None:
    text = "Left out. Rain fell. Rivers rose. Left out."
    found = split_sentences(text, 10, 33)
    assert [text[start:end] for start, end in found] == ["Rain fell.", "Rivers rose."]


def test_a_text_longer_than_the_splitter_takes_at_once_loses_nothing() -> None:
    text = "word " * 50_000
    assert_covers(text, split_sentences(text))


@pytest.mark.parametrize(
    ("text", "start", "end", "kept"),
    [("  a b ", 0, 6, (2, 5)), ("ab", 0, 2, (0, 2)), (" \n", 0, 2, None), ("abc", 1, 1, None)],
)
def test_trim_takes_white_space_off_both_ends(
    text: str, start: int, end: int, kept: tuple[int, int] | None
) -> None:
    assert trim(text, start, end) == kept


@pytest.mark.parametrize("space", [" ", "\u00a0", "\t", "\u2003", "\f"])
def test_white_space_costs_no_more_than_its_length(space: str) -> None:
    def cost(count: int) -> float:
        text = f"A{space * count}B."
        times = []
        for _ in range(3):
            start = time.process_time()
            split_sentences(text)
            times.append(time.process_time() - start)
        return min(times)

    # Quadratic cost makes sixteen times of four times the length, and 5 s of 40,000 characters.
    assert cost(40_000) <= 8 * cost(10_000) + 0.1
