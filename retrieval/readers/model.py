"""A reader made of a model: read every passage, choose its spans, say how sure they are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.passages import passage_context
from index.types import Passage
from retrieval.readers.calibration import PLAIN, PLAIN_WEIGHTS, Calibration
from retrieval.readers.choose import Choice, choose_spans
from retrieval.readers.layout import Layout, lay_out
from retrieval.types import SearchWeights, Span

Logits = tuple[NDArray[np.float32], NDArray[np.float32]]


class SpanModel(Protocol):
    """Scores where an answer starts and ends."""

    def score(self, layout: Layout) -> Logits:
        """Start and end scores of each position, shape (length,); [CLS] speaks for no answer."""
        ...


class ModelReader:
    """Reads passages side by side, each on its own.

    On its own because an int8 model takes its scale from whatever it reads at once: beside other
    passages the same one would get other scores.
    """

    def __init__(
        self,
        model: SpanModel,
        tokenizer: Tokenizer,
        calibration: Calibration = PLAIN,
        weights: SearchWeights = PLAIN_WEIGHTS,
    ) -> None:
        self.weights = weights
        self._model = model
        self._tokenizer = tokenizer
        self._calibration = calibration
        self._workers = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="reader")

    @property
    def threshold(self) -> float:
        """The confidence from which on a span is shown, chosen on dev data."""
        return self._calibration.threshold

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        """The best spans of each passage, most confident first."""
        # The longest first: none of them is left for one core at the end.
        order = sorted(range(len(passages)), key=lambda n: (-len(passages[n].text), n))
        chosen = self._workers.map(lambda n: self._choose(question, passages[n]), order)
        spans = [
            Span(number, choice.start, choice.end, self._calibration.confidence(choice.margin))
            for number, choices in zip(order, chosen, strict=True)
            for choice in choices
        ]
        return sorted(spans, key=lambda span: (-span.confidence, span.passage, span.start))

    def _choose(self, question: str, passage: Passage) -> list[Choice]:
        context = passage_context(passage.text, passage.title, passage.date, self._piece_offsets)
        layouts = lay_out(self._tokenizer, question, context, passage.text)
        logits = [self._model.score(layout) for layout in layouts]
        return choose_spans(passage.text, layouts, logits)

    def _piece_offsets(self, text: str) -> list[tuple[int, int]]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)
