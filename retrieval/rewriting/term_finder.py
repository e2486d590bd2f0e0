"""Find the words that a question takes over, with a model in ONNX Runtime at int8."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from index.errors import ModelUnusable
from index.models.int8 import (
    TOKENIZER_FILE,
    convert_bert,
    convert_once,
    open_session,
    open_tokenizer,
    read_converted,
    sha256,
)
from retrieval.english.phrases import find_words, stem_word
from retrieval.readers.load import DEFAULT_FOLDER
from retrieval.readers.onnx import FLOAT_PROJECTIONS, WEIGHTS_FILE
from retrieval.types import Terms, Turn

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


CHANGES_FILE = Path(__file__).parent.parent / "term_model" / "changes.safetensors"
"""How the term finder's weights differ from the reader's."""

REMEMBERED = 1024
"""Questions that are not read again: chat clients send all earlier ones along with each."""

RECIPE = 1
"""Grows when the conversion changes: the model is then converted anew."""


class OnnxTermFinder:
    """The term finder that comes with Dateline, converted and loaded for the first question."""

    def __init__(self, models: Path) -> None:
        """`models` is the folder that converted models are kept in."""
        self._models = models
        self._lock = Lock()
        self._loaded: tuple[Any, Any] | None = None
        self._remembered = lru_cache(REMEMBERED)(self._find)

    def find(self, question: str, history: Sequence[Turn]) -> Terms:
        """Nothing without history. Raises ModelUnusable if the model is damaged."""
        return self._remembered(question, tuple(history)) if history else Terms(0.0, {})

    def _find(self, question: str, history: tuple[Turn, ...]) -> Terms:
        session, tokenizer = self._load()
        layout = lay_out_turns(tokenizer, question, history)
        ids = np.array([layout.ids], dtype=np.int64)
        terms, depends = session.run(
            ["terms", "depends"],
            {
                "input_ids": ids,
                "attention_mask": np.ones_like(ids),
                "token_type_ids": np.array([layout.types], dtype=np.int64),
            },
        )
        return gather_terms(layout, terms[0], float(depends[0, 0]))

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                model, tokenizer = read_converted(convert_term_model(self._models))
                self._loaded = open_session(model), open_tokenizer(tokenizer)
            return self._loaded


def gather_terms(layout: TurnLayout, terms: Sequence[float], depends: float) -> Terms:
    """The probabilities by stem from log odds by position: the surest piece of a word counts."""
    found: dict[str, float] = {}
    for word in layout.words:
        chance = _chance(max(float(terms[position]) for position in word.positions))
        for stem in word.stems:
            found[stem] = max(chance, found.get(stem, 0.0))
    return Terms(_chance(depends), found)


def _chance(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-log_odds)))


def convert_term_model(models: Path) -> Path:
    """The folder of the converted model, made now if it is not there. Raises ModelUnusable."""
    return convert_once(converted_folder(models), _convert)


def converted_folder(models: Path) -> Path:
    """Where the converted model is, or will be. Raises ModelUnusable."""
    try:
        parts = (DEFAULT_FOLDER / WEIGHTS_FILE, DEFAULT_FOLDER / TOKENIZER_FILE, CHANGES_FILE)
        digests = [sha256(each.read_bytes()) for each in parts]
    except OSError as error:
        raise ModelUnusable(f"the term finder's weights cannot be read: {error}") from error
    return models / f"terms-{sha256(''.join(digests).encode())[:16]}-int8-{RECIPE}"


def _convert(folder: Path) -> None:
    from retrieval.rewriting.term_model import TermModel, load_changes

    model = TermModel(DEFAULT_FOLDER).eval()
    load_changes(model, CHANGES_FILE)
    model.merge()
    convert_bert(
        model, ("terms", "depends"), DEFAULT_FOLDER / TOKENIZER_FILE, folder, FLOAT_PROJECTIONS
    )
