"""Read a BEIR folder: a corpus, queries, and judgements of which documents answer which query.

The layout is that of BEIR (Thakur et al. 2021): `corpus.jsonl` with `{"_id", "title", "text"}`,
`queries.jsonl` with `{"_id", "text"}`, `qrels/test.tsv` with query, document and score after a
header. Whatever else a line of the first two has is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import BadExample
from retrieval.evaluation.files.corpus import CORPUS, Corpus, CorpusDocument, read_corpus
from retrieval.evaluation.files.records import numbered_lines, read_new_id, read_records, read_text

QUERIES, JUDGEMENTS = Path("queries.jsonl"), Path("qrels/test.tsv")
"""Where the files beside the corpus are in the folder."""


@dataclass(frozen=True, slots=True)
class Beir:
    """A collection to measure retrieval on; everything is in the order of the files.

    `queries` (their texts) are by id. `judgements` are whole numbers from 0 by query and document:
    from 1 on, a document answers the query, better if higher.
    """

    corpus: Corpus
    queries: Mapping[str, str]
    judgements: Mapping[str, Mapping[str, int]]


def beir_files(folder: Path) -> list[Path]:
    """The files that `read_beir` reads."""
    return [folder / path for path in (CORPUS, QUERIES, JUDGEMENTS)]


def read_beir(folder: Path) -> Beir:
    """Read all three files.

    Raises BadExample, with file and line, for a line that is not what it should be, an id that is
    there twice or not where it is referred to, and a file without a line; OSError if one cannot be
    read.
    """
    corpus_file, queries, judgements = beir_files(folder)
    corpus = read_corpus(corpus_file)
    texts: dict[str, str] = {}
    for number, record in read_records(queries):
        query_id = read_new_id(record, texts, queries, number)
        texts[query_id] = read_text(record, "text", queries, number)
    return Beir(corpus, texts, _read_judgements(judgements, corpus.documents, texts))


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
