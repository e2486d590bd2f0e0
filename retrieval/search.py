"""Find the passages nearest to a question."""

from __future__ import annotations

from collections.abc import Sequence

from index.database import Database
from index.lookup import get_passages
from index.types import Encoder, Filter, SearchIndex
from retrieval.context import Context, lexical_scores, nudge
from retrieval.embed import embed_any_length
from retrieval.errors import QuestionEmpty, QuestionTooLong
from retrieval.fuse import fuse
from retrieval.limit import check_limit
from retrieval.types import Hit

CANDIDATES = 50
"""Passages that each of dense and lexical search puts forward."""

MAX_QUESTION_CHARACTERS = 2_000


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
    context: Sequence[Context] = (),
) -> list[Hit]:
    """The best passages for a question, best first, ties by id.

    `context` is what was said before, as `context_of` gives it; the question must stand alone.
    Raises QuestionEmpty, QuestionTooLong, PeriodEmpty and UnknownCollection.
    """
    check_question(question, encoder)
    return search_any_length(
        question,
        limit,
        count,
        database=database,
        encoder=encoder,
        index=index,
        context=context,
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
    Raises QuestionEmpty, PeriodEmpty and UnknownCollection.
    """
    _check_words(question)
    if not limit.is_open:
        with database.read() as connection:
            check_limit(connection, limit)
    index.catch_up()
    vector = embed_any_length(question, encoder)
    depth = max(CANDIDATES, count)
    nudged = nudge(vector, context, encoder)
    dense = index.dense(nudged, depth, limit)
    lexical = lexical_scores(question, context, depth, limit, index)
    candidates = sorted({hit.passage_id for hit in dense} | lexical.keys())
    nudged_cosines = index.cosines(nudged, candidates)
    fused = fuse(nudged_cosines, lexical)
    cosines = index.cosines(vector, candidates) if context else nudged_cosines
    # The database has the last word: what was deleted meanwhile is not there to be read.
    with database.read() as connection:
        passages = get_passages(connection, [hit.passage_id for hit in fused])
    hits = [
        Hit(
            passages[hit.passage_id],
            hit.score,
            cosines.get(hit.passage_id, 0.0),
            lexical.get(hit.passage_id, 0.0),
        )
        for hit in fused
        if hit.passage_id in passages
    ]
    return hits[:count]
