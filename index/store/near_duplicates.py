"""Keep which documents of a collection are one story: found when one is stored, by lookups."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, func, insert, select

from index.store import schema

SHINGLE = 3
"""Words in a row that are compared as one."""

BANDS = 20
ROWS = 3
"""Texts are compared if of `BANDS` groups of `ROWS` minima one is equal: 93% of those of which half
the shingles are the same (Jaccard), and all but 2 in 10,000 of those of which seven tenths are.

These and what follows were chosen on 130 pairs of reuters21578 with a Jaccard similarity from 0.35
on, judged by hand. On 100 others, 54 of 55 pairs that are found are one story, and 3 of 45 that are
not found (from 0.4 on) are. The vectors of their passages tell such pairs apart far worse (F1 .75
against .97): "Fed adds reserves" is near every other day's.
"""

CONTAINED = 0.8
"""The least share of the shorter text's shingles that the longer one has too."""

SHORT = 60
CONTAINED_IF_SHORT = 0.92
"""As much for texts of fewer shingles than `SHORT`, which a form fills nearly alone."""

ALIKE = 0.35
"""The least Jaccard similarity: a story is not the page of many on which it stands as well."""

FIGURES = 0.8
"""The least share of the shorter text's figures that the longer one has too."""

_WORD = re.compile(r"\w+(?:[.,:/-]\d+)*")
_MASK = (1 << 64) - 1


def _odd_numbers(count: int) -> NDArray[np.uint64]:
    """Numbers that look drawn by chance, the same on every machine (splitmix64)."""
    numbers = []
    state = 0
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        numbers.append((mixed ^ (mixed >> 31)) | 1)
    return np.array(numbers, dtype=np.uint64)


_PLACES = _odd_numbers(SHINGLE)
_PERMUTATIONS = _odd_numbers(SHINGLE + BANDS * ROWS)[SHINGLE:, None]
_FOLD = _odd_numbers(SHINGLE + BANDS * ROWS + ROWS)[-ROWS:]


@dataclass(frozen=True, slots=True)
class Story:
    """What of a text is compared: its shingles, sorted, each once, and its figures."""

    shingles: NDArray[np.uint64]
    figures: frozenset[str]


def read_story(text: str) -> Story:
    """The shingles and figures of a text; one of fewer words than a shingle is one shingle."""
    words = _WORD.findall(text.casefold())
    hashes = np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint64)
    if len(hashes) < SHINGLE:
        hashes = np.pad(hashes, (0, SHINGLE - len(hashes)))
    mixed = np.zeros(len(hashes) - SHINGLE + 1, dtype=np.uint64)
    for place, factor in enumerate(_PLACES):
        mixed += hashes[place : place + len(mixed)] * factor
        mixed ^= mixed >> np.uint64(29)
    return Story(np.unique(mixed), frozenset(word for word in words if any(map(str.isdigit, word))))


def bands(story: Story) -> list[int]:
    """`BANDS` keys; two stories are worth comparing if they share one. Each fits 63 bits."""
    minima = np.array([(story.shingles * factor).min() for factor in _PERMUTATIONS])
    keys = (minima.reshape(BANDS, ROWS) >> np.uint64(32)) * _FOLD
    folded = keys.sum(axis=1, dtype=np.uint64) + np.arange(BANDS, dtype=np.uint64)
    return [int(key >> np.uint64(1)) for key in folded]


def is_same_story(one: Story, other: Story) -> bool:
    """Whether one of the texts is the other, give or take an ending and a few words."""
    short, long = sorted((one, other), key=lambda story: len(story.shingles))
    shared = len(np.intersect1d(short.shingles, long.shingles, assume_unique=True))
    least = CONTAINED_IF_SHORT if len(short.shingles) < SHORT else CONTAINED
    if shared < least * len(short.shingles):
        return False
    if shared < ALIKE * (len(short.shingles) + len(long.shingles) - shared):
        return False
    return len(short.figures & long.figures) >= FIGURES * len(short.figures)


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
