"""The records and protocols of the way out. Offsets are half open and count code points."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.store.database import Database
from index.types import Encoder, Passage, SearchIndex


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that search found.

    `score` is the fused one, 0 to 1, comparable within one search only; `cosine` is to the
    question; `bm25` is 0 where no word matches.
    """

    passage: Passage
    score: float
    cosine: float
    bm25: float


@dataclass(frozen=True, slots=True)
class Span:
    """A possible answer: `passages[passage].text[start:end]`.

    `confidence` is the probability that the span answers the question.
    """

    passage: int
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Citation:
    """Where quoted text stands: `document.text[start:end] == cited_text`.

    `id` counts from 1 in order of appearance. `page` is None for formats without pages, `section`
    (headings, a slide, a row of a sheet) for those without anything of the kind.
    """

    id: int
    document_id: str
    document_title: str
    document_date: datetime.date | None
    source: str
    page: int | None
    cited_text: str
    start: int
    end: int
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A quote that answers: `document.text[start:end] == text` for the first cited document.

    `citations` are ids of citations: the first holds this very span, the others say the same.
    `date` is the one day that the text says, by the day of its report; None if it says none or
    several, or more than when.
    """

    text: str
    confidence: float
    citations: tuple[int, ...]
    start: int
    end: int
    date: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the reports say, or that they do not say.

    `confidence` is the probability that the best span found answers the question, whether or not
    it was high enough to be shown. Without an answer, `citations` are the closest passages. `note`
    is a remark of Dateline's own: that figures `differ`, how the days in the question were
    understood, or, in a reply to a question about an answer, on that. Answers are surest first;
    those that differ come first, newest report first.
    """

    question: str
    standalone_question: str
    answerable: bool
    confidence: float
    answers: tuple[Answer, ...]
    citations: tuple[Citation, ...]
    timings_ms: Mapping[str, float]
    note: str | None = None
    differ: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation, and what came of it.

    `standalone` is the question as it was understood, "" where nobody worked that out. `answers`
    are the quotes given, the surest first, `quotes` the sentences that were cited, `titles` those
    of the reports cited, each in order of appearance; empty where the reports did not say, or all
    that is known is what the user asked. `day` is the day that the surest answer says, if any.
    """

    question: str
    standalone: str = ""
    answers: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    day: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of a conversation with its reply.

    `reply` is None where a client tells only what was `said`: replies can be worked out again.
    `answers` are the quotes in that which answered, where they can be told.
    """

    question: str
    reply: Reply | None = None
    said: str = ""
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchWeights:
    """Logistic regression: the probability that a span found by search answers the question.

    `reading` multiplies the log odds of the reader's confidence, `score` and `cosine` those of the
    passage's hit, `words` and `names` the shares of the question's words and names that the passage
    and its title lack. `threshold` is the probability from which on a span is shown.
    """

    reading: float
    score: float
    cosine: float
    words: float
    names: float
    offset: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Terms:
    """What of the words said before belongs in a question.

    `depends` is the probability that any does, `stems` that of each stem of the words said before.
    """

    depends: float
    stems: Mapping[str, float]


class TermFinder(Protocol):
    """Finds the words of a conversation that a question takes over."""

    def find(self, question: str, history: Sequence[Turn]) -> Terms:
        """The same for the same question after the same turns, oldest first."""
        ...


class Reader(Protocol):
    """Finds the spans of passages that answer a question."""

    @property
    def threshold(self) -> float:
        """The confidence from which on a span of the one passage that is read is an answer."""
        ...

    @property
    def weights(self) -> SearchWeights:
        """How what is read weighs against how it was found, where there are several passages."""
        ...

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        """Spans, most confident first; ties by the passages' order, then by start.

        Spans of one passage do not overlap. None reaches out of its passage.
        """
        ...


@dataclass(frozen=True, slots=True)
class Pipeline:
    """All that a question passes through, built by whoever runs it."""

    database: Database
    encoder: Encoder
    index: SearchIndex
    reader: Reader
    threshold: float
    """The confidence from which on a span is shown as an answer, 0 to 1."""
    finder: TermFinder | None = None
    """What helps to rewrite follow-up questions; without it their form alone decides."""
