"""Read a corpus: the documents that an evaluation searches.

A line of `corpus.jsonl` is `{"_id", "title", "text"}`, as in BEIR (Thakur et al. 2021); the title
may be left out, and whatever else is in it is passed over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.evaluation.files.records import read_new_id, read_records, read_text

CORPUS = Path("corpus.jsonl")
"""Where the file is in the folder of an evaluation."""


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """A document; the title is "" where it has none."""

    id: str
    title: str
    text: str

    @property
    def is_empty(self) -> bool:
        """Whether neither title nor text has a letter or digit: then it cannot be found."""
        return not any(map(str.isalnum, self.title + self.text))


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents by id, in the file's order; `sha256` is of the file."""

    documents: Mapping[str, CorpusDocument]
    sha256: str

    def empty_documents(self) -> tuple[str, ...]:
        """The ids of those that cannot be found."""
        return tuple(each.id for each in self.documents.values() if each.is_empty)


def read_corpus(path: Path) -> Corpus:
    """Read the documents.

    Raises BadExample, with file and line, for a line that is not what it should be, an id that is
    there twice and a file without a line; OSError if it cannot be read.
    """
    documents: dict[str, CorpusDocument] = {}
    for number, record in read_records(path):
        document = CorpusDocument(
            read_new_id(record, documents, path, number),
            read_text({"title": ""} | record, "title", path, number),
            read_text(record, "text", path, number),
        )
        documents[document.id] = document
    with path.open("rb") as file:
        return Corpus(documents, hashlib.file_digest(file, "sha256").hexdigest())
