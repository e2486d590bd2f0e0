"""A lexical index: tantivy (BM25 with English stemming) in a folder that processes share."""

from __future__ import annotations

import collections
import datetime
import math
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy
from filelock import FileLock

from index.search.cache_files import remove
from index.search.rank import DECIMALS, best
from index.search.words import analyzer
from index.types import Filter, Scored

_FORMAT = 2
"""Grows when the fields or their analysis change: older folders are then built again."""

_HEAP_BYTES = 64_000_000
_MARKER = 0
"""The id of the entry that names the generation; passages count from 1."""


@dataclass(frozen=True, slots=True)
class LexicalText:
    """What an index takes in of a passage, or of a document; words of the title count as its own.

    A title that the text holds as well counts twice. RR@10, in the setting of
    `retrieval/search/hybrid.py`: in a field of its own at half weight new_wiki .852 and CISI .631,
    this way .868 and .695.
    """

    id: int
    collection: str
    date: datetime.date | None
    title: str
    text: str


class LexicalIndex:
    """Words of texts, searched by BM25.

    The folder is shared by all processes: whoever finds it behind the database brings it up to
    date, under a lock; the others see the new state when they `refresh`.
    """

    def __init__(self, folder: Path, key: str, name: str) -> None:
        """`key` names the database that the texts belong to, `name` the kind of texts."""
        self._path = folder / f"{name}-{_FORMAT}-{key}"
        lock = folder / f"{name}.lock"
        if lock.is_dir():
            remove(lock)
        self._lock = FileLock(lock)
        self._analyzer = analyzer(stop_words=True)
        self._question_analyzer = analyzer(stop_words=False)
        self._schema = (
            tantivy.SchemaBuilder()
            .add_unsigned_field("id", stored=False, indexed=True, fast=True)
            .add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
            .add_text_field("collection", tokenizer_name="raw", index_option="basic")
            .add_unsigned_field("day", indexed=True, fast=True)
            .add_text_field("text", tokenizer_name="words", index_option="freq")
            .build()
        )
        with self._lock:
            self._open()
        self.refresh()

    def _open(self) -> None:
        try:
            self._index = self._open_at(self._path)
        except BaseException as error:
            if not is_damage(error):
                raise
            remove(self._path)
            self._index = self._open_at(self._path)

    def _open_at(self, path: Path) -> tantivy.Index:
        path.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(self._schema, path=str(path))
        index.config_reader(reload_policy="manual")
        index.register_tokenizer("words", self._analyzer)
        return index

    def refresh(self) -> int:
        """See what has been written since, and return the generation seen."""
        try:
            self._index.reload()
        except BaseException as error:
            if not is_damage(error):
                raise
            with self._lock:
                self._open()
                self._index.reload()
        self._searcher = self._index.searcher()
        self.generation = self._read_generation()
        return self.generation

    def _read_generation(self) -> int:
        hits = self._searcher.search(self._with_id(_MARKER), 1).hits
        return int(self._searcher.doc(hits[0][1])["state"][0]) if hits else 0

    def __len__(self) -> int:
        return self._searcher.num_docs - (1 if self.generation else 0)

    def ids(self) -> list[int]:
        """All ids, sorted."""
        hits = self._searcher.search(tantivy.Query.all_query(), max(1, self._searcher.num_docs))
        return sorted(number for number in self._ids(hits.hits) if number != _MARKER)

    def updating(self) -> FileLock:
        """The lock under which one process brings the folder up to date."""
        return self._lock

    def update(
        self,
        generation: int,
        added: Iterable[LexicalText],
        removed: Iterable[tuple[int, int]],
        *,
        afresh: bool = False,
    ) -> None:
        """Apply changes in one commit that also names the generation; hold `updating()`.

        A text that is added replaces one of its id; `afresh` forgets all that was there.
        """
        self._commit(self._index, generation, added, removed, afresh=afresh)

    def rebuild(self, generation: int, texts: Iterable[LexicalText]) -> None:
        """Build the folder again beside the old one and swap it in; hold `updating()`.

        A commit that was killed can leave files in the old one that every later commit trips over.
        """
        beside, old = (self._path.with_name(f"{self._path.name}.{end}") for end in ("new", "old"))
        remove(beside)
        remove(old)
        self._commit(self._open_at(beside), generation, texts, [], afresh=False)
        if self._path.exists():
            os.replace(self._path, old)
        os.replace(beside, self._path)
        remove(old)
        self._open()

    def _commit(
        self,
        index: tantivy.Index,
        generation: int,
        added: Iterable[LexicalText],
        removed: Iterable[tuple[int, int]],
        *,
        afresh: bool,
    ) -> None:
        # One thread: segments then do not depend on timing.
        with index.writer(_HEAP_BYTES, num_threads=1) as writer:
            if afresh:
                writer.delete_all_documents()
            for first, count in removed:
                writer.delete_documents_by_query(self._between("id", first, first + count - 1))
            for text in added:
                writer.delete_documents_by_query(self._with_id(text.id))
                document = tantivy.Document()
                document.add_unsigned("id", text.id)
                document.add_text("collection", text.collection)
                if text.date is not None:
                    document.add_unsigned("day", text.date.toordinal())
                document.add_text("text", f"{text.title}\n{text.text}")
                writer.add_document(document)
            writer.delete_documents_by_query(self._with_id(_MARKER))
            marker = tantivy.Document()
            marker.add_unsigned("id", _MARKER)
            marker.add_text("state", str(generation))
            writer.add_document(marker)
            writer.commit()
            writer.wait_merging_threads()

    def words(self, text: str) -> collections.Counter[str]:
        """How often each word is in a text, by its stem; stop words only if there is no other."""
        words = self._question_analyzer.analyze(text) or self._analyzer.analyze(text)
        return collections.Counter(words)

    def rarity(self, words: Iterable[str]) -> dict[str, float]:
        """Each word's inverse document frequency as BM25 has it: ln(1 + (N - n + .5) / (n + .5)).

        N is the number of texts, n of those that have the word (Robertson and Zaragoza 2009).
        """
        total = self._searcher.num_docs
        counts = {word: self._searcher.doc_freq("text", word) for word in words}
        return {word: math.log(1 + (total - n + 0.5) / (n + 0.5)) for word, n in counts.items()}

    def search(self, words: Mapping[str, float], count: int, limit: Filter) -> list[Scored]:
        """The best texts by BM25 with weights for the words, best first, ties by id."""
        if not words:
            return []
        query = self._query(words, list(self._conditions(limit)))

        def fetch(wanted: int) -> list[tuple[int, float]]:
            hits = self._searcher.search(query, wanted, count=False).hits
            scores = [float(score) for score, _ in hits]
            return list(zip(self._ids(hits), scores, strict=True))

        return best(fetch, count)

    def scores(self, words: Mapping[str, float], ids: Collection[int]) -> dict[int, float]:
        """What `search` would say of these texts; those without any of the words are left out."""
        if not words or not ids:
            return {}
        wanted = tantivy.Query.term_set_query(self._schema, "id", sorted(ids))
        query = self._query(words, [tantivy.Query.const_score_query(wanted, 0.0)])
        hits = self._searcher.search(query, len(ids), count=False).hits
        return {
            number: round(float(score), DECIMALS)
            for number, (score, _) in zip(self._ids(hits), hits, strict=True)
        }

    def _query(self, words: Mapping[str, float], conditions: list[tantivy.Query]) -> tantivy.Query:
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, self._word(word, weight))
                for word, weight in sorted(words.items())
            ]
        )
        if not conditions:
            return query
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, each) for each in (query, *conditions)]
        )

    def _ids(self, hits: list[tuple[Any, Any]]) -> list[int]:
        addresses = [address for _, address in hits]
        return [int(number or 0) for number in self._searcher.fast_field_values("id", addresses)]

    def _word(self, word: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, "text", word, index_option="freq")
        return tantivy.Query.boost_query(query, weight)

    def _conditions(self, limit: Filter) -> Iterable[tantivy.Query]:
        if limit.collection is not None:
            wanted = tantivy.Query.term_query(self._schema, "collection", limit.collection)
            yield tantivy.Query.const_score_query(wanted, 0.0)
        if limit.since is not None or limit.until is not None:
            since = limit.since or datetime.date.min
            until = limit.until or datetime.date.max
            days = self._between("day", since.toordinal(), until.toordinal())
            yield tantivy.Query.const_score_query(days, 0.0)

    def _with_id(self, number: int) -> tantivy.Query:
        # Not `delete_documents_by_term`: it takes an int as signed, and finds no unsigned one.
        return tantivy.Query.term_query(self._schema, "id", number)

    def _between(self, field: str, first: int, last: int) -> tantivy.Query:
        return tantivy.Query.range_query(
            self._schema, field, tantivy.FieldType.Unsigned, first, last
        )


def is_damage(error: BaseException) -> bool:
    """Whether tantivy found its files damaged or of another shape: a cache is then built again.

    A damaged file can make it panic, which Python sees as an exception beside `Exception`.
    """
    return isinstance(error, ValueError | OSError) or type(error).__name__ == "PanicException"
