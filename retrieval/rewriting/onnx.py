"""Find the words that a question takes over, with a model in ONNX Runtime at int8."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from index.conversion import (
    TOKENIZER_FILE,
    convert_bert,
    convert_once,
    open_session,
    open_tokenizer,
    read_converted,
    sha256,
)
from index.errors import ModelUnusable
from retrieval.readers.load import DEFAULT_FOLDER
from retrieval.readers.onnx import FLOAT_PROJECTIONS, WEIGHTS_FILE
from retrieval.rewriting.lay_out_turns import TurnLayout, lay_out_turns
from retrieval.types import Terms, Turn

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
    from retrieval.rewriting.adapt import TermModel, load_changes

    model = TermModel(DEFAULT_FOLDER).eval()
    load_changes(model, CHANGES_FILE)
    model.merge()
    convert_bert(
        model, ("terms", "depends"), DEFAULT_FOLDER / TOKENIZER_FILE, folder, FLOAT_PROJECTIONS
    )
