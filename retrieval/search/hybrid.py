"""Find the passages nearest to a question: search, learn from what was found, search again.

One setting for all collections, chosen on three of them by trying it out: `python -m
tests.tune_search ../shared/data/retrieval/{cranfield,cisi,newwiki}` prints what each part of it is
worth.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection

from index.search.rank import rank
from index.store import collections
from index.store.database import Database
from index.store.lookup import get_passages
from index.types import Encoder, Filter, Scored, SearchIndex, Vector
from retrieval.errors import PeriodEmpty, QuestionEmpty, QuestionTooLong
from retrieval.search.expand import (
    LEARN_FROM,
    NEAR,
    Context,
    embed_any_length,
    learn_words,
    move_vector,
    nudge_vector,
    nudge_words,
)
from retrieval.types import Hit

DENSE_WEIGHT = 0.5
"""The dense score's share. On new_wiki r@1 was flat from .4 to .7 (../shared/field-notes.md, 5)."""


CANDIDATES = 50
"""Passages that each of dense and lexical search puts forward."""

Scores: TypeAlias = tuple[Mapping[int, float], Mapping[int, float]]
"""Cosine and BM25 of each candidate, by passage id."""


def fuse(
    *searches: Scores, weight: float = DENSE_WEIGHT, beside_unrelated: bool = False
) -> list[Scored]:
    """Weighted sum of both scores after each is stretched to 0..1 over all candidates.

    All searches score the same candidates, and count alike: the mean of their sums is taken. A
    candidate that a BM25 lacks matched no word and counts 0 there. Where all candidates score
    alike, that score tells nothing and counts 0. With `beside_unrelated` they are stretched as if
    a passage on another matter stood beside them: among themselves the worst of a few good ones,
    or a lone one, counts as nothing. Best first, ties by id. The formula is CombSUM on min-max
    normalised scores (Fox and Shaw 1994; Lee 1997).
    """
    total: dict[int, float] = {}
    for cosines, bm25 in searches:
        dense = _stretch(cosines, unrelated=beside_unrelated)
        lexical = _stretch(
            {number: bm25.get(number, 0.0) for number in cosines}, unrelated=beside_unrelated
        )
        for number in cosines:
            score = weight * dense[number] + (1 - weight) * lexical[number]
            total[number] = total.get(number, 0.0) + score / len(searches)
    return rank(total.items())


def _stretch(scores: Mapping[int, float], *, unrelated: bool) -> dict[int, float]:
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if unrelated:
        # Neither cosine nor BM25 finds anything in common with a passage on another matter.
        low = min(low, 0.0)
    if high == low:
        return dict.fromkeys(scores, 0.0)
    return {number: (score - low) / (high - low) for number, score in scores.items()}


def check_limit(connection: Connection, limit: Filter) -> None:
    """Raise PeriodEmpty if no day can lie within, UnknownCollection if there is no such one."""
    if limit.since is not None and limit.until is not None and limit.since > limit.until:
        raise PeriodEmpty(limit.since, limit.until)
    if limit.collection is not None:
        collections.require(connection, limit.collection)


REPEATED = 0.75
"""A word that the question says n times weighs n to the power of this."""

MAX_QUESTION_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class _Query:
    """What is searched for: a unit vector, and words with their weights."""

    vector: Vector
    words: Mapping[str, float]


def check_question(question: str, encoder: Encoder) -> None:
    """Raise QuestionEmpty or QuestionTooLong unless the question can be looked for in full."""
    if len(question) > MAX_QUESTION_CHARACTERS:
        raise QuestionTooLong(len(question), MAX_QUESTION_CHARACTERS, "characters")
    _check_words(question)
    pieces = len(encoder.piece_offsets(question))
    if pieces > encoder.max_pieces:
        raise QuestionTooLong(pieces, encoder.max_pieces, "word pieces")


def _check_words(question: str) -> None:
    if not any(character.isalnum() for character in question):
        raise QuestionEmpty


def search(
    question: str,
    limit: Filter,
    count: int,
    *,
    database: Database,
    encoder: Encoder,
    index: SearchIndex,
) -> list[Hit]:
    """The best passages for a question, best first, ties by id.

    Raises QuestionEmpty, QuestionTooLong, PeriodEmpty and UnknownCollection.
    """
    check_question(question, encoder)
    return search_any_length(
        question, limit, count, database=database, encoder=encoder, index=index
    )


def search_any_length(
    question: str,
    limit: Filter,
    count: int,
    *,
    database: Database,
    encoder: Encoder,
    index: SearchIndex,
    context: Sequence[Context] = (),
) -> list[Hit]:
    """As `search`, and the same for what that takes; a longer question is no error.

    For evaluation: collections of queries have whole paragraphs. What users ask stays limited.
    `context` is what was said before, as `context_of` gives it; the question must stand alone.
    Raises QuestionEmpty, PeriodEmpty and UnknownCollection.
    """
    _check_words(question)
    if not limit.is_open:
        with database.read() as connection:
            check_limit(connection, limit)
    if not database.is_snapshot:
        # An index that is ahead of a snapshot would find what that does not have.
        index.catch_up()
    depth = max(CANDIDATES, count)
    vector = embed_any_length(question, encoder)
    asked = _Query(
        nudge_vector(vector, context, encoder),
        nudge_words(_weigh(question, index), [(_weigh(e.text, index), e.lexical) for e in context]),
    )
    found = _candidates(asked, depth, limit, index)
    few = len(found) < CANDIDATES  # all that there is: none of them need be unrelated
    first = fuse(_score(asked, found, index), beside_unrelated=few)
    learnt = _learn(asked, first, database, index)
    found |= _candidates(learnt, depth, limit, index)
    cosines, lexical = _score(asked, found, index)
    fused = fuse((cosines, lexical), _score(learnt, found, index), beside_unrelated=few)
    if context:
        # How near a passage is to the question itself does not depend on what was said before.
        cosines = index.cosines(vector, list(cosines))
    # The database has the last word: what was deleted meanwhile is not there to be read.
    with database.read() as connection:
        passages = get_passages(connection, [hit.passage_id for hit in fused])
    hits = [
        Hit(
            passages[hit.passage_id],
            hit.score,
            cosines[hit.passage_id],
            lexical[hit.passage_id],
        )
        for hit in fused
        if hit.passage_id in passages
    ]
    return hits[:count]


def _weigh(text: str, index: SearchIndex) -> dict[str, float]:
    return {word: times**REPEATED for word, times in index.words(text).items()}


def _candidates(query: _Query, depth: int, limit: Filter, index: SearchIndex) -> set[int]:
    found = index.dense(query.vector, depth, limit) + index.lexical(query.words, depth, limit)
    return {hit.passage_id for hit in found}


def _score(query: _Query, found: Collection[int], index: SearchIndex) -> Scores:
    """The exact scores of all candidates, whichever search put them forward."""
    ids = sorted(found)
    cosines = index.cosines(query.vector, ids)
    return cosines, index.lexical_scores(query.words, list(cosines))


def _learn(
    asked: _Query, found: Sequence[Scored], database: Database, index: SearchIndex
) -> _Query:
    with database.read() as connection:
        passages = get_passages(connection, [hit.passage_id for hit in found[:LEARN_FROM]])
    read = [
        (hit.score, index.words(f"{passage.title}\n{passage.text}"))
        for hit in found[:LEARN_FROM]
        if (passage := passages.get(hit.passage_id)) is not None
    ]
    vectors = index.vectors([hit.passage_id for hit in found[:NEAR]])
    return _Query(
        move_vector(asked.vector, list(vectors.values())),
        learn_words(asked.words, read, index.rarity),
    )
