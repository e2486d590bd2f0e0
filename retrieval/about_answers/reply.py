"""Make a reply of answers picked from what was cited before or found since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.store.lookup import find_passage
from index.types import Passage
from retrieval.answers.cite import sentences_around
from retrieval.dates.in_reports import only_day
from retrieval.english.shorten import shorten
from retrieval.timing import STAGES
from retrieval.types import Answer, Citation, Pipeline, Reply, Span


@dataclass(frozen=True, slots=True)
class Picked:
    """An answer with its own citations, the first of which holds it."""

    answer: Answer
    citations: tuple[Citation, ...]


def pick(reply: Reply) -> list[Picked]:
    """The answers of a reply."""
    by_id = {each.id: each for each in reply.citations}
    return [
        Picked(answer, tuple(by_id[number] for number in answer.citations))
        for answer in reply.answers
    ]


def compose(
    question: str, standalone: str, picked: Sequence[Picked], note: str | None = None
) -> Reply:
    """A reply of these answers, citations numbered anew in order of appearance.

    Its confidence is the highest there is; no stage has taken time yet.
    """
    cited: dict[tuple[str, int, int], Citation] = {}
    answers = []
    for each in picked:
        numbers = []
        for citation in each.citations:
            place = (citation.document_id, citation.start, citation.end)
            cited.setdefault(place, replace(citation, id=len(cited) + 1))
            numbers.append(cited[place].id)
        answers.append(replace(each.answer, citations=tuple(dict.fromkeys(numbers))))
    return Reply(
        question=question,
        standalone_question=standalone,
        answerable=bool(answers),
        confidence=max((each.confidence for each in answers), default=0.0),
        answers=tuple(answers),
        citations=tuple(cited.values()),
        timings_ms=dict.fromkeys(STAGES, 0.0),
        note=note,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands: in which passage, between which of its characters."""

    citation: Citation
    passage: Passage
    start: int
    end: int

    @property
    def sentence(self) -> tuple[int, int]:
        """The range of the whole sentences around it in the passage."""
        return sentences_around(self.passage.text, self.start, self.end)

    def quote(self, start: int, end: int, confidence: float) -> Picked:
        """`passage.text[start:end]` as an answer, cited with the sentences around it."""
        text = self.passage.text
        return Picked(
            Answer(
                text[start:end],
                round(confidence, 4),
                (1,),
                self.passage.start + start,
                self.passage.start + end,
                only_day(text, start, end, self.passage.date),
            ),
            (widen(self.citation, self.passage, *sentences_around(text, start, end)),),
        )


def find_place(picked: Picked, pipeline: Pipeline) -> Place | None:
    """Where the answer stands, or None if its report is there no more."""
    citation, answer = picked.citations[0], picked.answer
    with pipeline.database.read() as connection:
        passage = find_passage(connection, citation.document_id, answer.start, answer.end)
    if passage is None:
        return None
    return Place(citation, passage, answer.start - passage.start, answer.end - passage.start)


def widen(citation: Citation, passage: Passage, start: int, end: int) -> Citation:
    """The citation, of `passage.text[start:end]` instead."""
    return replace(
        citation,
        cited_text=passage.text[start:end],
        start=passage.start + start,
        end=passage.start + end,
    )


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
