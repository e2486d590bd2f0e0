"""Lay out a question and a passage as the reader's model reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Encoding, Tokenizer

MAX_PIECES = 512
"""Positions that the model has."""

OVERLAP_PIECES = 64
"""How much of a passage that is too long is read twice, at the end of a part and in the next."""

MAX_QUESTION_PIECES = 128
"""More of a question is not read."""


@dataclass(frozen=True, slots=True)
class Layout:
    """[CLS] question [SEP] context passage [SEP], as the numbers of word pieces.

    Positions `first` to `first + len(offsets)` are the passage's, and an answer lies within them;
    `offsets` are their ranges in the passage's text, `words` the numbers of their words.
    """

    ids: list[int]
    types: list[int]
    first: int
    offsets: list[tuple[int, int]]
    words: list[int]


def lay_out(tokenizer: Tokenizer, question: str, context: str, passage: str) -> list[Layout]:
    """What is read to find the answer in a passage: one layout, or several if it is too long.

    `context` (title and date) is read before the passage, without an answer being looked for in it.
    """
    whole = lay_out_whole(tokenizer, [(question, context, passage)])[0]
    if len(whole.ids) <= MAX_PIECES:
        return [whole]
    asked = tokenizer.encode(question, add_special_tokens=False).offsets
    if len(asked) > MAX_QUESTION_PIECES:
        # Where the next piece starts: several pieces of one character all end where it does.
        question = question[: asked[MAX_QUESTION_PIECES][0]]
        return lay_out(tokenizer, question, context, passage)
    room = MAX_PIECES - (len(whole.ids) - len(whole.offsets))
    tail = whole.first + len(whole.offsets)
    parts = []
    for begin in range(0, len(whole.offsets) - OVERLAP_PIECES, room - OVERLAP_PIECES):
        kept = slice(whole.first + begin, min(tail, whole.first + begin + room))
        of_passage = slice(begin, begin + room)
        parts.append(
            Layout(
                whole.ids[: whole.first] + whole.ids[kept] + whole.ids[tail:],
                whole.types[: whole.first] + whole.types[kept] + whole.types[tail:],
                whole.first,
                whole.offsets[of_passage],
                whole.words[of_passage],
            )
        )
    return parts


def lay_out_whole(tokenizer: Tokenizer, texts: Sequence[tuple[str, str, str]]) -> list[Layout]:
    """The layout of each question, context and passage, however long."""
    encodings = tokenizer.encode_batch(
        [(question, context + passage) for question, context, passage in texts]
    )
    return [
        _layout(encoding, len(context))
        for encoding, (_, context, _) in zip(encodings, texts, strict=True)
    ]


def _layout(encoding: Encoding, skipped: int) -> Layout:
    end = len(encoding.ids) - 1
    first = next(
        (
            number
            for number, (sequence, (start, _)) in enumerate(
                zip(encoding.sequence_ids, encoding.offsets, strict=True)
            )
            if sequence == 1 and start >= skipped
        ),
        end,
    )
    return Layout(
        ids=list(encoding.ids),
        types=list(encoding.type_ids),
        first=first,
        offsets=[(a - skipped, b - skipped) for a, b in encoding.offsets[first:end]],
        words=[word or 0 for word in encoding.word_ids[first:end]],
    )
