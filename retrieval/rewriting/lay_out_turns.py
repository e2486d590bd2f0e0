"""Lay out a question and what was said before it as the term finder's model reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from retrieval.rewriting.phrases import find_words, stem_word
from retrieval.types import Turn

MAX_PIECES = 160
"""Of question and history together; what was said longest ago is left out."""

_QUESTION_PIECES = 64
_ANSWER_WORDS = 24
"""Of each answer; the rest of a long one seldom says what the next question is about."""

_MARK = "|"
"""Stands behind each question and each answer."""


@dataclass(frozen=True, slots=True)
class TurnWord:
    """A word of the history that is no stop word: its stems, and the positions of its pieces."""

    stems: tuple[str, ...]
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TurnLayout:
    """[CLS] question [SEP] last question | its answer | the question before | ... [SEP]."""

    ids: list[int]
    types: list[int]
    words: tuple[TurnWord, ...]


def lay_out_turns(tokenizer: Tokenizer, question: str, history: Sequence[Turn]) -> TurnLayout:
    """Questions as they were asked, each with the surest of its short answers."""
    # The last piece is the [SEP].
    *ids, sep = tokenizer.encode(question).ids
    ids = [*ids[: _QUESTION_PIECES + 1], sep]
    mark = tokenizer.encode(_MARK, add_special_tokens=False).ids
    types = [0] * len(ids)
    words: list[TurnWord] = []
    for turn in reversed(history):
        for text in (turn.question, _short(turn)):
            # One place for the mark, one for the last [SEP].
            room = MAX_PIECES - len(ids) - 2
            if text and room > 0:
                pieces = tokenizer.encode(text, add_special_tokens=False)
                words += _words(text, pieces.offsets[:room], len(ids))
                ids += [*pieces.ids[:room], *mark]
    ids.append(sep)
    return TurnLayout(ids, types + [1] * (len(ids) - len(types)), tuple(words))


def _short(turn: Turn) -> str:
    return " ".join(turn.answers[0].split()[:_ANSWER_WORDS]) if turn.answers else ""


def _words(text: str, offsets: Sequence[tuple[int, int]], first: int) -> list[TurnWord]:
    found = []
    for word in find_words(text):
        stems = stem_word(word.lower)
        positions = tuple(
            first + number
            for number, (start, end) in enumerate(offsets)
            if start < word.end and end > word.start
        )
        if stems and positions:
            found.append(TurnWord(stems, positions))
    return found
