"""Check which documents a question, a search or a list is limited to."""

from __future__ import annotations

from sqlalchemy import Connection

from index import collections
from index.types import Filter
from retrieval.errors import PeriodEmpty


def check_limit(connection: Connection, limit: Filter) -> None:
    """Raise PeriodEmpty if no day can lie within, UnknownCollection if there is no such one."""
    if limit.since is not None and limit.until is not None and limit.since > limit.until:
        raise PeriodEmpty(limit.since, limit.until)
    if limit.collection is not None:
        collections.require(connection, limit.collection)
