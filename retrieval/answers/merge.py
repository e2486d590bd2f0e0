"""Make one answer of spans that say the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from index.types import Passage
from retrieval.answers.cite import sentences_around
from retrieval.types import Span

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_ARTICLES = {"a", "an", "the"}

NEAR = 0.8
"""The least share of words in common (Jaccard) for two longer answers to be one."""

LONGER = 5
"""Words from which on two answers need not agree in every word."""


def merge_spans(
    spans: Sequence[Span],
    passages: Sequence[Passage],
    duplicates: Mapping[str, Sequence[str]] | None = None,
) -> list[list[Span]]:
    """Groups of spans that say the same, most confident first, as their first members are.

    Overlapping spans of one document are one, of which the most confident stays. Spans in other
    places join the group whose first span has nearly the same words and just the same numbers, or
    stands in the same sentence of a near-duplicate: `duplicates` has those of each document.
    """
    duplicates = duplicates or {}
    groups: list[list[Span]] = []
    for span in spans:
        if any(_overlap(span, kept, passages) for group in groups for kept in group):
            continue
        words = answer_words(_text(span, passages))
        for group in groups:
            first = group[0]
            if same_words(words, answer_words(_text(first, passages))) or (
                passages[first.passage].document_id
                in duplicates.get(passages[span.passage].document_id, ())
                and _same_place(span, first, passages)
            ):
                group.append(span)
                break
        else:
            groups.append([span])
    return groups


def answer_words(text: str) -> list[str]:
    """The words of an answer, folded, without articles."""
    return [word for word in _WORD.findall(text.casefold()) if word not in _ARTICLES]


def same_words(one: list[str], other: list[str]) -> bool:
    """Whether two answers of these words, as `answer_words` gives them, say the same."""
    if one == other:
        return True
    a, b = set(one), set(other)
    if len(a) < LONGER or len(b) < LONGER:
        return False
    figures = {word for word in a ^ b if any(character.isdigit() for character in word)}
    return not figures and len(a & b) >= NEAR * len(a | b)


def _overlap(one: Span, other: Span, passages: Sequence[Passage]) -> bool:
    a, b = passages[one.passage], passages[other.passage]
    return (
        a.document_id == b.document_id
        and a.start + one.start < b.start + other.end
        and b.start + other.start < a.start + one.end
    )


def _same_place(one: Span, other: Span, passages: Sequence[Passage]) -> bool:
    """Whether two spans overlap in what is one sentence, word for word."""
    (a, a_first, a_end), (b, b_first, b_end) = (
        _in_sentence(span, passages[span.passage].text) for span in (one, other)
    )
    return a == b and a_first < b_end and b_first < a_end


def _in_sentence(span: Span, text: str) -> tuple[list[str], int, int]:
    """The words of the span's sentence, and which of them it has."""
    start, end = sentences_around(text, span.start, span.end)
    first = len(answer_words(text[start : span.start]))
    words = answer_words(text[start:end])
    return words, first, first + len(answer_words(text[span.start : span.end]))


def _text(span: Span, passages: Sequence[Passage]) -> str:
    return passages[span.passage].text[span.start : span.end]
