"""Dense and lexical search over the database, both kept at its generation."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, func, select

from index import schema
from index.database import Database
from index.dense import DenseIndex
from index.lexical import LexicalIndex, LexicalPassage
from index.lookup import passage_ranges
from index.types import Encoder, Filter, Scored, Vector

_BATCH = 2_000
"""Passages read from the database at once."""


class LocalSearchIndex:
    """FAISS in this process and tantivy in the data folder, caches of the database.

    `catch_up`, called before a search, costs one small query while the database has not moved on,
    by whichever process's hand; after it, what was ingested is found and what was deleted is not.
    """

    def __init__(self, database: Database, encoder: Encoder, folder: Path) -> None:
        """Open the caches in `folder`, or build them. Raises HomeUnusable for another encoder."""
        database.use_encoder(encoder.fingerprint)
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{database.id} {encoder.fingerprint}"
        key = hashlib.sha256(name.encode()).hexdigest()[:16]
        self._database = database
        # One lock for both: a change beside a search crashes FAISS, and a search is short.
        self._lock = threading.RLock()
        self._dense = DenseIndex(folder, key, encoder.dimensions)
        self._lexical = LexicalIndex(folder, key)
        self._dense.load(newest=database.generation())
        # Even at the database's generation: a cache that lost passages is found by their number.
        with database.read() as connection:
            self._follow(connection)
        self.catch_up()

    @property
    def generation(self) -> int:
        """The generation that both indexes reflect."""
        return self._dense.generation

    def catch_up(self) -> int:
        """Bring both indexes to the database's generation, and return it."""
        with self._lock:
            # More than once where another process changes documents or the lexical index meanwhile.
            while self._database.generation() != self.generation or self._apart():
                with self._database.read() as connection:
                    self._follow(connection)
            return self.generation

    def dense(self, vector: Vector, count: int, limit: Filter) -> list[Scored]:
        """The nearest passages by cosine, best first, ties by id."""
        with self._lock:
            ranges = None
            if not limit.is_open:
                with self._database.read() as connection:
                    ranges = passage_ranges(connection, limit)
            return self._dense.search(vector, count, ranges)

    def lexical(self, question: str, count: int, limit: Filter) -> list[Scored]:
        """The best passages by BM25, best first, ties by id."""
        with self._lock:
            return self._lexical.search(question, count, limit)

    def cosines(self, vector: Vector, passage_ids: Sequence[int]) -> dict[int, float]:
        """The exact cosine of each of the passages that is there."""
        with self._lock:
            return self._dense.cosines(vector, passage_ids)

    def passage_ids(self) -> tuple[list[int], list[int]]:
        """All ids in the dense index and in the lexical one, each sorted."""
        with self._lock:
            return self._dense.ids(), self._lexical.ids()

    def close(self) -> None:
        """Write the dense snapshot, so that the next start need not read every vector."""
        with self._lock:
            self._dense.save()

    def _apart(self) -> bool:
        return self._lexical.generation != self._dense.generation

    def _follow(self, connection: Connection) -> None:
        """Catch up with the one state of the database that this transaction sees."""
        row = connection.execute(select(schema.state.c.generation)).one()
        target = int(row.generation)
        stored = connection.execute(select(func.count()).select_from(schema.passages)).scalar_one()
        self._follow_lexical(connection, target, int(stored))
        self._follow_dense(connection, target, int(stored))

    def _follow_lexical(self, connection: Connection, target: int, stored: int) -> None:
        if self._lexical.refresh() == target and len(self._lexical) == stored:
            return
        with self._lexical.updating():
            # Another process may have been faster, even past the target: `catch_up` comes again.
            since = self._lexical.refresh()
            if since < target:
                self._update_lexical(connection, since, target)
            elif since > self._database.generation():
                # The database was put back to an older state.
                self._update_lexical(connection, 0, target)
            if self._lexical.generation == target and len(self._lexical) != stored:
                self._update_lexical(connection, 0, target)

    def _update_lexical(self, connection: Connection, since: int, target: int) -> None:
        removed = [] if since == 0 else _removed(connection, since)
        added = (passage for passage, _ in _added(connection, since))
        self._lexical.update(target, added, removed, afresh=since == 0)
        self._lexical.refresh()

    def _follow_dense(self, connection: Connection, target: int, stored: int) -> None:
        if self._dense.generation > target:
            self._dense.clear()
        self._update_dense(connection, target)
        if len(self._dense) != stored:
            self._dense.clear()
            self._update_dense(connection, target)

    def _update_dense(self, connection: Connection, target: int) -> None:
        since = self._dense.generation
        if since:
            self._dense.remove(_removed(connection, since))
        ids: list[int] = []
        rows: list[bytes] = []
        for passage, vector in _added(connection, since):
            ids.append(passage.id)
            rows.append(vector)
            if len(ids) == _BATCH:
                self._dense.add(ids, _matrix(rows))
                ids, rows = [], []
        if ids:
            self._dense.add(ids, _matrix(rows))
        self._dense.generation = target


def _removed(connection: Connection, since: int) -> list[tuple[int, int]]:
    table = schema.deletions
    rows = connection.execute(
        select(table.c.first_passage, table.c.passages).where(table.c.generation > since)
    )
    return [(row.first_passage, row.passages) for row in rows]


def _added(connection: Connection, since: int) -> Iterator[tuple[LexicalPassage, bytes]]:
    """The passages that came after generation `since`, by id, each with its vector."""
    passage, document, vector = schema.passages, schema.documents, schema.vectors
    rows = connection.execution_options(yield_per=_BATCH).execute(
        select(
            passage.c.id,
            document.c.collection,
            document.c.date,
            document.c.title,
            passage.c.text,
            vector.c.vector,
        )
        .join(document, document.c.id == passage.c.document_id)
        .join(vector, vector.c.passage_id == passage.c.id)
        .where(document.c.generation > since)
        .order_by(passage.c.id)
    )
    for *fields, blob in rows:
        yield LexicalPassage(*fields), blob


def _matrix(rows: list[bytes]) -> np.ndarray:
    return np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), -1)
