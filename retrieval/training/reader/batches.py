"""Batches of one shape per length, so that kernels are chosen once and little is padding."""

from __future__ import annotations

import bisect
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from retrieval.evaluation.files.examples import Example
from retrieval.evaluation.metrics.text_match import asks_why
from retrieval.readers.layout import Layout, lay_out_whole
from retrieval.training.examples.contexts import made_context

LENGTH_STEP = 32
"""Inputs are padded to a multiple of it."""


@dataclass(frozen=True, slots=True)
class Item:
    """An example as the model is trained on it: `spans` are positions, last one included.

    Without an answer the only span is (0, 0), [CLS]. `why` says that it asks for a cause.
    """

    source: str
    input: Layout
    spans: tuple[tuple[int, int], ...]
    why: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Arrays of shape (items, length); `start` and `end` of shape (items,) are what to find.

    `allowed` marks where a span may lie: [CLS] and the passage's pieces.
    """

    ids: NDArray[np.int64]
    types: NDArray[np.int64]
    mask: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def make_items(examples: Sequence[Example], tokenizer: Tokenizer, max_pieces: int) -> list[Item]:
    """Lay out the examples; one that is too long loses what is farthest from its answer."""
    texts = [(example.question, made_context(example), example.context) for example in examples]
    items = []
    for example, found in zip(examples, lay_out_whole(tokenizer, texts), strict=True):
        spans = tuple(
            span for answer in example.answers if (span := _locate(answer, found)) is not None
        )
        if example.answers and not spans:
            continue
        item = Item(example.source, found, spans or ((0, 0),), asks_why(example.question))
        items.append(_fit(item, max_pieces))
    return [item for item in items if item is not None]


def _locate(answer: tuple[int, int], found: Layout) -> tuple[int, int] | None:
    """The first and the last position of the pieces that the answer touches."""
    first = bisect.bisect_right(found.offsets, answer[0], key=lambda piece: piece[1])
    last = bisect.bisect_left(found.offsets, answer[1], key=lambda piece: piece[0]) - 1
    return (found.first + first, found.first + last) if first <= last else None


def _fit(item: Item, max_pieces: int) -> Item | None:
    found = item.input
    spare = len(found.ids) - max_pieces
    if spare <= 0:
        return item
    pieces = len(found.offsets)
    room = pieces - spare
    first, last = item.spans[0]
    if room < 1 or last - first >= room:
        return None
    # The kept window starts at passage piece `begin`; the answer lies in its middle.
    begin = 0
    if last:
        middle = (first + last) // 2 - found.first
        begin = min(max(0, middle - room // 2, last - found.first - room + 1), spare)
    kept = slice(begin, begin + room)
    head, tail = slice(0, found.first), slice(found.first + pieces, None)
    moved = tuple((a - begin, b - begin) for a, b in item.spans) if last else item.spans
    inside = tuple(
        (a, b) for a, b in moved if not last or found.first <= a <= b < found.first + room
    )
    ids, types = (
        row[head] + row[found.first : found.first + pieces][kept] + row[tail]
        for row in (found.ids, found.types)
    )
    cut = Layout(ids, types, found.first, found.offsets[kept], found.words[kept])
    return replace(item, input=cut, spans=inside) if inside else None


def epoch_batches(
    items: Sequence[Item], shares: dict[str, float], pieces: int, seed: int
) -> list[list[int]]:
    """The items of each batch of an epoch, in order; the same for the same seed.

    `pieces` is what a batch holds, padding included. Of a source in `shares` only that share is
    drawn, afresh for each seed; a share above 1 repeats its items. The share of "why" multiplies
    that of each question for a cause, whatever its source. Items that fill no batch of
    their length go into the next longer one's.
    """
    chance = random.Random(seed)  # noqa: S311
    drawn = []
    for number, item in enumerate(items):
        share = shares.get(item.source, 1.0) * (shares.get("why", 1.0) if item.why else 1.0)
        drawn += [number] * (int(share) + (chance.random() < share % 1))
    chance.shuffle(drawn)
    batches = list(_groups(drawn, items, pieces))
    chance.shuffle(batches)
    return batches


def _groups(drawn: Sequence[int], items: Sequence[Item], pieces: int) -> Iterator[list[int]]:
    by_length: dict[int, list[int]] = {}
    for number in drawn:
        by_length.setdefault(_padded(len(items[number].input.ids)), []).append(number)
    left: list[int] = []
    for length in sorted(by_length):
        waiting = left + by_length[length]
        size = max(1, pieces // length)
        whole = len(waiting) - len(waiting) % size
        for start in range(0, whole, size):
            yield waiting[start : start + size]
        left = waiting[whole:]
    if left:
        yield left


def _padded(length: int) -> int:
    return -(-length // LENGTH_STEP) * LENGTH_STEP


def collate(items: Sequence[Item], seed: int) -> Batch:
    """The batch of some items; of several right spans one is drawn."""
    chance = random.Random(seed)  # noqa: S311
    length = _padded(max(len(item.input.ids) for item in items))
    shape = (len(items), length)
    ids, types, mask = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    allowed = np.zeros(shape, dtype=np.bool_)
    spans = np.zeros((len(items), 2), dtype=np.int64)
    for row, item in enumerate(items):
        size = len(item.input.ids)
        ids[row, :size] = item.input.ids
        types[row, :size] = item.input.types
        mask[row, :size] = 1
        allowed[row, 0] = True
        allowed[row, item.input.first : item.input.first + len(item.input.offsets)] = True
        spans[row] = chance.choice(item.spans)
    return Batch(ids, types, mask, allowed, spans[:, 0], spans[:, 1])
