"""Dense and lexical search over the database, both kept at its generation."""

from __future__ import annotations

import bisect
import collections
import hashlib
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Table, func, select

from index.search.cache_files import remove
from index.search.dense import DenseIndex
from index.search.lexical import LexicalIndex, LexicalText, is_damage
from index.store import schema
from index.store.database import Database
from index.store.lookup import passage_ranges
from index.types import Encoder, Filter, Scored, Vector

BATCH = 2_000
"""Rows read from the database at once."""


def count_rows(connection: Connection, table: Table) -> int:
    """How many rows the table has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def removed_passages(connection: Connection, since: int) -> list[tuple[int, int]]:
    """The first passage and the number of passages of what was deleted after generation `since`."""
    table = schema.deletions
    rows = connection.execute(
        select(table.c.first_passage, table.c.passages).where(table.c.generation > since)
    )
    return [(row.first_passage, row.passages) for row in rows]


def passage_texts(connection: Connection, since: int) -> Iterator[LexicalText]:
    """The passages that came after generation `since`, by id."""
    return (text for text, _ in added_passages(connection, since))


def document_texts(connection: Connection, since: int) -> Iterator[LexicalText]:
    """The documents that came after generation `since`, each named by its first passage."""
    table = schema.documents
    rows = connection.execution_options(yield_per=BATCH).execute(
        select(table.c.first_passage, table.c.collection, table.c.date, table.c.title, table.c.text)
        .where(table.c.generation > since)
        .order_by(table.c.first_passage)
    )
    return (LexicalText(*row) for row in rows)


def added_passages(connection: Connection, since: int) -> Iterator[tuple[LexicalText, bytes]]:
    """The passages that came after generation `since`, by id, each with its vector."""
    passage, document, vector = schema.passages, schema.documents, schema.vectors
    rows = connection.execution_options(yield_per=BATCH).execute(
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
        yield LexicalText(*fields), blob


DOCUMENT_SHARE = 0.3
"""How much the words of a passage's whole document count in its lexical score.

A report on the matter says the words of a question in many places, and the passage that answers
not all of them. Chosen with the rest of the setting in `retrieval/search/hybrid.py`.
"""


class LocalSearchIndex:
    """FAISS in this process and tantivy in the data folder, caches of the database.

    `catch_up`, called before a search, costs one small query while the database has not moved on,
    by whichever process's hand; after it, what was ingested is found and what was deleted is not.
    """

    def __init__(self, database: Database, encoder: Encoder, folder: Path) -> None:
        """Open the caches in `folder`, or build them. Raises HomeUnusable for another encoder."""
        database.use_encoder(encoder.fingerprint)
        if not folder.is_dir():
            remove(folder)
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{database.id} {encoder.fingerprint}"
        key = hashlib.sha256(name.encode()).hexdigest()[:16]
        self._database = database
        # One lock for both: a change beside a search crashes FAISS, and a search is short.
        self._lock = threading.RLock()
        self._dense = DenseIndex(folder, key, encoder.dimensions)
        self._lexical = LexicalIndex(folder, key, "passages")
        self._documents = LexicalIndex(folder, key, "documents")
        self._first_passages: list[int] = []
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

    def words(self, text: str) -> collections.Counter[str]:
        """How often each word is in a text, by its stem; stop words only if there is no other."""
        return self._lexical.words(text)

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """Each word's inverse document frequency, over passages."""
        with self._lock:
            return self._lexical.rarity(words)

    def lexical(self, words: Mapping[str, float], count: int, limit: Filter) -> list[Scored]:
        """The best passages by BM25 with weights for the words, best first, ties by id."""
        with self._lock:
            return self._lexical.search(words, count, limit)

    def lexical_scores(
        self, words: Mapping[str, float], passage_ids: Collection[int]
    ) -> dict[int, float]:
        """Of each of the passages, its BM25 mixed with its document's by `DOCUMENT_SHARE`."""
        with self._lock:
            own = self._lexical.scores(words, passage_ids)
            firsts = {each: self._first_passage(each) for each in passage_ids}
            whole = self._documents.scores(words, set(firsts.values()))
        return {
            each: (1 - DOCUMENT_SHARE) * own.get(each, 0.0)
            + DOCUMENT_SHARE * whole.get(firsts[each], 0.0)
            for each in passage_ids
        }

    def _first_passage(self, passage_id: int) -> int:
        """The first passage of the passage's document, which names the document."""
        place = bisect.bisect_right(self._first_passages, passage_id)
        return self._first_passages[place - 1] if place else 0

    def vectors(self, passage_ids: Sequence[int]) -> dict[int, Vector]:
        """The vector of each of the passages that is there."""
        with self._lock:
            return self._dense.vectors(passage_ids)

    def cosines(self, vector: Vector, passage_ids: Sequence[int]) -> dict[int, float]:
        """The exact cosine of each of the passages that is there."""
        with self._lock:
            return self._dense.cosines(vector, passage_ids)

    def passage_ids(self) -> tuple[list[int], list[int]]:
        """All ids in the dense index and in the lexical one of passages, each sorted."""
        with self._lock:
            return self._dense.ids(), self._lexical.ids()

    def close(self) -> None:
        """Write the dense snapshot, so that the next start need not read every vector."""
        with self._lock:
            self._dense.save()

    def _apart(self) -> bool:
        generations = {each.generation for each in (self._lexical, self._documents, self._dense)}
        return len(generations) > 1

    def _follow(self, connection: Connection) -> None:
        """Catch up with the one state of the database that this transaction sees."""
        row = connection.execute(select(schema.state.c.generation)).one()
        target = int(row.generation)
        stored = count_rows(connection, schema.passages)
        self._follow_lexical(self._lexical, connection, passage_texts, target, stored)
        documents = count_rows(connection, schema.documents)
        self._follow_lexical(self._documents, connection, document_texts, target, documents)
        self._first_passages = self._documents.ids()
        self._follow_dense(connection, target, stored)

    def _follow_lexical(
        self,
        lexical: LexicalIndex,
        connection: Connection,
        texts: Callable[[Connection, int], Iterable[LexicalText]],
        target: int,
        stored: int,
    ) -> None:
        if lexical.refresh() == target and len(lexical) == stored:
            return
        with lexical.updating():
            # Another process may have been faster, even past the target: `catch_up` comes again.
            since = lexical.refresh()
            if since < target:
                _update(lexical, connection, texts, since, target)
            elif since > self._database.generation():
                # The database was put back to an older state.
                _update(lexical, connection, texts, 0, target)
            if lexical.generation == target and len(lexical) != stored:
                _update(lexical, connection, texts, 0, target)

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
            self._dense.remove(removed_passages(connection, since))
        ids: list[int] = []
        rows: list[bytes] = []
        for passage, vector in added_passages(connection, since):
            ids.append(passage.id)
            rows.append(vector)
            if len(ids) == BATCH:
                self._dense.add(ids, _matrix(rows))
                ids, rows = [], []
        if ids:
            self._dense.add(ids, _matrix(rows))
        self._dense.generation = target


def _update(
    lexical: LexicalIndex,
    connection: Connection,
    texts: Callable[[Connection, int], Iterable[LexicalText]],
    since: int,
    target: int,
) -> None:
    removed = [] if since == 0 else removed_passages(connection, since)
    try:
        lexical.update(target, texts(connection, since), removed, afresh=since == 0)
    except BaseException as error:
        if not is_damage(error):
            raise
        lexical.rebuild(target, texts(connection, 0))
    lexical.refresh()


def _matrix(rows: list[bytes]) -> np.ndarray:
    return np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), -1)
