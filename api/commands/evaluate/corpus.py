"""Read and index what an evaluation searches, and say how far that is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.types import Encoder
    from retrieval.evaluation.corpus import Corpus


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Raise FileUnusable, with the file's name, for a file in here that cannot be read."""
    from api.errors import FileUnusable

    try:
        yield
    except OSError as error:
        named = folder if error.filename is None else Path(error.filename)
        raise FileUnusable(named, error.strerror or str(error)) from error


def index_once(corpus: Corpus, encoder: Encoder, cache: Path) -> Path:
    """The folder with the corpus's index, which is made if it is not there. Raises HomeUnusable."""
    from tqdm import tqdm

    from retrieval.evaluation.collection import collection_folder, index_collection

    folder = collection_folder(corpus, encoder, cache)
    if folder.is_dir():
        return folder
    print("Indexing the collection (once)...", file=sys.stderr)  # noqa: T201
    total = len(corpus.documents) - len(corpus.empty_documents())
    with tqdm(total=total, unit=" documents", disable=not sys.stderr.isatty()) as bar:
        index_collection(corpus, encoder, folder, on_indexed=lambda _stored: bar.update())
    return folder
