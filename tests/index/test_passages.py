import datetime
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.passages import (
    CONTEXT_PIECES,
    WINDOW_CHARACTERS,
    WINDOW_PIECES,
    embedded_texts,
    passage_context,
    split_passages,
)
from index.types import Encoder
from tests.factories import assert_covers, awkward_texts
from tests.fakes import HashEncoder

DATES = st.one_of(st.none(), st.dates())
DAY = datetime.date(2022, 1, 5)


def check(text: str, title: str, date: datetime.date | None, encoder: Encoder) -> None:
    ranges = split_passages(text, encoder)
    assert_covers(text, ranges)
    context = passage_context("", title, date, encoder.piece_offsets)
    assert len(encoder.piece_offsets(context)) <= CONTEXT_PIECES
    for found in ranges:
        assert found.end - found.start <= WINDOW_CHARACTERS
        passage = text[found.start : found.end]
        for read in (context + passage, *embedded_texts([passage], title, date, encoder)):
            assert len(encoder.piece_offsets(read)) <= encoder.max_pieces


@given(awkward_texts(), awkward_texts(10), DATES, st.sampled_from([56, 80, 254]))
@example("", "", None, 254)
@example(" \r\n\t\u00a0", "", None, 254)
@example("\ufeff", "", None, 56)
@example("a" * 9_000, "b" * 900, DAY, 56)
@example("\u200b" * 9_000, "\u200b" * 900, DAY, 56)
@example("no punctuation at all " * 200, "title " * 90, DAY, 56)
@example("." * 900, "." * 900, DAY, 56)
@settings(deadline=None)
def test_passages_cover_any_text_and_the_encoder_reads_each_in_full(
    text: str, title: str, date: datetime.date | None, max_pieces: int
) -> None:
    check(text, title, date, HashEncoder(max_pieces))


@pytest.mark.real
@given(awkward_texts(120), awkward_texts(20), DATES)
@example("a" * 9_000, "antidisestablishmentarianism" * 20, DAY)
@example("\u200b" * 9_000, "\u0301" * 900, DAY)
@example("\U0001f600" * 900, "\U0001f600 " * 90, DAY)
@example("\u4e2d\u6587" * 900, "\u4e2d\u6587" * 90, DAY)
@example("\u1e09" * 900 + " x\u0301y" * 300, "\ufdfa" * 60, DAY)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
def test_the_real_encoder_reads_every_passage_of_any_text_in_full(
    real_encoder: Encoder, text: str, title: str, date: datetime.date | None
) -> None:
    check(text, title, date, real_encoder)


def parts(text: str, encoder: Encoder | None = None) -> list[str]:
    found = split_passages(text, encoder or HashEncoder())
    return [text[each.start : each.end] for each in found]


def test_a_short_report_is_one_passage_across_its_paragraphs() -> None:
    text = "Rain fell on Sunday.\n\nThe river rose on Monday. Nobody was hurt."
    assert parts(text) == [text]


def test_a_passage_ends_where_a_sentence_ends() -> None:
    sentence = "The river rose by four metres on Monday. "
    found = parts(sentence * 60)
    assert len(found) > 1
    assert all(part.endswith("Monday.") for part in found)


def test_a_passage_ends_at_a_paragraph_where_one_is_near() -> None:
    first = "The river rose by four metres on Monday. " * 15  # 135 pieces: most of the window
    second = "The mayor asked all residents to leave. " * 10
    assert parts(f"{first}\n\n{second}") == [first.strip(), second.strip()]


def test_a_sentence_too_long_for_a_passage_is_cut_between_words() -> None:
    text = " ".join(f"word{number}" for number in range(400))
    found = parts(text)
    assert len(found) > 1
    assert " ".join(found) == text


def test_a_word_too_long_for_a_passage_is_cut() -> None:
    text = "a" * 10_000
    found = parts(text)
    assert "".join(found) == text
    assert all(len(HashEncoder().piece_offsets(part)) <= WINDOW_PIECES for part in found)


class Opening(HashEncoder):
    """The first character of a word is a piece by itself: a cut inside a word makes one more."""

    def piece_offsets(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"(?<!\w)\w|\w{1,4}|[^\w\s]", text)]


def test_a_part_of_a_word_that_has_more_pieces_by_itself_is_cut_again() -> None:
    text = "abcdefgh" * 50
    encoder = Opening(CONTEXT_PIECES + 8)
    found = parts(text, encoder)
    assert "".join(found) == text
    assert all(len(encoder.piece_offsets(part)) <= 8 for part in found)


def test_blank_text_has_no_passage() -> None:
    assert parts(" \r\n\n\t") == []


def test_passages_do_not_depend_on_what_was_split_before() -> None:
    text = "The river rose by four metres on Monday. " * 40
    encoder = HashEncoder()
    before = split_passages(text, encoder)
    split_passages("Something else. " * 50, encoder)
    assert split_passages(text, encoder) == before


@pytest.mark.parametrize(
    ("title", "date", "context"),
    [
        ("Dyke breach", DAY, "Dyke breach (5 January 2022). "),
        ("Dyke breach", None, "Dyke breach. "),
        ("", DAY, "(5 January 2022). "),
        ("", None, ""),
    ],
)
def test_the_context_of_a_passage_is_title_and_date(
    title: str, date: datetime.date | None, context: str
) -> None:
    assert passage_context("", title, date, HashEncoder().piece_offsets) == context


@pytest.mark.parametrize(
    ("passage", "read"),
    [
        ("It broke.", "Dyke breach\u2026 (5 January 2022). It broke."),
        ("Dyke breach in town", "(5 January 2022). Dyke breach in town"),
    ],
)
def test_a_passage_that_holds_the_title_is_not_given_it_again(passage: str, read: str) -> None:
    assert embedded_texts([passage], "Dyke breach\u2026", DAY, HashEncoder()) == [read]


def test_a_long_title_is_cut_and_keeps_its_date() -> None:
    context = passage_context("", "word " * 200, DAY, HashEncoder().piece_offsets)
    assert context.endswith("word (5 January 2022). ")
    assert len(HashEncoder().piece_offsets(context)) <= CONTEXT_PIECES
