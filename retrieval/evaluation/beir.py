"""Read a BEIR folder: a corpus, queries, and judgements of which documents answer which query.

The layout is that of BEIR (Thakur et al. 2021): `corpus.jsonl` with `{"_id", "title", "text"}`,
`queries.jsonl` with `{"_id", "text"}`, `qrels/test.tsv` with query, document and score after a
header. Whatever else a line of the first two has is passed over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.parse import is_unicode
from retrieval.errors import BadExample

CORPUS, QUERIES, JUDGEMENTS = Path("corpus.jsonl"), Path("queries.jsonl"), Path("qrels/test.tsv")
"""Where the three files are in the folder."""


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
class Beir:
    """A collection to measure retrieval on; everything is in the order of the files.

    `documents` and `queries` (their texts) are by id. `judgements` are whole numbers from 0 by
    query and document: from 1 on, a document answers the query, better if higher. `corpus_sha256`
    is of the corpus file.
    """

    documents: Mapping[str, CorpusDocument]
    queries: Mapping[str, str]
    judgements: Mapping[str, Mapping[str, int]]
    corpus_sha256: str


def beir_files(folder: Path) -> list[Path]:
    """The files that `read_beir` reads."""
    return [folder / path for path in (CORPUS, QUERIES, JUDGEMENTS)]


def read_beir(folder: Path) -> Beir:
    """Read all three files.

    Raises BadExample, with file and line, for a line that is not what it should be, an id that is
    there twice or not where it is referred to, and a file without a line; OSError if one cannot be
    read.
    """
    corpus, queries, judgements = beir_files(folder)
    documents: dict[str, CorpusDocument] = {}
    for number, record in _records(corpus):
        document = CorpusDocument(
            _new_id(record, documents, corpus, number),
            _text({"title": ""} | record, "title", corpus, number),
            _text(record, "text", corpus, number),
        )
        documents[document.id] = document
    texts: dict[str, str] = {}
    for number, record in _records(queries):
        query_id = _new_id(record, texts, queries, number)
        texts[query_id] = _text(record, "text", queries, number)
    with corpus.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Beir(documents, texts, _read_judgements(judgements, documents, texts), digest)


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, without their ends, numbered from 1.

    Raises BadExample for a line that is not UTF-8, and if there is no line at all.
    """
    found = False
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            found = True
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise BadExample(path, number, str(error)) from error
            yield number, text.rstrip("\r\n")
    if not found:
        raise BadExample(path, 1, "the file is empty")


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in numbered_lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadExample(path, number, f"not JSON: {error}") from error
        if not isinstance(record, dict):
            raise BadExample(path, number, "is not a JSON object")
        yield number, record


def _text(record: Mapping[str, Any], name: str, path: Path, number: int) -> str:
    if name not in record:
        raise BadExample(path, number, f"{name!r} is missing")
    text = record[name]
    if not isinstance(text, str) or not is_unicode(text) or "\0" in text:
        raise BadExample(path, number, f"{name!r} is not a text")
    return text


def _new_id(record: Mapping[str, Any], known: Mapping[str, Any], path: Path, number: int) -> str:
    found = _text(record, "_id", path, number)
    if not found or found.split() != [found]:
        # A run in TREC's format has white space between its columns.
        raise BadExample(path, number, f"the _id {found!r} is empty or has white space in it")
    if found in known:
        raise BadExample(path, number, f"the _id {found!r} is there twice")
    return found


def _read_judgements(
    path: Path, documents: Mapping[str, CorpusDocument], queries: Mapping[str, str]
) -> dict[str, dict[str, int]]:
    judgements: dict[str, dict[str, int]] = {}
    lines = numbered_lines(path)
    first, header = next(lines)
    if _columns(header, path, first)[2].isdecimal():
        raise BadExample(path, first, "the header is missing: query-id, corpus-id, score")
    for number, line in lines:
        query, document, score = _columns(line, path, number)
        if query not in queries:
            raise BadExample(path, number, f"query {query!r} is not in {QUERIES}")
        if document not in documents:
            raise BadExample(path, number, f"document {document!r} is not in {CORPUS}")
        if not (score.isascii() and score.isdecimal()):
            raise BadExample(path, number, f"the score {score!r} is not a whole number from 0 on")
        known = judgements.setdefault(query, {})
        if known.setdefault(document, int(score)) != int(score):
            raise BadExample(
                path, number, f"{query!r} and {document!r} were judged otherwise on a line before"
            )
    if not judgements:
        raise BadExample(path, first, "there is no judgement after the header")
    return judgements


def _columns(line: str, path: Path, number: int) -> list[str]:
    columns = line.split("\t")
    if len(columns) != 3:
        raise BadExample(path, number, "not three columns with tabs between them")
    return columns
