"""What of a conversation later questions may go by."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from sqlalchemy import Connection

from index.store.lookup import get_documents
from retrieval.rewriting.rewrite import rewrite
from retrieval.types import Citation, Exchange, Reply, TermFinder, Turn

HISTORY_TURNS = 10
"""How many of the last questions a question may refer to."""

SHORT_ANSWER = 12
"""Words of what was said that can be an answer in itself; more are a quote."""


def forget_deleted(history: Sequence[Exchange], connection: Connection) -> list[Exchange]:
    """The history without any quote of a report that is there no more: it must not answer.

    A reply that loses answers stays `answerable`: so one can tell that there was an answer.
    """
    cited = [each for exchange in history for each in _citations(exchange)]
    there = get_documents(connection, [each.document_id for each in cited]).keys()
    return [
        exchange
        if exchange.reply is None
        else replace(exchange, reply=_known(exchange.reply, there))
        for exchange in history
    ]


def as_turns(history: Sequence[Exchange], finder: TermFinder | None = None) -> list[Turn]:
    """The history as rewriting takes it, each question understood by those before it."""
    turns: list[Turn] = []
    for exchange in history:
        turns.append(_turn(exchange, turns, finder))
    return turns


def _citations(exchange: Exchange) -> tuple[Citation, ...]:
    return () if exchange.reply is None else exchange.reply.citations


def _known(reply: Reply, there: Set[str]) -> Reply:
    kept = {each.id: each for each in reply.citations if each.document_id in there}
    if len(kept) == len(reply.citations):
        return reply
    answers = tuple(
        replace(each, citations=tuple(number for number in each.citations if number in kept))
        for each in reply.answers
        # The first citation is where the quote stands.
        if each.citations[0] in kept
    )
    return replace(reply, answers=answers, citations=tuple(kept.values()))


def _turn(exchange: Exchange, before: Sequence[Turn], finder: TermFinder | None) -> Turn:
    reply = exchange.reply
    if reply is None:
        said = (exchange.said,) if exchange.said else ()
        short = said if len(exchange.said.split()) <= SHORT_ANSWER else ()
        standalone = rewrite(exchange.question, before, finder).text
        return Turn(exchange.question, standalone, exchange.answers or short, said)
    if not reply.answers:
        return Turn(exchange.question, reply.standalone_question)
    answers = list(reply.answers)
    if reply.differ:
        answers.sort(key=lambda each: -each.confidence)
    return Turn(
        exchange.question,
        reply.standalone_question,
        answers=tuple(each.text for each in answers),
        quotes=tuple(each.cited_text for each in reply.citations),
        titles=tuple(dict.fromkeys(each.document_title for each in reply.citations)),
        day=answers[0].date,
    )
