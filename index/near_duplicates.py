"""Keep which documents of a collection are one story: found when one is stored, by lookups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from index import schema
from index.same_story import Story, bands, is_same_story, read_story

CROWD = 100
"""Texts of one key from which on it tells nothing: a form that so many share."""

_CHUNK = 500


def note_duplicates(connection: Connection, document_id: str, text: str) -> None:
    """Find the stored documents that are one story with this new one, and keep that.

    Only documents of its collection that share a key with it are compared: it takes as long among
    100,000 reports as among 100. What is kept are pairs, not groups: short of a `CROWD`, they do
    not depend on the order in which the reports came.
    """
    story = read_story(text)
    keys = bands(story)
    candidates = _sharing(connection, keys, document_id)
    table = schema.story_keys
    connection.execute(
        insert(table), [{"key": key, "document_id": document_id} for key in sorted(set(keys))]
    )
    same = _same(connection, document_id, story, candidates)
    if same:
        connection.execute(
            insert(schema.near_duplicates),
            [
                {"document_id": one, "other_id": other}
                for each in same
                for one, other in ((document_id, each), (each, document_id))
            ],
        )


def forget_story(connection: Connection, document_id: str, text: str) -> None:
    """Delete what `note_duplicates` keeps of a document that goes; pairs go with the document."""
    table = schema.story_keys
    keys = sorted(set(bands(read_story(text))))
    connection.execute(
        delete(table).where(table.c.key.in_(keys), table.c.document_id == document_id)
    )


def duplicates_of(
    connection: Connection, document_ids: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The near-duplicates of each of the documents that has some, by id."""
    table = schema.near_duplicates
    found: dict[str, list[str]] = {}
    ids = sorted(set(document_ids))
    for at in range(0, len(ids), _CHUNK):
        query = select(table).where(table.c.document_id.in_(ids[at : at + _CHUNK]))
        for row in connection.execute(query.order_by(table.c.document_id, table.c.other_id)):
            found.setdefault(row.document_id, []).append(row.other_id)
    return {one: tuple(others) for one, others in found.items()}


def _sharing(connection: Connection, keys: Sequence[int], document_id: str) -> list[str]:
    table = schema.story_keys
    telling = (
        select(table.c.key)
        .where(table.c.key.in_(sorted(set(keys))))
        .group_by(table.c.key)
        .having(func.count() < CROWD)
    )
    return list(
        connection.execute(
            select(table.c.document_id)
            .where(table.c.key.in_(telling), table.c.document_id != document_id)
            .distinct()
            .order_by(table.c.document_id)
        ).scalars()
    )


def _same(
    connection: Connection, document_id: str, story: Story, candidates: Sequence[str]
) -> list[str]:
    table = schema.documents
    collection = select(table.c.collection).where(table.c.id == document_id).scalar_subquery()
    same: list[str] = []
    for at in range(0, len(candidates), _CHUNK):
        query = select(table.c.id, table.c.text).where(
            table.c.id.in_(candidates[at : at + _CHUNK]), table.c.collection == collection
        )
        rows = connection.execute(query.order_by(table.c.id))
        same += [row.id for row in rows if is_same_story(story, read_story(row.text))]
    return same
