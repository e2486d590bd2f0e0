"""Find the passages nearest to a question."""

from __future__ import annotations

from index.database import Database
from index.lookup import get_passages
from index.types import Encoder, Filter, SearchIndex
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
    if not any(character.isalnum() for character in question):
        raise QuestionEmpty
    pieces = len(encoder.piece_offsets(question))
    if pieces > encoder.max_pieces:
        raise QuestionTooLong(pieces, encoder.max_pieces, "word pieces")


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
    if not limit.is_open:
        with database.read() as connection:
            check_limit(connection, limit)
    index.catch_up()
    vector = encoder.embed_question(question)
    depth = max(CANDIDATES, count)
    dense = index.dense(vector, depth, limit)
    lexical = {hit.passage_id: hit.score for hit in index.lexical(question, depth, limit)}
    candidates = sorted({hit.passage_id for hit in dense} | lexical.keys())
    cosines = index.cosines(vector, candidates)
    fused = fuse(cosines, lexical)
    # The database has the last word: what was deleted meanwhile is not there to be read.
    with database.read() as connection:
        passages = get_passages(connection, [hit.passage_id for hit in fused])
    hits = [
        Hit(
            passages[hit.passage_id],
            hit.score,
            cosines[hit.passage_id],
            lexical.get(hit.passage_id, 0.0),
        )
        for hit in fused
        if hit.passage_id in passages
    ]
    return hits[:count]
