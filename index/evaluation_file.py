"""Tell files that measure answers, questions and judgements, from files of reports."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from pathlib import Path

from index.errors import UnreadableReport
from index.formats.records import check_reports

_FIRST_LINE = 1_000_000
_TABLES = {".csv": ",", ".tsv": "\t"}
_LINES = (".jsonl", ".ndjson")


def why_no_reports(path: Path) -> str | None:
    """Why a file that was found in a folder is passed over; None for one that is to be read.

    Its name and its first line tell: questions have `answers`, `relevant` or `messages`, and the
    queries of a BEIR folder stand beside its `corpus.jsonl`.
    """
    name = path.name.lower().removesuffix(".gz")
    suffix = Path(name).suffix
    if suffix not in _LINES and suffix not in _TABLES:
        return None
    if name == "queries.jsonl" and any(path.parent.glob("corpus.jsonl*")):
        return "the queries of the corpus beside it, not reports"
    try:
        line = _first_line(path)
        if suffix in _LINES:
            record = json.loads(line)
            columns = list(record) if isinstance(record, dict) else []
        else:
            columns = next(csv.reader([line], delimiter=_TABLES[suffix]), [])
        check_reports(columns)
    except UnreadableReport as error:
        return str(error)
    except (OSError, EOFError, ValueError, zlib.error, RecursionError, csv.Error):
        return None  # Whoever reads it says what is wrong.
    return None


def _first_line(path: Path) -> str:
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        return file.readline(_FIRST_LINE).decode("utf-8-sig")
