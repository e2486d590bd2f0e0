"""Collections: named sets of documents."""

from __future__ import annotations

import datetime
import re

from sqlalchemy import Connection, insert, select

from index.errors import InvalidCollection, UnknownCollection
from index.store import schema

_NAME = re.compile(r"[^\W_][\w.-]{0,63}")


def check_name(name: str) -> None:
    """Raise InvalidCollection unless the name is one that a collection may have."""
    if not _NAME.fullmatch(name):
        raise InvalidCollection(
            f"{name!r} is no name for a collection: use 1 to 64 letters, digits, '.', '_' and '-', "
            "with a letter or digit first"
        )


def ensure(connection: Connection, name: str) -> None:
    """Create the collection if it is not there yet. Raises InvalidCollection."""
    check_name(name)
    table = schema.collections
    if connection.execute(select(table.c.name).where(table.c.name == name)).first() is None:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        connection.execute(insert(table).values(name=name, created_at=now))


def require(connection: Connection, name: str) -> None:
    """Raise UnknownCollection unless the collection is there."""
    known = list_names(connection)
    if name not in known:
        raise UnknownCollection(name, known)


def list_created(connection: Connection) -> dict[str, str]:
    """When each was created, in ISO 8601, by name."""
    table = schema.collections
    rows = connection.execute(select(table.c.name, table.c.created_at).order_by(table.c.name))
    return {row.name: row.created_at for row in rows}


def list_names(connection: Connection) -> list[str]:
    """All names, sorted."""
    return list(
        connection.execute(
            select(schema.collections.c.name).order_by(schema.collections.c.name)
        ).scalars()
    )
