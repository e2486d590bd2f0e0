"""Ask in a stored conversation: its history is gone by, and question and reply are kept."""

from __future__ import annotations

from index.turns import begin_turn, drop_turn, end_turn, list_turns
from index.types import Filter
from retrieval.answer import MAX_ANSWERS, Pipeline
from retrieval.converse import converse
from retrieval.history import HISTORY_TURNS
from retrieval.record import read_reply, write_reply
from retrieval.types import Exchange, Reply


def carry_on(
    conversation_id: str,
    question: str,
    limit: Filter,
    pipeline: Pipeline,
    max_answers: int = MAX_ANSWERS,
) -> Reply:
    """Answer the next question of a conversation and keep both.

    A question asked while another one is being answered does not know that one's reply, and stands
    after it all the same. Raises UnknownConversation, and what `answer` does; then nothing is kept.
    """
    with pipeline.database.write() as connection:
        number = begin_turn(connection, conversation_id, question)
        turns = list_turns(connection, conversation_id, last=HISTORY_TURNS)
    history = [
        Exchange(turn.question, read_reply(turn.question, turn.standalone_question, turn.reply))
        for turn in turns
    ]
    try:
        reply = converse(question, limit, pipeline, max_answers, history)
        with pipeline.database.write() as connection:
            end_turn(
                *(connection, conversation_id, number),
                *(reply.standalone_question, write_reply(reply)),
            )
    except BaseException:
        with pipeline.database.write() as connection:
            drop_turn(connection, conversation_id, number)
        raise
    return reply
