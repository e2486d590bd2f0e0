"""Conversations: create, list, rename and delete them."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, insert, select, update

from index import schema
from index.conversation_types import Conversation
from index.errors import UnknownConversation
from index.moment import moment

ABANDONED = datetime.timedelta(hours=1)
"""A question without a reply after so long was cut off, by a crash perhaps: none will come."""


def create_conversation(connection: Connection, title: str | None = None) -> Conversation:
    """Begin a conversation."""
    now = moment()
    made = Conversation(f"conv_{uuid.uuid4().hex}", title, now, now, turns=0)
    connection.execute(
        insert(schema.conversations).values(id=made.id, title=title, created_at=now, updated_at=now)
    )
    return made


def list_conversations(
    connection: Connection, *, count: int | None = None, offset: int = 0
) -> list[Conversation]:
    """The conversations, the one last asked in first; ties by id."""
    table = schema.conversations
    query = _with_turns().order_by(table.c.updated_at.desc(), table.c.id)
    if count is not None:
        query = query.limit(count)
    rows = connection.execute(query.offset(offset) if offset else query)
    return [Conversation(*row) for row in rows]


def count_conversations(connection: Connection) -> int:
    """How many there are."""
    query = select(func.count()).select_from(schema.conversations)
    return int(connection.execute(query).scalar_one())


def get_conversation(connection: Connection, conversation_id: str) -> Conversation:
    """One conversation. Raises UnknownConversation."""
    query = _with_turns().where(schema.conversations.c.id == conversation_id)
    row = connection.execute(query).first()
    if row is None:
        raise UnknownConversation(conversation_id)
    return Conversation(*row)


def rename_conversation(connection: Connection, conversation_id: str, title: str) -> None:
    """Give it another title; its place in the list stays. Raises UnknownConversation."""
    table = schema.conversations
    changed = connection.execute(
        update(table).where(table.c.id == conversation_id).values(title=title)
    )
    if not changed.rowcount:
        raise UnknownConversation(conversation_id)


def delete_conversation(connection: Connection, conversation_id: str) -> None:
    """Delete it with its turns. Raises UnknownConversation."""
    table = schema.conversations
    gone = connection.execute(delete(table).where(table.c.id == conversation_id))
    if not gone.rowcount:
        raise UnknownConversation(conversation_id)


def prune_conversations(connection: Connection, days: int | None) -> int:
    """Delete what was last asked in more than so many days ago; None keeps all. Returns how many.

    Questions that were cut off before their reply go in any case.
    """
    turns = schema.turns
    abandoned = and_(turns.c.reply.is_(None), turns.c.asked_at < moment(ABANDONED))
    connection.execute(delete(turns).where(abandoned))
    if days is None:
        return 0
    table = schema.conversations
    # A reply takes its time: a conversation that is being asked in is not old.
    asked_in = select(turns.c.conversation_id).where(turns.c.reply.is_(None))
    old = table.c.updated_at < moment(datetime.timedelta(days=days))
    gone = connection.execute(delete(table).where(old, table.c.id.not_in(asked_in)))
    return int(gone.rowcount)


def _with_turns() -> Select[Any]:
    table, turns = schema.conversations, schema.turns
    answered = (
        select(func.count())
        .where(turns.c.conversation_id == table.c.id, turns.c.reply.is_not(None))
        .scalar_subquery()
    )
    return select(table.c.id, table.c.title, table.c.created_at, table.c.updated_at, answered)
