"""Models by name: all reports, or those of a collection."""

from __future__ import annotations

import datetime

from sqlalchemy import Connection

from api.errors import UnknownModel
from api.openai.schemas import ModelBody
from index.store.collections import list_created

ALL = "dateline"
_PREFIX = f"{ALL}/"


def list_models(connection: Connection) -> list[ModelBody]:
    """`dateline` first, then `dateline/NAME` for each collection by name."""
    created = {
        name: int(datetime.datetime.fromisoformat(moment).timestamp())
        for name, moment in list_created(connection).items()
    }
    first = min(created.values(), default=0)
    named = [ModelBody(id=f"{_PREFIX}{name}", created=when) for name, when in created.items()]
    return [ModelBody(id=ALL, created=first), *named]


def find_collection(connection: Connection, model: str) -> str | None:
    """The collection that a model stands for; None for all. Raises UnknownModel."""
    if model == ALL:
        return None
    name = model.removeprefix(_PREFIX)
    known = list_created(connection)
    if name == model or name not in known:
        raise UnknownModel(model, [ALL, *(f"{_PREFIX}{each}" for each in known)])
    return name
