"""Index a collection once, as Dateline indexes reports, and keep that for the next evaluation."""

from __future__ import annotations

import datetime
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from index import parse, passages, sentences
from index.formats.types import Extracted
from index.ingest import ingest_reports
from index.metadata import months as month_names
from index.metadata import report_date, title
from index.search.search_index import LocalSearchIndex
from index.store import schema
from index.store.database import Database
from index.store.lookup import list_documents
from index.types import Encoder, Filter, ParsedReport, SearchIndex, Stored
from retrieval.evaluation.files.corpus import Corpus, CorpusDocument

_FORMAT = 1
"""Grows when this module makes other reports of a corpus's documents."""

_RECIPE = (month_names, parse, passages, report_date, sentences, title)
"""The modules that say what becomes of a text before it is indexed."""

_NAME = "corpus"
_DATABASE = "dateline.sqlite3"

_LAST_DAY = datetime.date.max
"""No date that a document gives itself lies in the future: the same is indexed on every day."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection that can be searched; `corpus_ids` are the corpus's ids by document id."""

    database: Database
    encoder: Encoder
    index: SearchIndex
    corpus_ids: Mapping[str, str]


def collection_folder(corpus: Corpus, encoder: Encoder, cache: Path) -> Path:
    """Where the index of this corpus by this encoder is, once it is made.

    It depends on the corpus file's bytes, the encoder's fingerprint, and how passages are made: the
    sources of `_RECIPE` themselves, because whoever tunes them would forget to raise a number, and
    measure what was before.
    """
    recipe = [Path(str(module.__file__)).read_bytes() for module in _RECIPE]
    parts = [corpus.sha256, encoder.fingerprint, schema.REVISION, str(_FORMAT)]
    parts += [hashlib.sha256(source).hexdigest() for source in recipe]
    return cache / "evaluation" / hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def index_collection(
    corpus: Corpus,
    encoder: Encoder,
    folder: Path,
    on_indexed: Callable[[Stored], object] = lambda _: None,
) -> None:
    """Make the folder that `collection_folder` names, unless it is there.

    It takes its name only when all is in it: an interrupt leaves nothing, and what a killed process
    leaves beside it is cleared by the next. `on_indexed` is called after each document that is not
    empty. Raises HomeUnusable.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if folder.is_dir():
            return
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        try:
            _fill(part, corpus, encoder, on_indexed)
            os.replace(part, folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)


@contextmanager
def open_collection(folder: Path, encoder: Encoder) -> Iterator[Collection]:
    """The collection that `index_collection` has made. Raises HomeUnusable."""
    with _opened(folder, encoder) as (database, index):
        with database.read() as connection:
            documents = list_documents(connection, Filter())
        corpus_ids = {document.id: document.sources[0] for document in documents}
        yield Collection(database, encoder, index, corpus_ids)


def _fill(
    folder: Path, corpus: Corpus, encoder: Encoder, on_indexed: Callable[[Stored], object]
) -> None:
    found = (each for each in corpus.documents.values() if not each.is_empty)
    with _opened(folder, encoder) as (database, index):
        ingest_reports(
            ((each.id, _report(each)) for each in found),
            database=database,
            encoder=encoder,
            index=index,
            collection=_NAME,
            on_stored=on_indexed,
        )


@contextmanager
def _opened(folder: Path, encoder: Encoder) -> Iterator[tuple[Database, SearchIndex]]:
    database = Database(folder / _DATABASE)
    try:
        index = LocalSearchIndex(database, encoder, folder / "cache")
        try:
            yield database, index
        finally:
            index.close()
    finally:
        database.close()


def _report(document: CorpusDocument) -> ParsedReport:
    """The document as an upload with this title would be; where it has none, one is found.

    Of a document without a text, the title is the text.
    """
    given = document.title if any(map(str.isalnum, document.title)) else None
    text = document.text if any(map(str.isalnum, document.text)) else document.title
    # The same bytes are one document to Dateline, but here each id has to be found.
    digest = hashlib.sha256(f"{document.id}\0".encode() + text.encode()).hexdigest()
    return parse.make_report(
        Extracted(text, "text/plain"),
        file_name="document.txt",
        sha256=digest,
        modified=None,
        today=_LAST_DAY,
        title=given,
    )
