"""Show the source: the passages that the last answers are from, in full."""

from __future__ import annotations

from dataclasses import replace

from index.lookup import find_passage
from retrieval.answer import Pipeline
from retrieval.follow_ups.compose import compose, pick, widen
from retrieval.types import Citation, Reply


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
