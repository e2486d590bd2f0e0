"""The lexical index: tantivy (BM25 with English stemming) in a folder that processes share."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy
from filelock import FileLock

from index.rank import best
from index.types import Filter, Scored

TITLE_WEIGHT = 0.5
"""How much a word in the title counts against one in the passage."""

_FORMAT = 1
"""Grows when the fields or their analysis change: older folders are then built again."""

_HEAP_BYTES = 64_000_000
_MARKER = 0
"""The passage id of the document that names the generation; passages count from 1."""

STOP_WORDS = (
    "a about all also am an and any are as at be been being but by can could did do does doing for "
    "from had has have having he her hers him his how i if in into is it its just me my no nor not "
    "of on or our she should so some such than that the their them then there these they this "
    "those to too us was we were what when where which who whom whose why will with would you your"
).split()
"""Left out of questions (not of passages) where other words remain."""


@dataclass(frozen=True, slots=True)
class LexicalPassage:
    """What the index takes in of a passage."""

    id: int
    collection: str
    date: datetime.date | None
    title: str
    text: str


class LexicalIndex:
    """Words of passages, searched by BM25.

    The folder is shared by all processes: whoever finds it behind the database brings it up to
    date, under a lock; the others see the new state when they `refresh`.
    """

    def __init__(self, folder: Path, key: str) -> None:
        """`key` names the database that the passages belong to."""
        self._path = folder / f"lexical-{_FORMAT}-{key}"
        self._lock = FileLock(folder / "lexical.lock")
        self._analyzer = analyzer(stop_words=True)
        self._question_analyzer = analyzer(stop_words=False)
        self._schema = (
            tantivy.SchemaBuilder()
            .add_unsigned_field("id", stored=False, indexed=True, fast=True)
            .add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
            .add_text_field("collection", tokenizer_name="raw", index_option="basic")
            .add_unsigned_field("day", indexed=True, fast=True)
            .add_text_field("title", tokenizer_name="words", index_option="freq")
            .add_text_field("text", tokenizer_name="words", index_option="freq")
            .build()
        )
        with self._lock:
            self._open()
        self.refresh()

    def _open(self) -> None:
        self._path.mkdir(parents=True, exist_ok=True)
        try:
            self._index = tantivy.Index(self._schema, path=str(self._path))
        except BaseException as error:
            if not _is_damage(error):
                raise
            shutil.rmtree(self._path)
            self._path.mkdir()
            self._index = tantivy.Index(self._schema, path=str(self._path))
        self._index.config_reader(reload_policy="manual")
        self._index.register_tokenizer("words", self._analyzer)

    def refresh(self) -> int:
        """See what has been written since, and return the generation seen."""
        try:
            self._index.reload()
        except BaseException as error:
            if not _is_damage(error):
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
        """All passage ids, sorted."""
        hits = self._searcher.search(tantivy.Query.all_query(), max(1, self._searcher.num_docs))
        return sorted(number for number in self._ids(hits.hits) if number != _MARKER)

    def updating(self) -> FileLock:
        """The lock under which one process brings the folder up to date."""
        return self._lock

    def update(
        self,
        generation: int,
        added: Iterable[LexicalPassage],
        removed: Iterable[tuple[int, int]],
        *,
        afresh: bool = False,
    ) -> None:
        """Apply changes in one commit that also names the generation; hold `updating()`.

        A passage that is added replaces one of its id; `afresh` forgets all that was there.
        """
        # One thread: segments then do not depend on timing.
        with self._index.writer(_HEAP_BYTES, num_threads=1) as writer:
            if afresh:
                writer.delete_all_documents()
            for first, count in removed:
                writer.delete_documents_by_query(self._between("id", first, first + count - 1))
            for passage in added:
                writer.delete_documents_by_query(self._with_id(passage.id))
                document = tantivy.Document()
                document.add_unsigned("id", passage.id)
                document.add_text("collection", passage.collection)
                if passage.date is not None:
                    document.add_unsigned("day", passage.date.toordinal())
                document.add_text("title", passage.title)
                document.add_text("text", passage.text)
                writer.add_document(document)
            writer.delete_documents_by_query(self._with_id(_MARKER))
            marker = tantivy.Document()
            marker.add_unsigned("id", _MARKER)
            marker.add_text("state", str(generation))
            writer.add_document(marker)
            writer.commit()
            writer.wait_merging_threads()

    def search(self, question: str, count: int, limit: Filter) -> list[Scored]:
        """The best passages by BM25, best first, ties by id; none if no word is left to search."""
        words = self._question_analyzer.analyze(question) or self._analyzer.analyze(question)
        if not words:
            return []
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, self._word(field, word, weight))
                for word in sorted(set(words))
                for field, weight in (("text", 1.0), ("title", TITLE_WEIGHT))
            ]
        )
        if not limit.is_open:
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query)]
                + [(tantivy.Occur.Must, condition) for condition in self._conditions(limit)]
            )

        def fetch(wanted: int) -> list[tuple[int, float]]:
            hits = self._searcher.search(query, wanted, count=False).hits
            scores = [float(score) for score, _ in hits]
            return list(zip(self._ids(hits), scores, strict=True))

        return best(fetch, count)

    def _ids(self, hits: list[tuple[Any, Any]]) -> list[int]:
        addresses = [address for _, address in hits]
        return [int(number or 0) for number in self._searcher.fast_field_values("id", addresses)]

    def _word(self, field: str, word: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, field, word, index_option="freq")
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


def _is_damage(error: BaseException) -> bool:
    """Whether tantivy found its files damaged or of another shape: a cache is then built again.

    A damaged file can make it panic, which Python sees as an exception beside `Exception`.
    """
    return isinstance(error, ValueError | OSError) or type(error).__name__ == "PanicException"


def analyzer(*, stop_words: bool) -> tantivy.TextAnalyzer:
    """Makes English stems of lower-case words without accents; keeps stop words or drops them."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    words = words.filter(tantivy.Filter.remove_long(80))
    words = words.filter(tantivy.Filter.lowercase())
    words = words.filter(tantivy.Filter.ascii_fold())
    if not stop_words:
        words = words.filter(tantivy.Filter.custom_stopword(STOP_WORDS))
    return words.filter(tantivy.Filter.stemmer("english")).build()
