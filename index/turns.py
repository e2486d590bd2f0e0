"""The turns of a conversation: take a question in, keep its reply, read them back.

A question takes its number before it is answered, and its reply follows. So questions asked at
once, by any number of threads and processes, are all kept and stand in the order asked in,
whichever is answered first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from index import schema
from index.conversation_types import StoredTurn
from index.conversations import get_conversation
from index.errors import UnknownConversation
from index.moment import moment

TITLE_CHARACTERS = 80
"""How much of the first question is the title of a conversation that was given none."""


def begin_turn(connection: Connection, conversation_id: str, question: str) -> int:
    """Take a question in and return its number. Raises UnknownConversation.

    To be called in a transaction that writes. `end_turn` or `drop_turn` follows.
    """
    get_conversation(connection, conversation_id)
    turns = schema.turns
    last = select(func.max(turns.c.number)).where(turns.c.conversation_id == conversation_id)
    number = (connection.execute(last).scalar() or 0) + 1
    connection.execute(
        insert(turns).values(
            conversation_id=conversation_id, number=number, question=question, asked_at=moment()
        )
    )
    return int(number)


def end_turn(
    connection: Connection,
    conversation_id: str,
    number: int,
    standalone_question: str,
    reply: Mapping[str, Any],
) -> None:
    """Keep the reply to a question. Raises UnknownConversation if it was deleted meanwhile."""
    changed = connection.execute(
        update(schema.turns)
        .where(_is(conversation_id, number))
        .values(standalone_question=standalone_question, reply=dict(reply))
    )
    if not changed.rowcount:
        raise UnknownConversation(conversation_id)
    table = schema.conversations
    connection.execute(
        update(table)
        .where(table.c.id == conversation_id)
        .values(
            updated_at=moment(),
            title=func.coalesce(table.c.title, _title(connection, conversation_id)),
        )
    )


def drop_turn(connection: Connection, conversation_id: str, number: int) -> None:
    """Forget a question that could not be answered."""
    connection.execute(delete(schema.turns).where(_is(conversation_id, number)))


def list_turns(
    connection: Connection, conversation_id: str, *, last: int | None = None
) -> list[StoredTurn]:
    """The answered questions in the order asked, or the `last` few. Raises UnknownConversation."""
    get_conversation(connection, conversation_id)
    turns = schema.turns
    query = (
        select(
            turns.c.number,
            turns.c.question,
            turns.c.standalone_question,
            turns.c.reply,
            turns.c.asked_at,
        )
        .where(turns.c.conversation_id == conversation_id, turns.c.reply.is_not(None))
        .order_by(turns.c.number.desc())
    )
    rows = connection.execute(query if last is None else query.limit(last)).all()
    return [StoredTurn(*row) for row in reversed(rows)]


def _is(conversation_id: str, number: int) -> ColumnElement[bool]:
    turns = schema.turns
    return and_(turns.c.conversation_id == conversation_id, turns.c.number == number)


def _title(connection: Connection, conversation_id: str) -> str:
    """The first question on one line, cut between words."""
    turns = schema.turns
    first = (
        select(turns.c.question)
        .where(turns.c.conversation_id == conversation_id)
        .order_by(turns.c.number)
        .limit(1)
    )
    title = " ".join(str(connection.execute(first).scalar_one()).split())
    if len(title) <= TITLE_CHARACTERS:
        return title
    space = title.rfind(" ", TITLE_CHARACTERS // 2, TITLE_CHARACTERS)
    return f"{title[: space if space > 0 else TITLE_CHARACTERS - 1]}\N{HORIZONTAL ELLIPSIS}"
