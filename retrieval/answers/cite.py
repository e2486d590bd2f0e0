"""Cite: from spans in passages to quotes in documents, with the sentences around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.sentences import split_sentences
from index.store.database import Database
from index.store.places import find_places
from index.types import Document, Passage
from retrieval.dates.in_reports import only_day
from retrieval.types import Answer, Citation, Span


class Citations:
    """Citations numbered from 1 in order of appearance; the same place keeps its number."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        """`documents` has every document that will be cited."""
        self._documents = documents
        self._cited: dict[tuple[str, int, int], Citation] = {}

    def cite(self, passage: Passage, start: int, end: int) -> int:
        """The number of the citation of `passage.text[start:end]`."""
        place = (passage.document_id, passage.start + start, passage.start + end)
        if place not in self._cited:
            document = self._documents[passage.document_id]
            self._cited[place] = Citation(
                id=len(self._cited) + 1,
                document_id=document.id,
                document_title=document.title,
                document_date=document.date,
                source=document.sources[0],
                page=None,  # `add_places` knows
                cited_text=passage.text[start:end],
                start=place[1],
                end=place[2],
            )
        return self._cited[place].id

    def all(self) -> tuple[Citation, ...]:
        """The citations made, by number."""
        return tuple(self._cited.values())


def cite_answers(
    groups: Sequence[Sequence[Span]], passages: Sequence[Passage], citations: Citations
) -> tuple[Answer, ...]:
    """One answer a group, quoted from its first span and cited with every one of its spans."""
    return tuple(_cite_group(group, passages, citations) for group in groups)


def cite_passages(passages: Sequence[Passage], citations: Citations) -> None:
    """Cite passages whole."""
    for passage in passages:
        citations.cite(passage, 0, len(passage.text))


def add_places(citations: Sequence[Citation], database: Database) -> tuple[Citation, ...]:
    """The citations with the page and section that they begin in."""
    ranges = [(each.document_id, each.start, each.end) for each in citations]
    with database.read() as connection:
        places = find_places(connection, ranges)
    return tuple(
        replace(each, page=place.page, section=place.section)
        for each, place in zip(citations, map(places.__getitem__, ranges), strict=True)
    )


def sentences_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The range of the whole sentences that `text[start:end]` lies in."""
    touched = [found for found in split_sentences(text) if found[0] < end and start < found[1]]
    if not touched:
        return start, end
    return min(start, touched[0][0]), max(end, touched[-1][1])


def _cite_group(group: Sequence[Span], passages: Sequence[Passage], citations: Citations) -> Answer:
    numbers = []
    for span in group:
        passage = passages[span.passage]
        numbers.append(
            citations.cite(passage, *sentences_around(passage.text, span.start, span.end))
        )
    first = group[0]
    passage = passages[first.passage]
    return Answer(
        text=passage.text[first.start : first.end],
        confidence=first.confidence,
        citations=tuple(dict.fromkeys(numbers)),
        start=passage.start + first.start,
        end=passage.start + first.end,
        date=only_day(passage.text, first.start, first.end, passage.date),
    )
