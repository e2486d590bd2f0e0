"""Weigh what was read by how well its passage was found and what of the question it lacks."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.search.words import STOP_WORDS
from index.store.database import Database
from index.store.lookup import documents_saying
from index.types import Passage
from retrieval.types import Hit, SearchWeights, Span

MOST_SURE = 1e-6
"""A confidence is taken to be no nearer to 0 or 1 than this."""


STEM = 5
"""Words are the same if they begin with the same so many letters: protest, protesters."""

_WORD = re.compile(r"\w+")
_STOP_WORDS = frozenset(STOP_WORDS)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found for a question, and all that it is weighed by.

    `hits` are the passages as they were read, with the names of their reports. `spans` are as sure
    as the reader is of each; `span.passage` is the place of its hit. `known` is, for each of the
    hits, which words of the question are true of it though its passage may not say them: the date
    of its report does.
    """

    question: str
    hits: Sequence[Hit]
    spans: Sequence[Span]
    known: Sequence[str] = ()

    def evidence(self) -> list[tuple[float, float, float, float, float]]:
        """Of each span, what speaks for it (see `evidence`) and against its passage (`lacks`)."""
        lacking = [
            lacks(self.question, hit, said)
            for hit, said in zip(self.hits, self.known or [""] * len(self.hits), strict=True)
        ]
        return [
            (*evidence(span, self.hits[span.passage]), *lacking[span.passage])
            for span in self.spans
        ]

    def weigh(self, weights: SearchWeights) -> list[Span]:
        """The spans, as sure as all of it makes them; surest first, ties by passage and start."""
        weighed = []
        for span, (reading, score, cosine, words, names) in zip(
            self.spans, self.evidence(), strict=True
        ):
            odds = (
                weights.reading * reading
                + weights.score * score
                + weights.cosine * cosine
                + weights.words * words
                + weights.names * names
                + weights.offset
            )
            weighed.append(replace(span, confidence=round(1 / (1 + math.exp(-odds)), 4)))
        return sorted(weighed, key=lambda span: (-span.confidence, span.passage, span.start))


def evidence(span: Span, hit: Hit) -> tuple[float, float, float]:
    """What speaks for a span: log odds of its reading, and its passage's score and cosine."""
    sure = min(1 - MOST_SURE, max(MOST_SURE, span.confidence))
    return math.log(sure / (1 - sure)), hit.score, hit.cosine


def lacks(question: str, hit: Hit, known: str = "") -> tuple[float, float]:
    """What speaks against a passage: the shares of the question's words and names that it lacks.

    Names are what has a digit, or a capital and does not open the question; stop words do not
    count. A report may say another word for the same thing, seldom another name. The words that are
    `known` do not count: the question is weighed as if it left them out.
    """
    there, asked = _stems(hit.passage), _asked(question, known)
    words = [_stem(word) not in there for word, _ in asked]
    names = [_stem(word) not in there for word, is_name in asked if is_name]
    return sum(words) / max(1, len(words)), sum(names) / max(1, len(names))


def lacked_names(question: str, passage: Passage) -> list[str]:
    """The question's names that the passage and its title lack, in the question's order."""
    there = _stems(passage)
    names = (word for word, is_name in _asked(question) if is_name)
    return list(dict.fromkeys(name for name in names if _stem(name) not in there))


def _asked(question: str, known: str = "") -> list[tuple[str, bool]]:
    """The question's words without stop words and known ones, and whether each is a name."""
    told = {word.casefold() for word in _WORD.findall(known)}
    return [
        (word, (place > 0 and word[0].isupper()) or not word.isalpha())
        for place, word in enumerate(_WORD.findall(question))
        if word.casefold() not in _STOP_WORDS and word.casefold() not in told
    ]


def _stems(passage: Passage) -> set[str]:
    return {_stem(word) for text in (passage.title, passage.text) for word in _WORD.findall(text)}


def _stem(word: str) -> str:
    return word.casefold()[:STEM]


def add_report_names(
    question: str, passages: Sequence[Passage], database: Database
) -> list[Passage]:
    """The passages, each with those names in its title that it lacks and its report has."""
    lacking = [lacked_names(question, passage) for passage in passages]
    wanted = sorted({name for names in lacking for name in names})
    if not wanted:
        return list(passages)
    ids = sorted({passage.document_id for passage in passages})
    with database.read() as connection:
        saying = {name: documents_saying(connection, ids, name) for name in wanted}
    named = []
    for passage, names in zip(passages, lacking, strict=True):
        elsewhere = [name for name in names if passage.document_id in saying[name]]
        title = ". ".join(part for part in (" ".join(elsewhere), passage.title) if part)
        named.append(replace(passage, title=title) if elsewhere else passage)
    return named
