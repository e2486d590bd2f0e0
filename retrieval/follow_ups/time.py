"""Say when it was: a date beside the answer, else that of its report."""

from __future__ import annotations

import re

from retrieval.answer import Pipeline
from retrieval.dates.day_of import LONGEST
from retrieval.dates.find_dates import find_dates
from retrieval.dates.say import long_day
from retrieval.follow_ups.compose import Place, compose, find_place, pick
from retrieval.follow_ups.spans import clip, overlapping
from retrieval.types import Reply, Span

_MANNER = re.compile(
    r"(?i)^(?:why|how|where)(?= (?:did|do|does|was|were|is|are|has|have|had|will|would|could)\b)"
)


def say_when(question: str, last: Reply, pipeline: Pipeline) -> Reply:
    """When the first of the last answers was, as its passage says; else a note of the report's day.

    "Why did the dyke break?" is asked again as "When did the dyke break?", of that passage alone.
    Where that is no way to ask, or brings nothing, a date in the cited sentence will do.
    """
    first = pick(last)[0]
    day = first.citations[0].document_date
    dated = "The report bears no date." if day is None else f"The report is dated {long_day(day)}."
    when, changed = _MANNER.subn("When", last.standalone_question)
    standalone = when if changed else f'When was "{clip(first.answer.text)}"?'
    place = find_place(first, pipeline)
    found = None
    if place is not None:
        found = _as_asked(place, when, pipeline) if changed else None
        found = found or _beside(place, pipeline)
    if place is None or found is None:
        return compose(question, standalone, [], f"The passage does not say when. {dated}")
    quote = place.quote(found.start, found.end, found.confidence)
    return compose(question, standalone, [quote], dated)


def _as_asked(place: Place, when: str, pipeline: Pipeline) -> Span | None:
    for span in pipeline.reader.read(when, [place.passage]):
        if span.confidence < pipeline.reader.threshold:
            return None
        if span.end - span.start <= LONGEST and find_dates(
            place.passage.text, span.start, span.end
        ):
            return span
    return None


def _beside(place: Place, pipeline: Pipeline) -> Span | None:
    """The date in the cited sentence: the reader's choice, else the one nearest to the answer."""
    text, (start, end) = place.passage.text, place.sentence
    dates = find_dates(text, start, end)
    if not dates:
        return None
    asked = f"When did this happen: {clip(text[start:end])}"
    spans = pipeline.reader.read(asked, [place.passage])

    def worth(found: tuple[int, int]) -> tuple[float, int]:
        sure = max((each.confidence for each in overlapping(spans, *found)), default=0.0)
        return sure, -max(found[0] - place.end, place.start - found[1], 0)

    best = max(dates, key=worth)
    return Span(0, *best, max(worth(best)[0], pipeline.reader.threshold))
