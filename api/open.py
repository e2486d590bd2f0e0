"""Build the pipeline that the settings describe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from api.settings import Settings
from index.database import Database
from index.encoders.convert import is_converted
from index.encoders.load import DEFAULT_ENCODER, load_encoder
from index.search_index import LocalSearchIndex
from retrieval.answer import Pipeline
from retrieval.read_sentences import SentenceReader, Weights


def open_database(settings: Settings) -> Database:
    """Open the database alone: enough to list and read. Raises HomeUnusable."""
    return Database(settings.database_path)


@contextmanager
def open_pipeline(settings: Settings) -> Iterator[Pipeline]:
    """All parts, loaded and caught up; closed at the end. Raises HomeUnusable and ModelUnusable."""
    database = open_database(settings)
    try:
        if settings.encoder == DEFAULT_ENCODER and not is_converted(settings.models_folder):
            print("Preparing the encoder (once, about 20 seconds)...", file=sys.stderr)  # noqa: T201
        encoder = load_encoder(settings.encoder, settings.models_folder)
        index = LocalSearchIndex(database, encoder, settings.cache_folder)
        reader = SentenceReader(encoder, Weights.load())
        threshold = reader.threshold if settings.threshold is None else settings.threshold
        try:
            yield Pipeline(database, encoder, index, reader, threshold)
        finally:
            index.close()
    finally:
        database.close()
