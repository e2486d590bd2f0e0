import itertools
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.evaluation.files.examples import Example
from retrieval.readers.layout import Layout
from retrieval.training.reader import batches as under_test
from retrieval.training.reader.batches import LENGTH_STEP, Item, collate, epoch_batches, make_items
from tests.factories import make_tokenizer

TOKENIZER = make_tokenizer()
QUESTION = "why did the dam"
MARKS = 3
LONGEST = 512


@pytest.fixture(autouse=True)
def _no_made_contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing before the passage unless a test says so."""
    monkeypatch.setattr(under_test, "made_context", lambda example: "")


def make_example(context: str, *answers: str) -> Example:
    """An example whose answers stand where they are first found."""
    ranges = tuple((context.index(text), context.index(text) + len(text)) for text in answers)
    return Example("e1", QUESTION, context, ranges, source="made")


def make_item(length: int, source: str = "made", first: int = 4) -> Item:
    """An item of so many pieces that is answered by its first piece."""
    pieces = length - first - 1
    offsets = [(at, at + 1) for at in range(pieces)]
    layout = Layout(
        [7] * length, [0] * first + [1] * (length - first), first, offsets, [0] * pieces
    )
    return Item(source, layout, ((first, first),))


def under(item: Item, context: str) -> list[str]:
    """The text of the context under each span of the item."""
    offsets, first = item.input.offsets, item.input.first
    return [context[offsets[a - first][0] : offsets[b - first][1]] for a, b in item.spans]


def test_spans_are_the_positions_of_the_answers_pieces() -> None:
    context = "Heavy rainstorms fell on the valley."
    (item,) = make_items([make_example(context, "rainstorms fell", "the valley")], TOKENIZER, 64)
    assert under(item, context) == ["rainstorms fell", "the valley"]
    assert item.source == "made"


def test_an_answer_inside_a_piece_is_that_piece() -> None:
    context = "The dyke broke"
    (item,) = make_items([make_example(context, "yk")], TOKENIZER, 64)
    assert under(item, context) == ["dyke"]


def test_without_an_answer_the_span_is_at_the_start_mark() -> None:
    (item,) = make_items([make_example("Rain fell.")], TOKENIZER, 64)
    assert item.spans == ((0, 0),)


def test_an_answer_that_has_no_piece_is_left_out() -> None:
    context = "Rain \u200b fell."
    assert make_items([make_example(context, "\u200b")], TOKENIZER, 64) == []
    (item,) = make_items([make_example(context, "\u200b", "fell")], TOKENIZER, 64)
    assert under(item, context) == ["fell"]


def test_a_made_context_stands_before_the_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "made_context", lambda example: "The flood. ")
    (item,) = make_items([make_example("rain fell", "rain")], TOKENIZER, 64)
    read = [TOKENIZER.id_to_token(number) for number in item.input.ids]
    assert read == f"[CLS] {QUESTION} [SEP] the flood . rain fell [SEP]".split()
    assert under(item, "rain fell") == ["rain"]


@pytest.mark.parametrize("place", [0, 1, 19, 38, 39])
@pytest.mark.parametrize("length", [1, 2, 7, 8])
@pytest.mark.parametrize("room", [8, 9])
def test_an_example_too_long_keeps_its_answer(room: int, length: int, place: int) -> None:
    words = [f"{number % 10}" for number in range(40)]
    place = min(place, 40 - length)
    context = " ".join(words)
    example = replace(make_example(context), answers=((2 * place, 2 * (place + length) - 1),))
    (item,) = make_items([example], TOKENIZER, room + MARKS + len(QUESTION.split()))
    assert len(item.input.offsets) == len(item.input.words) == room
    assert len(item.input.ids) == len(item.input.types) == room + MARKS + 4
    assert under(item, context) == [" ".join(words[place : place + length])]
    assert item.input.ids[item.input.first - 1] == item.input.ids[-1]  # [SEP]
    (start, _), *_, (_, end) = item.input.offsets
    kept = TOKENIZER.encode(context[start:end], add_special_tokens=False).ids
    assert item.input.ids[item.input.first : -1] == kept
    # What is lost is what is farther away.
    before, after = 2 * place - start, end - 2 * (place + length) + 1
    assert abs(before - after) <= 4 or start == 0 or end == len(context)


def test_an_answer_longer_than_there_is_room_for_is_left_out() -> None:
    example = make_example("a b c d e f g h", "b c d e")
    assert make_items([example], TOKENIZER, 4 + MARKS + 3) == []
    assert len(make_items([example], TOKENIZER, 4 + MARKS + 4)) == 1
    assert make_items([example], TOKENIZER, 4 + MARKS) == []


def test_of_several_answers_those_in_the_kept_part_stay() -> None:
    context = "a b c d e f g h i j k l"
    (item,) = make_items([make_example(context, "b", "c", "l")], TOKENIZER, 4 + MARKS + 4)
    assert under(item, context) == ["b", "c"]


def test_without_an_answer_the_beginning_is_kept() -> None:
    context = "a b c d e f g h"
    (item,) = make_items([make_example(context)], TOKENIZER, 4 + MARKS + 3)
    assert item.spans == ((0, 0),)
    assert [context[a:b] for a, b in item.input.offsets] == ["a", "b", "c"]


lengths = st.lists(st.integers(8, LONGEST), max_size=60)


@settings(deadline=None)
@given(lengths, st.sampled_from([64, 1000, 4096]), st.integers(0, 3))
def test_every_item_is_in_one_batch_and_no_batch_is_too_large(
    sizes: list[int], pieces: int, seed: int
) -> None:
    items = [make_item(size) for size in sizes]
    found = epoch_batches(items, {}, pieces, seed)
    assert sorted(itertools.chain(*found)) == list(range(len(items)))
    for batch in found:
        height, width = collate([items[number] for number in batch], seed).ids.shape
        assert height == 1 or height * width <= pieces


def test_a_batch_holds_items_of_one_length_while_there_are_enough() -> None:
    items = [make_item(size) for size in [20, 30, 90, 32, 96, 31, 33]]
    found = epoch_batches(items, {}, 128, 0)
    assert {frozenset(batch) for batch in found} == {
        frozenset({0, 1, 3, 5}),
        frozenset({2}),
        frozenset({4}),
        frozenset({6}),
    }


def test_the_same_seed_makes_the_same_batches_and_another_does_not() -> None:
    items = [make_item(8 + number) for number in range(90)]
    assert epoch_batches(items, {"made": 0.5}, 512, 1) == epoch_batches(
        items, {"made": 0.5}, 512, 1
    )
    assert epoch_batches(items, {}, 512, 1) != epoch_batches(items, {}, 512, 2)


def drawn(shares: dict[str, float], seed: int) -> Counter[str]:
    """How often items of each source are drawn; there are 400 of each of two."""
    items = [make_item(20, source) for source in ("a", "b") for _ in range(400)]
    batches = epoch_batches(items, shares, 4096, seed)
    return Counter(items[number].source for number in itertools.chain(*batches))


def test_a_share_says_how_often_items_of_a_source_are_drawn() -> None:
    assert drawn({"a": 0}, 1) == {"b": 400}
    assert drawn({"a": 2.0}, 1) == {"a": 800, "b": 400}
    assert 150 < drawn({"a": 0.5}, 1)["a"] < 250
    assert 550 < drawn({"a": 1.5}, 1)["a"] < 650


def test_a_share_of_items_is_drawn_afresh_for_each_seed() -> None:
    items = [make_item(20) for _ in range(100)]
    one, other = (set(itertools.chain(*epoch_batches(items, {"made": 0.5}, 64, s))) for s in (1, 2))
    assert one != other
    assert one & other


def test_collate_fills_rows_to_one_length_and_marks_what_is_there() -> None:
    items = [make_item(6), make_item(40)]
    batch = collate(items, seed=1)
    assert batch.ids.shape == (2, 2 * LENGTH_STEP)
    for row, item in enumerate(items):
        size, first = len(item.input.ids), item.input.first
        assert batch.ids[row].tolist() == item.input.ids + [0] * (64 - size)
        assert batch.types[row].tolist() == item.input.types + [0] * (64 - size)
        assert batch.mask[row].tolist() == [1] * size + [0] * (64 - size)
        assert np.flatnonzero(batch.allowed[row]).tolist() == [0, *range(first, size - 1)]


def test_collate_gives_the_place_of_the_answer() -> None:
    context = "Heavy rainstorms fell on the valley."
    examples = [make_example(context, "rainstorms fell"), make_example(context)]
    items = make_items(examples, TOKENIZER, 64)
    batch = collate(items, seed=1)
    assert [(batch.start[0], batch.end[0])] == list(items[0].spans)
    assert (batch.start[1], batch.end[1]) == (0, 0)
    rows = np.arange(2)
    assert batch.allowed[rows, batch.start].all()
    assert batch.allowed[rows, batch.end].all()


def test_of_several_right_spans_each_is_drawn_sometimes() -> None:
    (item,) = make_items([make_example("Rain fell.", "Rain", "fell")], TOKENIZER, 64)
    found = [collate([item], seed) for seed in range(20)]
    assert {(int(each.start[0]), int(each.end[0])) for each in found} == set(item.spans)
    assert collate([item], 3).start == collate([item], 3).start


def test_questions_for_a_cause_are_taken_as_often_as_their_share_says() -> None:
    items = [replace(make_item(20), why=number % 2 == 0) for number in range(10)]
    found = list(itertools.chain(*epoch_batches(items, {"why": 3.0}, 128, 0)))
    assert [found.count(number) for number in range(10)] == [3, 1] * 5
    assert set(itertools.chain(*epoch_batches(items, {"why": 0.0}, 128, 0))) == {1, 3, 5, 7, 9}
