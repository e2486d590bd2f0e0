"""Count near-duplicate reports as one story: read once, cited with all of its reports."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from sqlalchemy import Connection

from index.store.lookup import get_documents, passages_of
from index.types import Document, Filter, Passage
from retrieval.answers.cite import sentences_around
from retrieval.types import Hit, Span

Duplicates = Mapping[str, Sequence[str]]
"""The near-duplicates of each document that has some, by id."""

_WORD = re.compile(r"\w+(?:[.,]\d+)*")


def read_once(
    hits: Sequence[Hit],
    duplicates: Duplicates,
    preferred: Callable[[Passage], bool] = lambda _: False,
) -> list[Hit]:
    """The hits without those that say nothing that another one of the same story does not.

    Of passages with the same words the best is kept, or the best that is preferred, in the place of
    the best. One that adds or changes a word is kept.
    """
    kept: list[Hit] = []
    said: list[str] = []
    for hit in hits:
        same = duplicates.get(hit.passage.document_id, ())
        words = _joined(hit.passage.text)
        for place, other in enumerate(kept):
            if other.passage.document_id in same and words in said[place]:
                if words == said[place] and preferred(hit.passage) > preferred(other.passage):
                    kept[place] = hit
                break
        else:
            kept.append(hit)
            said.append(words)
    return kept


def one_a_story(passages: Iterable[Passage], duplicates: Duplicates) -> list[Passage]:
    """The passages without those of a story of which another report has one before."""
    kept: list[Passage] = []
    for passage in passages:
        same = duplicates.get(passage.document_id, ())
        if not any(other.document_id in same for other in kept):
            kept.append(passage)
    return kept


def count_stories(document_ids: Iterable[str], duplicates: Duplicates) -> int:
    """How many stories these documents are."""
    counted: list[str] = []
    for each in dict.fromkeys(document_ids):
        if not set(duplicates.get(each, ())).intersection(counted):
            counted.append(each)
    return len(counted)


def add_duplicates(
    groups: Sequence[Sequence[Span]],
    passages: Sequence[Passage],
    documents: Mapping[str, Document],
    limit: Filter,
    connection: Connection,
) -> tuple[list[list[Span]], list[Passage], dict[str, Document]]:
    """The groups with the same sentences in near-duplicates that were not read.

    `documents` has those of the passages. Returns the groups, whose new spans are after the others
    and by document, the passages with those of the new spans at the end, and all documents. Only
    near-duplicates that pass the filter are there, each once a group.
    """
    spans = chain.from_iterable(groups)
    wanted = {
        each for span in spans for each in documents[passages[span.passage].document_id].duplicates
    }
    if not wanted:
        return [list(group) for group in groups], list(passages), dict(documents)
    found = get_documents(connection, wanted)
    found = {each: document for each, document in found.items() if _passes(document, limit)}
    theirs = passages_of(connection, found)
    all_passages = list(passages)
    extended = []
    for group in groups:
        there = {passages[span.passage].document_id for span in group}
        more = []
        for span in group:
            passage = passages[span.passage]
            start, end = sentences_around(passage.text, span.start, span.end)
            for other in documents[passage.document_id].duplicates:
                if other in there or other not in found:
                    continue
                place = _find(passage.text[start:end], theirs[other])
                if place is not None:
                    there.add(other)
                    more.append((other, span.confidence, *place))
        for _, confidence, its_passage, first, last in sorted(more, key=lambda each: each[0]):
            all_passages.append(its_passage)
            more_span = Span(len(all_passages) - 1, first, last, confidence)
            group = [*group, more_span]  # noqa: PLW2901
        extended.append(list(group))
    return extended, all_passages, {**documents, **found}


def _passes(document: Document, limit: Filter) -> bool:
    if limit.collection not in (None, document.collection):
        return False
    if limit.since is None and limit.until is None:
        return True
    first, last = limit.since or datetime.date.min, limit.until or datetime.date.max
    return document.date is not None and first <= document.date <= last


def _find(sentence: str, passages: Sequence[Passage]) -> tuple[Passage, int, int] | None:
    """Where the sentence's words stand first: a passage and a range of it."""
    wanted = _joined(sentence)
    for passage in passages:
        at = _joined(passage.text).find(wanted)
        if at >= 0:
            words = list(_WORD.finditer(passage.text))
            first = _joined(passage.text)[: at + 1].count(" ") - 1
            last = first + wanted.count(" ") - 2
            return passage, words[first].start(), words[last].end()
    return None


def _joined(text: str) -> str:
    """The words, folded, each with a space before and after, so that a run is found whole."""
    return f" {' '.join(match.group().casefold() for match in _WORD.finditer(text))} "
