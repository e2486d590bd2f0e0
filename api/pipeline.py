"""Build the pipeline that the settings describe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from api.settings import Settings
from index.models.load import DEFAULT_ENCODER, load_encoder
from index.models.onnx_encoder import is_converted
from index.search.search_index import LocalSearchIndex
from index.store.database import Database
from index.types import Encoder
from retrieval.readers.load import DEFAULT_READER, is_reader_ready, load_reader
from retrieval.types import Pipeline, Reader, TermFinder


def open_database(settings: Settings) -> Database:
    """Open the database alone: enough to list and read. Raises HomeUnusable."""
    return Database(settings.database_path)


def open_encoder(settings: Settings) -> Encoder:
    """The encoder, converted first if need be. Raises ModelUnusable."""
    if settings.encoder == DEFAULT_ENCODER and not is_converted(settings.models_folder):
        print("Preparing the encoder (once, about 20 seconds)...", file=sys.stderr)  # noqa: T201
    return load_encoder(settings.encoder, settings.models_folder)


def open_reader(settings: Settings) -> Reader:
    """The reader, converted first if need be. Raises ModelUnusable."""
    if settings.reader == DEFAULT_READER and not is_reader_ready(settings.models_folder):
        print("Preparing the reader (once, about 20 seconds)...", file=sys.stderr)  # noqa: T201
    return load_reader(settings.reader, settings.models_folder)


def open_finder(settings: Settings) -> TermFinder:
    """The term finder, converted first if need be. Raises ModelUnusable."""
    from retrieval.rewriting.term_finder import OnnxTermFinder, convert_term_model, converted_folder

    if not converted_folder(settings.models_folder).is_dir():
        print("Preparing the rewriter (once, about 20 seconds)...", file=sys.stderr)  # noqa: T201
        convert_term_model(settings.models_folder)
    return OnnxTermFinder(settings.models_folder)


def search_threshold(settings: Settings, reader: Reader) -> float:
    """The confidence from which on a span found by search is shown: as set, else as fitted."""
    return reader.weights.threshold if settings.threshold is None else settings.threshold


@contextmanager
def open_pipeline(settings: Settings, *, for_conversations: bool = False) -> Iterator[Pipeline]:
    """All parts, loaded and caught up; closed at the end. Raises HomeUnusable and ModelUnusable.

    The term finder is got ready only `for_conversations`: a first question has no use for it.
    """
    database = open_database(settings)
    try:
        encoder = open_encoder(settings)
        index = LocalSearchIndex(database, encoder, settings.cache_folder)
        reader = open_reader(settings)
        try:
            threshold = search_threshold(settings, reader)
            finder = open_finder(settings) if for_conversations else None
            yield Pipeline(database, encoder, index, reader, threshold, finder)
        finally:
            index.close()
    finally:
        database.close()
