"""The next question of a conversation becomes a cited answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.types import Filter
from retrieval.about_answers.more import Asked, give_more, say_how_sure, show_source
from retrieval.about_answers.recognise import FollowUp, is_courtesy, recognise
from retrieval.about_answers.reply import compose, pick
from retrieval.about_answers.speaker import say_who
from retrieval.about_answers.time import say_when
from retrieval.answer import MAX_ANSWERS, answer
from retrieval.conversation.history import HISTORY_TURNS, as_turns, forget_deleted
from retrieval.conversation.store import (
    begin_turn,
    drop_turn,
    end_turn,
    list_turns,
    read_reply,
    write_reply,
)
from retrieval.errors import QuestionEmpty, QuestionTooLong
from retrieval.search.hybrid import check_limit
from retrieval.snapshot import on_snapshot
from retrieval.timing import timed
from retrieval.types import Exchange, Pipeline, Reply

GONE = "The report that said so is there no more."


def converse(
    question: str,
    limit: Filter,
    pipeline: Pipeline,
    max_answers: int = MAX_ANSWERS,
    history: Sequence[Exchange] = (),
) -> Reply:
    """Answer a question that may refer to what was asked and answered before, oldest first.

    A question about the last answer itself is replied to from what was cited. Raises as `answer`.
    """
    if is_courtesy(question):
        return answer(question, limit, pipeline)
    # Courtesies are kept in a conversation, but no question is about them.
    history = [each for each in history if not is_courtesy(each.question)][-HISTORY_TURNS:]
    spent: dict[str, float] = {}
    with timed(spent, "total"):
        reply = on_snapshot(
            pipeline, lambda seen: _reply(question, limit, seen, max_answers, history)
        )
    return replace(reply, timings_ms={**reply.timings_ms, **spent})


def _reply(
    question: str,
    limit: Filter,
    pipeline: Pipeline,
    max_answers: int,
    history: Sequence[Exchange],
) -> Reply:
    with pipeline.database.read() as connection:
        known = forget_deleted(history, connection)
    turns = as_turns(known, pipeline.finder)
    kind = recognise(question)
    if kind is not None:
        with pipeline.database.read() as connection:
            check_limit(connection, limit)
        first = _last_question(known)
        if since := _since(known, first, limit, pipeline, max_answers):
            asked = Asked(since[0].question, since[0].standalone_question, limit, turns[:first])
            return _follow_up(kind, question, asked, since, pipeline, max_answers)
    return answer(question, limit, pipeline, max_answers, turns)


def _last_question(history: Sequence[Exchange]) -> int:
    """Which was the last question to the reports; how many there are if none was."""
    numbers = reversed(range(len(history)))
    return next((n for n in numbers if recognise(history[n].question) is None), len(history))


def _since(
    history: Sequence[Exchange],
    first: int,
    limit: Filter,
    pipeline: Pipeline,
    max_answers: int,
) -> list[Reply]:
    """The replies to the last question to the reports and to those about it that had an answer.

    Empty if the reports did not answer that question. Replies that are not known are worked out
    again.
    """
    known = list(history)
    for number in range(first, len(known)):
        asked = known[number]
        if asked.reply is None:
            try:
                reply = converse(asked.question, limit, pipeline, max_answers, known[:number])
            except (QuestionEmpty, QuestionTooLong):
                # Whatever a client says was asked before: it had no answer.
                return []
            known[number] = replace(asked, reply=reply)
    replies = [each.reply for each in known[first:] if each.reply is not None]
    if not replies or not replies[0].answerable:
        return []
    return [each for each in replies if each.answerable]


def _follow_up(
    kind: FollowUp,
    question: str,
    asked: Asked,
    since: Sequence[Reply],
    pipeline: Pipeline,
    max_answers: int,
) -> Reply:
    if kind is FollowUp.MORE:
        shown = [each for reply in since for each in pick(reply)]
        return give_more(question, asked, shown, pipeline, max_answers)
    # After "who said that?", "when was that?" is about what was said, not about who said it.
    said = [each for each in since if each.standalone_question == asked.standalone]
    last = (said if kind in (FollowUp.SPEAKER, FollowUp.TIME) else since)[-1]
    if not last.answers:
        return compose(question, last.standalone_question, [], GONE)
    if kind is FollowUp.SPEAKER:
        return say_who(question, last, pipeline)
    if kind is FollowUp.TIME:
        return say_when(question, last, pipeline)
    if kind is FollowUp.SOURCE:
        return show_source(question, last, pipeline)
    to_reports = last.standalone_question == asked.standalone
    return say_how_sure(question, last, asked if to_reports else None, pipeline, max_answers)


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
