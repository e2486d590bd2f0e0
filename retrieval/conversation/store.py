"""Conversations: create, list, rename and delete them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, select, update

from index.errors import UnknownConversation
from index.store import schema
from index.store.database import moment
from retrieval.types import Answer, Citation, Reply


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is known of a conversation, without its turns, of which it has `turns`.

    `title` is None until somebody gives it one or asks the first question. `updated_at` is when it
    was last asked in; both times are ISO 8601 in UTC.
    """

    id: str
    title: str | None
    created_at: str
    updated_at: str
    turns: int


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A question of a conversation and what was replied, as JSON: `retrieval.record` reads it.

    Numbers grow in the order asked; one is missing where a question could not be answered.
    """

    number: int
    question: str
    standalone_question: str
    reply: Mapping[str, Any]
    asked_at: str


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


def write_reply(reply: Reply) -> dict[str, Any]:
    """All of the reply but the two questions and the timings, in what JSON has."""
    return {
        "answerable": reply.answerable,
        "confidence": reply.confidence,
        "answers": [
            {**asdict(each), "citations": list(each.citations), "date": _text(each.date)}
            for each in reply.answers
        ],
        "citations": [
            {**asdict(each), "document_date": _text(each.document_date)} for each in reply.citations
        ],
        "note": reply.note,
        "differ": reply.differ,
    }


def read_reply(question: str, standalone_question: str, record: Mapping[str, Any]) -> Reply:
    """The reply that was written, without timings."""
    return Reply(
        question=question,
        standalone_question=standalone_question,
        answerable=record["answerable"],
        confidence=record["confidence"],
        answers=tuple(
            # Replies that were written before answers had dates are read too.
            Answer(
                **{
                    **each,
                    "citations": tuple(each["citations"]),
                    "date": _day(each.get("date")),
                }
            )
            for each in record["answers"]
        ),
        citations=tuple(
            Citation(**{**each, "document_date": _day(each["document_date"])})
            for each in record["citations"]
        ),
        timings_ms={},
        note=record["note"],
        # Replies that were written before there was such a thing lack it.
        differ=record.get("differ", False),
    )


def cited_documents(records: Iterable[Mapping[str, Any]]) -> set[str]:
    """The ids of all documents that written replies cite."""
    return {each["document_id"] for record in records for each in record["citations"]}


def _text(day: datetime.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)
