"""Split a text into passages: runs of whole sentences that the encoder reads in full."""

from __future__ import annotations

import bisect
import datetime
from collections.abc import Callable, Iterator, Sequence

from index.sentences import split_paragraphs, split_sentences, trim
from index.types import Encoder, PassageRange

WINDOW_PIECES = 160
"""Word pieces in a passage, at the most, title and date not counted."""

CONTEXT_PIECES = 48
"""Word pieces of title and date before a passage, at the most."""

WINDOW_CHARACTERS = 4_000
"""Code points in a passage, at the most: some characters make no word piece at all."""


def embedded_texts(
    passages: Sequence[str], title: str, date: datetime.date | None, encoder: Encoder
) -> list[str]:
    """What the encoder reads of a document's passages: each after its context."""
    return [
        passage_context(passage, title, date, encoder.piece_offsets) + passage
        for passage in passages
    ]


def passage_context(
    passage: str,
    title: str,
    date: datetime.date | None,
    piece_offsets: Callable[[str], Sequence[tuple[int, int]]],
) -> str:
    """What a model reads before a passage: title and date, at most CONTEXT_PIECES long.

    A passage that holds the title already does not get it twice. Measured with whole collections,
    RR@10 / nDCG@10, always before and never twice: new_wiki .847/.876 and .853/.880, Cranfield
    .582/.438 and .587/.441.
    """
    if title.rstrip("\u2026") in passage:
        title = ""
    room = CONTEXT_PIECES - len(piece_offsets(day_and_title("", date))) - 1
    pieces = piece_offsets(title)
    kept = title if len(pieces) <= room else title[: pieces[room - 1][1]]
    return day_and_title(kept, date)


def day_and_title(title: str, date: datetime.date | None) -> str:
    """A title and a date as they stand before a passage; nothing if there is neither."""
    day = "" if date is None else f" ({date.day} {date:%B} {date.year})"
    context = f"{title}{day}".strip()
    return f"{context}. " if context else ""


def split_passages(text: str, encoder: Encoder) -> list[PassageRange]:
    """The passages of `text`, in order, not overlapping.

    Every character but white space is in exactly one passage. A passage ends at a sentence's end,
    at a paragraph's end where one is near, unless a single sentence is too long for a passage:
    that one is cut between words, and between characters if a word alone is too long.
    """
    room = encoder.max_pieces - CONTEXT_PIECES
    found = _pack(text, encoder, min(WINDOW_PIECES, room))
    return [part for passage in found for part in _fitted(text, passage, encoder, room)]


def _pack(text: str, encoder: Encoder, window: int) -> list[PassageRange]:
    sizes = _Sizes(text, encoder)
    passages: list[PassageRange] = []
    start, end = 0, 0
    for first, last, opens_paragraph in _units(text, sizes, window):
        if end > start:
            full = not sizes.fits(start, last, window)
            rounded = opens_paragraph and sizes.pieces(start, end) >= window * 3 // 4
            if full or rounded:
                passages.append(PassageRange(start, end))
                start = first
        else:
            start = first
        end = last
    if end > start:
        passages.append(PassageRange(start, end))
    return passages


def _fitted(
    text: str, passage: PassageRange, encoder: Encoder, room: int
) -> Iterator[PassageRange]:
    """The passage, or its parts if a cut inside a word has made more pieces of it than it had."""
    start, end = passage.start, passage.end
    if len(encoder.piece_offsets(text[start:end])) <= room or end - start == 1:
        yield passage
        return
    middle = (start + end) // 2
    for a, b in ((start, middle), (middle, end)):
        if part := trim(text, a, b):
            yield from _fitted(text, PassageRange(*part), encoder, room)


def _units(text: str, sizes: _Sizes, window: int) -> Iterator[tuple[int, int, bool]]:
    """Sentences, or the parts of one that is too long; and whether each opens a paragraph."""
    for a, b in split_paragraphs(text):
        opens = True
        for start, end in split_sentences(text, a, b):
            for part in _parts(text, start, end, sizes, window):
                yield *part, opens
                opens = False


def _parts(
    text: str, start: int, end: int, sizes: _Sizes, window: int
) -> Iterator[tuple[int, int]]:
    while not sizes.fits(start, end, window):
        cut = sizes.longest(start, end, window)
        space = max(text.rfind(" ", start + 1, cut), text.rfind("\n", start + 1, cut))
        if space > start + (cut - start) // 2:
            cut = space
        if part := trim(text, start, cut):
            yield part
        start = cut
    if part := trim(text, start, end):
        yield part


class _Sizes:
    """How many word pieces lie in any range of a text, counted once."""

    def __init__(self, text: str, encoder: Encoder) -> None:
        offsets = encoder.piece_offsets(text)
        self._starts = [start for start, _ in offsets]
        self._ends = [end for _, end in offsets]

    def pieces(self, start: int, end: int) -> int:
        """The pieces that touch the range."""
        return max(
            0, bisect.bisect_left(self._starts, end) - bisect.bisect_right(self._ends, start)
        )

    def fits(self, start: int, end: int, window: int) -> bool:
        return end - start <= WINDOW_CHARACTERS and self.pieces(start, end) <= window

    def longest(self, start: int, end: int, window: int) -> int:
        """The farthest end, at least one character on, for which the range still fits."""
        last = bisect.bisect_right(self._ends, start) + window
        cut = self._starts[last] if last < len(self._starts) else end
        return max(start + 1, min(cut, end, start + WINDOW_CHARACTERS))
