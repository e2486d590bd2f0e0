"""The records of conversations, as they are stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
