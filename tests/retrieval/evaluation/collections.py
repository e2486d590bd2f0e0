"""Small BEIR folders to measure on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from retrieval.evaluation.files.beir import Beir
from retrieval.evaluation.files.corpus import Corpus, CorpusDocument

DOCUMENTS = (
    {
        "_id": "d1",
        "title": "Flood",
        "text": "The river Tharnock rose by four metres. A dyke broke.",
    },
    {"_id": "d2", "title": "Fire", "text": "A fire burned down a mill. The river was too low."},
    {"_id": "d3", "title": "", "text": "Drivers of the northern depots went on strike."},
    {"_id": "d4", "title": "The winter of long ago", "text": " \n"},
    {"_id": "d5", "title": "", "text": "..."},
    {"_id": "d6", "text": "Drivers of the northern depots went on strike."},
)
QUERIES = (
    {"_id": "q1", "text": "Which dyke broke?"},
    {"_id": "q2", "text": "Who went on strike?", "metadata": {}},
    {"_id": "q3", "text": "What burned in the long winter?"},
    {"_id": "q4", "text": "?!"},
    {"_id": "q5", "text": "Did the river rise?"},
)
JUDGEMENTS = (
    ("q1", "d1", "2"),
    ("q1", "d2", "0"),
    ("q2", "d3", "1"),
    ("q2", "d6", "1"),
    ("q3", "d4", "1"),
    ("q4", "d5", "1"),
)
HEADER = "query-id\tcorpus-id\tscore"


def write_beir(
    folder: Path,
    documents: Sequence[Mapping[str, object]] = DOCUMENTS,
    queries: Sequence[Mapping[str, object]] = QUERIES,
    judgements: Sequence[tuple[str, str, str]] = JUDGEMENTS,
) -> Path:
    """Fill a folder, with the header, and return it."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    for name, records in (("corpus", documents), ("queries", queries)):
        lines = "".join(f"{json.dumps(record)}\n" for record in records)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    rows = [HEADER, *("\t".join(row) for row in judgements)]
    (folder / "qrels" / "test.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def make_beir(
    queries: Mapping[str, str],
    judgements: Mapping[str, Mapping[str, int]],
    documents: Mapping[str, tuple[str, str]] | None = None,
) -> Beir:
    """A collection without a folder; documents are (title, text), made up where not given."""
    ids = {each for judged in judgements.values() for each in judged}
    made = documents or {each: ("", f"Text of {each}.") for each in sorted(ids)}
    found = {each: CorpusDocument(each, *content) for each, content in made.items()}
    return Beir(Corpus(found, "0" * 64), dict(queries), dict(judgements))
