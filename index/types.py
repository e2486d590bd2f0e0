"""The records and protocols of the way in. Offsets are half open and count Unicode code points."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.formats.types import PageBoxes, Part

Vector = NDArray[np.float32]
"""A unit vector, shape (dimensions,)."""

Vectors = NDArray[np.float32]
"""Unit vectors, shape (count, dimensions)."""

DEFAULT_COLLECTION = "default"


@dataclass(frozen=True, slots=True)
class ParsedReport:
    """What a parser makes of a file: the immutable text and what is known about it.

    `member` tells it from other reports of the same file, and is empty where it is the only one.
    """

    text: str
    title: str
    date: datetime.date | None
    date_evidence: str | None
    media_type: str
    sha256: str
    title_evidence: str = "text"
    author: str | None = None
    url: str | None = None
    parts: tuple[Part, ...] = ()
    boxes: tuple[PageBoxes, ...] = ()
    member: str = ""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file to take in, as reports from `source`; `name` tells its format, and is never a path.

    `title` and `date`, where given, stand over what the file says; with `is_dated`, the day when
    it was last changed may date it. `columns` are pairs of text, title, date, id, url or author and
    the column of a table that has it; with `ocr` the pictures of a scan are read.
    """

    path: Path
    source: str
    name: str
    is_dated: bool = False
    title: str | None = None
    date: datetime.date | None = None
    columns: tuple[tuple[str, str], ...] = ()
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes of a file that reports were made from; `name` is only shown, never a path."""

    name: str
    media_type: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Document:
    """A stored report, without its text.

    `sources` are the paths or names that it came from, in order; `characters` counts code points;
    `has_original` tells whether the bytes it was made from are kept; `title_evidence` is None for
    a report taken in before it was noted; `duplicates` are the ids of documents of its collection
    that are the same story.
    """

    id: str
    collection: str
    title: str
    date: datetime.date | None
    date_evidence: str | None
    media_type: str
    sha256: str
    characters: int
    passages: int
    added_at: str
    has_original: bool
    sources: tuple[str, ...]
    title_evidence: str | None = None
    author: str | None = None
    url: str | None = None
    duplicates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PassageRange:
    """Where a passage stands in its document's text, before it has an id."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage: `document.text[start:end] == text`."""

    id: int
    document_id: str
    start: int
    end: int
    text: str
    title: str
    date: datetime.date | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents may answer. `None` means no limit; both days are included.

    A document without a date passes no date limit: it cannot be shown to lie within it.
    """

    collection: str | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None

    @property
    def is_open(self) -> bool:
        """Whether every document passes."""
        return self.collection is None and self.since is None and self.until is None


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage's id and its score; higher is better."""

    passage_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a report did."""

    status: Literal["added", "replaced", "unchanged"]
    document_id: str


class Encoder(Protocol):
    """Turns texts into unit vectors whose inner product is their similarity."""

    @property
    def fingerprint(self) -> str:
        """Names the vector space: model, weights and arithmetic. Equal means comparable."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...

    @property
    def max_pieces(self) -> int:
        """How many word pieces of a text are read, special tokens not counted."""
        ...

    def piece_offsets(self, text: str) -> list[tuple[int, int]]:
        """The ranges of all word pieces of `text`, special tokens left out, nothing cut off."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed each text on its own, so that no vector depends on its neighbours.

        Raises TextTooLong if one has more than `max_pieces` pieces.
        """
        ...

    def embed_question(self, text: str) -> Vector:
        """Embed one question. Raises TextTooLong as `embed_passages` does."""
        ...


class SearchIndex(Protocol):
    """Dense and lexical search over the stored passages, both at one generation."""

    @property
    def generation(self) -> int:
        """The generation of the database that both indexes reflect."""
        ...

    def catch_up(self) -> int:
        """Bring both indexes to the database's generation, and return it."""
        ...

    def dense(self, vector: Vector, count: int, limit: Filter) -> list[Scored]:
        """The passages nearest to `vector` by cosine, best first, ties by id."""
        ...

    def words(self, text: str) -> Counter[str]:
        """How often each word is in a text, by its stem; stop words only if there is no other."""
        ...

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """Each word's inverse document frequency, over passages."""
        ...

    def lexical(self, words: Mapping[str, float], count: int, limit: Filter) -> list[Scored]:
        """The passages that match weighted words best (BM25), best first, ties by id."""
        ...

    def lexical_scores(
        self, words: Mapping[str, float], passage_ids: Collection[int]
    ) -> dict[int, float]:
        """How well each of the passages, and the document around it, match weighted words."""
        ...

    def vectors(self, passage_ids: Sequence[int]) -> dict[int, Vector]:
        """The vector of each of the passages that is there."""
        ...

    def cosines(self, vector: Vector, passage_ids: Sequence[int]) -> dict[int, float]:
        """The exact cosine of each passage that is there."""
        ...

    def close(self) -> None:
        """Save what the next start would otherwise build again."""
        ...
