"""Take contexts as a pile of reports that can be searched, for as long as it is open."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from index.ingest import ingest
from index.search.search_index import LocalSearchIndex
from index.store.database import Database
from index.types import Encoder, SearchIndex

_TODAY = datetime.date(2000, 1, 1)
"""Contexts have no date; one that looks as if it had is read the same at every run."""


@dataclass(frozen=True, slots=True)
class Pile:
    """A database of contexts with its indexes; `documents` are their ids by context."""

    database: Database
    encoder: Encoder
    index: SearchIndex
    documents: Mapping[str, str | None]


@contextmanager
def open_pile(contexts: Sequence[str], encoder: Encoder) -> Iterator[Pile]:
    """Ingest different contexts, as files would be, into a folder that goes when this closes."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.txt" for number in range(len(contexts))]
        for file, context in zip(files, contexts, strict=True):
            file.write_text(context, encoding="utf-8", newline="")
        database = Database(Path(folder) / "pile.sqlite3")
        index = LocalSearchIndex(database, encoder, Path(folder) / "cache")
        try:
            with tqdm(total=len(files), unit=" contexts") as bar:
                outcomes = ingest(
                    files,
                    database=database,
                    encoder=encoder,
                    index=index,
                    collection="pile",
                    today=_TODAY,
                    on_outcome=lambda _: bar.update(),
                )
            sources = {outcome.source: outcome.document_id for outcome in outcomes}
            documents = {
                context: sources[str(file.resolve())]
                for context, file in zip(contexts, files, strict=True)
            }
            yield Pile(database, encoder, index, documents)
        finally:
            index.close()
            database.close()
