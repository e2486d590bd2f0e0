"""The next question of a conversation becomes a cited answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.lookup import get_documents
from index.types import Filter
from retrieval.answer import MAX_ANSWERS, Pipeline, answer
from retrieval.errors import QuestionEmpty, QuestionTooLong
from retrieval.follow_ups.compose import compose, pick
from retrieval.follow_ups.more import give_more
from retrieval.follow_ups.recognise import FollowUp, recognise
from retrieval.follow_ups.source import show_source
from retrieval.follow_ups.speaker import say_who
from retrieval.follow_ups.sure import say_how_sure
from retrieval.follow_ups.time import say_when
from retrieval.history import HISTORY_TURNS, as_turns, forget_deleted
from retrieval.limit import check_limit
from retrieval.timing import timed
from retrieval.types import Exchange, Reply

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
    history = history[-HISTORY_TURNS:]
    kind = recognise(question)
    while True:
        with pipeline.database.read() as connection:
            known = forget_deleted(history, connection)
            if kind is not None:
                check_limit(connection, limit)
        spent: dict[str, float] = {}
        with timed(spent, "total"):
            since = [] if kind is None else _last_answered(known, limit, pipeline, max_answers)
            if kind is None or not since:
                return answer(question, limit, pipeline, max_answers, as_turns(known))
            reply = _follow_up(kind, question, since, limit, pipeline, max_answers)
        if _is_there(reply, pipeline):
            return replace(reply, timings_ms={**reply.timings_ms, **spent})


def _last_answered(
    history: Sequence[Exchange], limit: Filter, pipeline: Pipeline, max_answers: int
) -> list[Exchange]:
    """The last question to the reports and those about its answer, up to the last with an answer.

    Empty if the reports did not answer that question. Replies that are not known are worked out
    again.
    """
    first = next((n for n in reversed(range(len(history))) if not _is_follow_up(history[n])), None)
    if first is None:
        return []
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
    since = known[first:]
    while len(since) > 1 and not _is_answered(since[-1]):
        since.pop()
    return since if _is_answered(since[0]) else []


def _follow_up(
    kind: FollowUp,
    question: str,
    since: Sequence[Exchange],
    limit: Filter,
    pipeline: Pipeline,
    max_answers: int,
) -> Reply:
    replies = [each.reply for each in since if each.reply is not None]
    asked, last = replies[0].standalone_question, replies[-1]
    if kind is FollowUp.MORE:
        shown = [each for reply in replies for each in pick(reply)]
        return give_more(question, asked, shown, limit, pipeline, max_answers)
    # After "who said that?", "when was that?" is about what was said, not about who said it.
    said = [each for each in replies if each.standalone_question == asked and each.answerable][-1]
    about = said if kind in (FollowUp.SPEAKER, FollowUp.TIME) else last
    if not about.answers:
        return compose(question, about.standalone_question, [], GONE)
    if kind is FollowUp.SPEAKER:
        return say_who(question, about, pipeline)
    if kind is FollowUp.TIME:
        return say_when(question, about, pipeline)
    if kind is FollowUp.SOURCE:
        return show_source(question, about, pipeline)
    searched = asked if about.standalone_question == asked else None
    return say_how_sure(question, about, searched, limit, pipeline, max_answers)


def _is_answered(exchange: Exchange) -> bool:
    return exchange.reply is not None and exchange.reply.answerable


def _is_follow_up(exchange: Exchange) -> bool:
    return recognise(exchange.question) is not None


def _is_there(reply: Reply, pipeline: Pipeline) -> bool:
    """Whether every report cited still is: one deleted meanwhile must not answer."""
    cited = {each.document_id for each in reply.citations}
    with pipeline.database.read() as connection:
        return len(get_documents(connection, cited)) == len(cited)
