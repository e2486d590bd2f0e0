import pytest
from hypothesis import example, given, settings

from retrieval.readers.layout import (
    MAX_PIECES,
    MAX_QUESTION_PIECES,
    OVERLAP_PIECES,
    Layout,
    lay_out,
    lay_out_whole,
)
from tests.factories import awkward_texts, make_tokenizer

TOKENIZER = make_tokenizer()
QUESTION = "Why did the dam break?"
CONTEXT = "The flood (5 May 2021). "


def tokens(layout: Layout) -> list[str | None]:
    """What is read, piece by piece."""
    return [TOKENIZER.id_to_token(number) for number in layout.ids]


def quoted(layout: Layout, passage: str) -> list[str]:
    """The passage's text under each of its pieces."""
    return [passage[start:end] for start, end in layout.offsets]


def test_question_context_and_passage_stand_between_the_marks() -> None:
    (layout,) = lay_out(TOKENIZER, "Why the dam?", "The flood. ", "Rain fell.")
    assert tokens(layout) == ("[CLS] why the dam ? [SEP] the flood . rain fell . [SEP]".split())
    assert layout.types == [0] * 6 + [1] * 7
    assert layout.first == 9


def test_offsets_are_the_passages_alone_and_count_from_its_start() -> None:
    passage = "The dyke broke: 4.2 metres."
    (layout,) = lay_out(TOKENIZER, QUESTION, CONTEXT, passage)
    assert quoted(layout, passage) == [*"The dyke broke : 4 . 2".split(), *"metres", "."]
    after = layout.first + len(layout.offsets)
    assert tokens(layout)[layout.first : after][:3] == ["the", "dyke", "broke"]
    assert tokens(layout)[after:] == ["[SEP]"]


def test_pieces_of_a_word_have_its_number() -> None:
    (layout,) = lay_out(TOKENIZER, QUESTION, CONTEXT, "rain storms fell")
    first, *spelt, last = layout.words
    assert len(spelt) == len("storms")
    assert (set(spelt), last) == ({first + 1}, first + 2)


def test_without_a_context_the_passage_follows_the_question() -> None:
    (layout,) = lay_out(TOKENIZER, "Why?", "", "rain")
    assert tokens(layout) == "[CLS] why ? [SEP] rain [SEP]".split()
    assert (layout.first, layout.offsets) == (4, [(0, 4)])


@pytest.mark.parametrize("passage", ["", " ", "\u200b\n"])
@pytest.mark.parametrize("context", ["", CONTEXT])
def test_a_passage_of_nothing_has_no_pieces(context: str, passage: str) -> None:
    (layout,) = lay_out(TOKENIZER, QUESTION, context, passage)
    assert (layout.offsets, layout.words) == ([], [])
    assert tokens(layout)[layout.first :] == ["[SEP]"]


def test_an_input_that_just_fits_is_one_part_and_one_piece_more_makes_two() -> None:
    taken = len(lay_out(TOKENIZER, QUESTION, CONTEXT, "")[0].ids)
    fits = "rain " * (MAX_PIECES - taken)
    (layout,) = lay_out(TOKENIZER, QUESTION, CONTEXT, fits)
    assert len(layout.ids) == MAX_PIECES
    assert len(lay_out(TOKENIZER, QUESTION, CONTEXT, fits + "rain")) == 2


@pytest.mark.parametrize("words", [500, 512, 900, 1_301, 4_000])
def test_a_long_passage_is_read_in_overlapping_parts_that_cover_it(words: int) -> None:
    passage = " ".join(("rain", "storms", "fell.")[n % 3] for n in range(words))
    (whole,) = lay_out_whole(TOKENIZER, [(QUESTION, CONTEXT, passage)])
    parts = lay_out(TOKENIZER, QUESTION, CONTEXT, passage)
    assert len(parts) > 1
    head = whole.ids[: whole.first]
    covered = whole.offsets[:0]
    for number, part in enumerate(parts):
        pieces = len(part.offsets)
        assert len(part.ids) == len(part.types) == len(head) + pieces + 1 <= MAX_PIECES
        assert part.ids[: part.first] == head
        assert tokens(part)[-1] == "[SEP]"
        begin = whole.offsets.index(part.offsets[0])
        assert part.offsets == whole.offsets[begin : begin + pieces]
        assert part.words == whole.words[begin : begin + pieces]
        assert (
            part.ids[part.first : -1]
            == whole.ids[whole.first + begin : whole.first + begin + pieces]
        )
        assert len(covered) - begin == (OVERLAP_PIECES if number else 0)
        covered = whole.offsets[: begin + pieces]
    assert covered == whole.offsets


def test_more_of_a_question_is_not_read_beside_a_passage_that_is_too_long() -> None:
    question = "rain " * MAX_QUESTION_PIECES + "dyke"
    parts = lay_out(TOKENIZER, question * 4, CONTEXT, "fell " * 900)
    for part in parts:
        assert tokens(part)[: MAX_QUESTION_PIECES + 2] == (
            ["[CLS]", *["rain"] * MAX_QUESTION_PIECES, "[SEP]"]
        )
    assert parts[-1].offsets[-1] == (899 * 5, 899 * 5 + 4)


def test_a_question_as_long_as_may_be_is_read_whole() -> None:
    question = "rain " * (MAX_QUESTION_PIECES - 1) + "dyke"
    for part in lay_out(TOKENIZER, question, CONTEXT, "fell " * 900):
        assert tokens(part)[MAX_QUESTION_PIECES : MAX_QUESTION_PIECES + 2] == ["dyke", "[SEP]"]


def test_a_question_cut_within_a_character_of_two_pieces_ends_before_it() -> None:
    question = "a " * (MAX_QUESTION_PIECES - 1) + "\uac00"
    assert len(TOKENIZER.encode(question, add_special_tokens=False).ids) == MAX_QUESTION_PIECES + 1
    for part in lay_out(TOKENIZER, question, CONTEXT, "fell " * 900):
        assert tokens(part)[MAX_QUESTION_PIECES - 1 :][:2] == ["a", "[SEP]"]


@settings(deadline=None)
@example("\u0301rose", "")
@example("cafe\u0301 \uac00", "\uac00")
@given(awkward_texts(max_pieces=20), awkward_texts(max_pieces=3))
def test_offsets_index_into_any_passage(passage: str, title: str) -> None:
    context = f"{title.strip()[:40]}. "
    (alone,) = lay_out_whole(TOKENIZER, [(QUESTION, "", passage)])
    (layout,) = lay_out_whole(TOKENIZER, [(QUESTION, context, passage)])
    assert layout.offsets == alone.offsets
    assert layout.ids[layout.first :] == alone.ids[alone.first :]
    assert all(text == text.strip() != "" for text in quoted(layout, passage))
    assert layout.offsets == sorted(layout.offsets)
    assert [pair[0] == pair[1] for pair in zip(layout.words, layout.words[1:], strict=False)] == [
        pair[0] == pair[1] for pair in zip(alone.words, alone.words[1:], strict=False)
    ]


@settings(deadline=None)
@given(awkward_texts(max_pieces=20))
def test_every_piece_of_any_passage_is_in_a_part_that_fits(passage: str) -> None:
    (whole,) = lay_out_whole(TOKENIZER, [(QUESTION, CONTEXT, passage)])
    parts = lay_out(TOKENIZER, QUESTION, CONTEXT, passage)
    assert all(len(part.ids) <= MAX_PIECES for part in parts)
    assert {found for part in parts for found in part.offsets} == set(whole.offsets)
