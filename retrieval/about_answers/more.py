"""Give the next answers to a question: those that were not shown yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.store.lookup import find_passage
from index.store.near_duplicates import duplicates_of
from index.types import Filter
from retrieval.about_answers.reply import Picked, clip, compose, pick, widen
from retrieval.answer import answer
from retrieval.answers.merge import answer_words, same_words
from retrieval.answers.stories import count_stories
from retrieval.english.numbers import same_figure
from retrieval.types import Citation, Pipeline, Reply, Turn

EVERY = 50
"""More answers than the passages that are read give."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question to the reports that an answer is to, with what was said before it.

    Both count in search: asked again in the same way it finds the same. `standalone` is how it was
    understood.
    """

    question: str
    standalone: str
    limit: Filter
    history: Sequence[Turn]


def give_more(
    question: str, asked: Asked, shown: Sequence[Picked], pipeline: Pipeline, max_answers: int
) -> Reply:
    """The next answers to what was asked, which need be no surer than any answer that is shown."""
    every = ask_again(asked, pipeline)
    left = [each for each in pick(every) if not any(is_same(each, other) for other in shown)]
    note = None if left else "The reports give no further answer."
    reply = compose(question, asked.standalone, left[:max_answers], note)
    return replace(reply, timings_ms=every.timings_ms)


def ask_again(asked: Asked, pipeline: Pipeline) -> Reply:
    """The reply with every answer that is sure enough by itself."""
    return answer(asked.question, asked.limit, pipeline, EVERY, asked.history, further=0.0)


def is_same(one: Picked, other: Picked) -> bool:
    """Whether two answers have nearly the same words, are one figure or stand in the same place."""
    a, b = one.answer, other.answer
    if same_words(answer_words(a.text), answer_words(b.text)) or same_figure(a.text, b.text):
        return True
    return (
        one.citations[0].document_id == other.citations[0].document_id
        and a.start < b.end
        and b.start < a.end
    )


def show_source(question: str, last: Reply, pipeline: Pipeline) -> Reply:
    """The answers again, each cited by whole passages."""
    shown = [
        replace(each, citations=tuple(_whole(citation, pipeline) for citation in each.citations))
        for each in pick(last)
    ]
    return compose(question, last.standalone_question, shown)


def _whole(citation: Citation, pipeline: Pipeline) -> Citation:
    with pipeline.database.read() as connection:
        passage = find_passage(connection, citation.document_id, citation.start, citation.end)
    # Where it is gone, whoever called sees that when the reply is made.
    return citation if passage is None else widen(citation, passage, 0, len(passage.text))


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
