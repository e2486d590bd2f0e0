"""Choose among the spans that the reader finds in one passage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from retrieval.shorten import shorten
from retrieval.types import Span

QUOTE_CHARACTERS = 200
"""How much of a quote a question about it repeats: the reader has room for little more."""


def clip(text: str) -> str:
    """The text on one line, cut between words if it is long."""
    return shorten(text, QUOTE_CHARACTERS)


def overlapping(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    """The spans that have a character of the range."""
    return [each for each in spans if each.start < end and start < each.end]


def surest(spans: Sequence[Span], threshold: float) -> Span | None:
    """The most confident one that may be shown, the first of equals."""
    best = max(spans, key=lambda each: each.confidence, default=None)
    return best if best is not None and best.confidence >= threshold else None
