"""Say when it was: a date beside the answer, else that of its report."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from retrieval.about_answers.reply import Place, clip, compose, find_place, overlapping, pick
from retrieval.dates.in_reports import LONGEST, day_of
from retrieval.dates.say import long_day
from retrieval.dates.words import find_dates
from retrieval.types import Pipeline, Reply, Span

_MANNER = re.compile(
    r"(?i)^(?:why|how|where)(?= (?:did|do|does|was|were|is|are|has|have|had|will|would|could)\b)"
)
_CLAUSE = re.compile(
    r"[,;:]\s+|\s+[-\u2013\u2014]\s+|\s+(?:after|although|and|because|before|but|since|that|until"
    r"|when|which|while|who)\s+",
    re.IGNORECASE,
)


def say_when(question: str, last: Reply, pipeline: Pipeline) -> Reply:
    """When the first of the last answers was, as its passage says; else a note of the report's day.

    A date in the answer's own clause comes first. Else "Why did the dyke break?" is asked again as
    "When did the dyke break?", of that passage alone; where that is no way to ask, or brings
    nothing, a date in the cited sentence will do. A day named earlier is told of in the note.
    """
    first = pick(last)[0]
    day = first.citations[0].document_date
    dated = "The report bears no date." if day is None else f"The report is dated {long_day(day)}."
    when, changed = _MANNER.subn("When", last.standalone_question)
    standalone = when if changed else f'When was "{clip(first.answer.text)}"?'
    place = find_place(first, pipeline)
    found = None
    if place is not None:
        found = _in_clause(place, pipeline) or (
            _as_asked(place, when, pipeline) if changed else None
        )
        found = found or _in_sentence(place, pipeline)
    if place is None or found is None:
        before = None if place is None else _named_before(place)
        named = f" The day named before it is {long_day(before)}." if before else ""
        note = f"The passage does not say when.{named} {dated}"
        return compose(question, standalone, [], note)
    quote = place.quote(found.start, found.end, found.confidence)
    return compose(question, standalone, [quote], dated)


def _in_clause(place: Place, pipeline: Pipeline) -> Span | None:
    """The date in the answer or its clause: one further off may be of something else."""
    text, (start, end) = place.passage.text, place.sentence
    cuts = [match.span() for match in _CLAUSE.finditer(text, start, end)]
    first = max((after for _, after in cuts if after <= place.start), default=start)
    last = min((before for before, _ in cuts if before >= place.end), default=end)
    return _choose(find_dates(text, first, last), place, pipeline)


def _as_asked(place: Place, when: str, pipeline: Pipeline) -> Span | None:
    """The date that the reader finds, in the cited sentence if there is any."""
    spans = [
        span
        for span in pipeline.reader.read(when, [place.passage])
        if span.confidence >= pipeline.reader.threshold
        and span.end - span.start <= LONGEST
        and find_dates(place.passage.text, span.start, span.end)
    ]
    return next(iter([*overlapping(spans, *place.sentence), *spans]), None)


def _in_sentence(place: Place, pipeline: Pipeline) -> Span | None:
    return _choose(find_dates(place.passage.text, *place.sentence), place, pipeline)


def _choose(dates: Sequence[tuple[int, int]], place: Place, pipeline: Pipeline) -> Span | None:
    """The reader's choice, else the one nearest to the answer; None of none."""
    if not dates:
        return None
    start, end = place.sentence
    asked = f"When did this happen: {clip(place.passage.text[start:end])}"
    spans = pipeline.reader.read(asked, [place.passage])

    def worth(found: tuple[int, int]) -> tuple[float, int]:
        sure = max((each.confidence for each in overlapping(spans, *found)), default=0.0)
        return sure, -max(found[0] - place.end, place.start - found[1], 0)

    best = max(dates, key=worth)
    return Span(0, *best, max(worth(best)[0], pipeline.reader.threshold))


def _named_before(place: Place) -> datetime.date | None:
    """The day last named in the passage before the cited sentence."""
    text = place.passage.text
    for start, end in reversed(find_dates(text, 0, place.sentence[0])):
        if day := day_of(text[start:end], place.passage.date, text[:start]):
            return day
    return None
