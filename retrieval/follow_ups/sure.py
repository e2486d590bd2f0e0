"""Say how sure an answer is, and what the other reports say."""

from __future__ import annotations

from dataclasses import replace

from index.near_duplicates import duplicates_of
from retrieval.answer import Pipeline
from retrieval.follow_ups.compose import Picked, compose, pick
from retrieval.follow_ups.more import Asked, ask_again, is_same
from retrieval.follow_ups.spans import clip
from retrieval.stories import count_stories
from retrieval.types import Reply

_WORDS = ((0.9, "Very sure"), (0.7, "Quite sure"), (0.5, "Fairly sure"), (0.0, "Not very sure"))


def say_how_sure(
    question: str, last: Reply, asked: Asked | None, pipeline: Pipeline, max_answers: int
) -> Reply:
    """The last answers again, with all reports that say the same, then what others answer.

    How sure the first of them is, and whether reports give different figures, is said; where the
    last answers are such figures, how sure the surest is.

    `asked` is the question to the reports that the answers are to; None where they are to one that
    the reports were not searched for.
    """
    shown = pick(last)
    every = None if asked is None else ask_again(asked, pipeline)
    found = [] if every is None else pick(every)
    repeated = [_with_others(each, found) for each in shown]
    others = [each for each in found if not any(is_same(each, other) for other in shown)]
    others = others[:max_answers]
    # Figures that differ stand in the order of their days, the surest anywhere among them.
    meant = max(repeated, key=lambda each: each.answer.confidence) if last.differ else repeated[0]
    said_by = [each.document_id for each in meant.citations]
    with pipeline.database.read() as connection:
        stories = count_stories(said_by, duplicates_of(connection, said_by))
    named, further = last.differ, len(repeated) - 1 + len(others)
    note = _note(meant, named, stories, further, asked is not None)
    differ = every is not None and every.differ
    if every is not None and every.differ:
        note = f"{note} {every.note}"
    reply = compose(question, last.standalone_question, [*repeated, *others], note)
    # What others answer does not change how sure the answer asked about is.
    reply = replace(reply, confidence=meant.answer.confidence, differ=differ)
    return reply if every is None else replace(reply, timings_ms=every.timings_ms)


def _with_others(picked: Picked, found: list[Picked]) -> Picked:
    same = [each for each in found if is_same(picked, each)]
    more = [citation for each in same for citation in each.citations]
    places = {(each.document_id, each.start, each.end) for each in picked.citations}
    new = [each for each in more if (each.document_id, each.start, each.end) not in places]
    return replace(picked, citations=(*picked.citations, *new))


def _note(first: Picked, named: bool, stories: int, others: int, searched: bool) -> str:
    confidence = first.answer.confidence
    words = next(words for least, words in _WORDS if confidence >= least)
    of = f' of "{clip(first.answer.text)}"' if named else ""
    note = f"{words}{of}: {confidence:.0%}."
    if not searched:
        return note
    reports = len({each.document_id for each in first.citations})
    same = ""
    if stories < reports:
        same = f", {stories} {'story' if stories == 1 else 'stories'}"
    return f"{note} Reports that say so: {reports}{same}. Other answers in the reports: {others}."
