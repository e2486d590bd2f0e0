"""Small real parts in place of the models: what they return depends on what they are given."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

import numpy as np

from index.errors import TextTooLong
from index.search.words import STOP_WORDS
from index.sentences import split_sentences
from index.types import Passage, Vector, Vectors
from retrieval.english.phrases import find_words, stems_of
from retrieval.types import SearchWeights, Span, Terms, Turn

_WORD = re.compile(r"\w+")
# A long word is several pieces, as to a real tokenizer.
_PIECE = re.compile(r"\w{1,16}|[^\w\s]")


def words(text: str) -> list[str]:
    """Lower-cased words, in order."""
    return _WORD.findall(text.lower())


class HashEncoder:
    """An encoder of hashed words: texts that share words are near each other."""

    def __init__(self, max_pieces: int = 254, dimensions: int = 256) -> None:
        self.max_pieces = max_pieces
        self.dimensions = dimensions
        self.fingerprint = f"hash-{dimensions}"

    def piece_offsets(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in _PIECE.finditer(text)]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        rows = [self.embed_question(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dimensions), dtype=np.float32)

    def embed_question(self, text: str) -> Vector:
        pieces = len(self.piece_offsets(text))
        if pieces > self.max_pieces:
            raise TextTooLong(f"{pieces} word pieces are more than {self.max_pieces}")
        total = np.sum([self._direction(word) for word in words(text) or [""]], axis=0)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)

    def _direction(self, word: str) -> np.ndarray:
        content = hashlib.shake_256(word.encode()).digest(self.dimensions)
        return np.frombuffer(content, dtype=np.uint8).astype(np.float64) - 127.5


class WordReader:
    """A reader that takes whole sentences, as sure of each as it holds words of the question."""

    def __init__(self, threshold: float = 0.5) -> None:
        self.threshold = threshold
        self.weights = SearchWeights(1, 0, 0, 0, 0, 0, threshold)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        asked = set(words(question)) - set(STOP_WORDS)
        spans = []
        for number, passage in enumerate(passages):
            for start, end in split_sentences(passage.text):
                shared = asked.intersection(words(passage.text[start:end]))
                if shared:
                    spans.append(Span(number, start, end, round(len(shared) / len(asked), 4)))
        return sorted(spans, key=lambda span: (-span.confidence, span.passage, span.start))


class NearFinder:
    """A term finder that takes a word to belong the more, the later it was said.

    A question depends the more, the fewer words it has.
    """

    def find(self, question: str, history: Sequence[Turn]) -> Terms:
        found: dict[str, float] = {}
        for ago, turn in enumerate(reversed(history)):
            for stem in stems_of(turn.question):
                found.setdefault(stem, 0.95 / 2**ago)
        return Terms(1 / len(find_words(question)), found)


class PhraseReader(WordReader):
    """A reader that finds phrases where they stand, for questions that begin in a certain way.

    `phrases` gives the beginning, then each phrase and how sure the reader is of it. It reads other
    questions as WordReader does, and keeps all in `asked`.
    """

    def __init__(self, phrases: Mapping[str, Mapping[str, float]], threshold: float = 0.5) -> None:
        super().__init__(threshold)
        self._phrases = phrases
        self.asked: list[str] = []

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        self.asked.append(question)
        for beginning, known in self._phrases.items():
            if question.startswith(beginning):
                spans = [
                    Span(number, match.start(), match.end(), confidence)
                    for number, passage in enumerate(passages)
                    for phrase, confidence in known.items()
                    for match in re.finditer(re.escape(phrase), passage.text)
                ]
                return sorted(spans, key=lambda span: (-span.confidence, span.passage, span.start))
        return super().read(question, passages)
