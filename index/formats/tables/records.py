"""Make documents of the records of a table or of JSON lines, by what their columns are named."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.errors import UnreadableReport
from index.formats.text.compose import say_row
from index.formats.types import Extracted, Found, Part, Unreadable
from index.metadata.day import read_day

NAMES: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "fulltext", "full_text", "article", "story", "abstract"),
    "title": ("title", "headline", "subject", "heading"),
    "date": tuple(
        "date published publication_date pub_date pubdate published_at published_date report_date "
        "datetime timestamp created_at day".split()
    ),
    "id": ("_id", "id", "doc_id", "docid", "document_id", "record_id", "guid", "key"),
    "url": ("url", "link", "permalink", "source_url", "uri"),
    "author": ("author", "authors", "byline", "creator"),
}
"""What a column is, by its name; the first that is there counts."""

_QUESTIONS = ("answers", "relevant", "messages", "question", "query-id", "corpus-id", "qrels")


def check_reports(names: Sequence[str]) -> None:
    """Raise UnreadableReport for columns that questions or judgements have, and reports do not."""
    plain = {_plain(name) for name in names}
    for name in _QUESTIONS:
        if name in plain:
            raise UnreadableReport(
                f"its records have {name!r}: they are questions or judgements, not reports (name "
                "the column with the reports' text by --text-column if they are)"
            )


class Columns:
    """Which column says what. Raises UnreadableReport if one that the user named is not there."""

    def __init__(self, names: Sequence[str], given: Mapping[str, str]) -> None:
        self._names = list(names)
        self._at: dict[str, int] = {}
        plain = [_plain(name) for name in names]
        for what, usual in NAMES.items():
            if what in given:
                if given[what] not in self._names:
                    raise UnreadableReport(
                        f"no column is named {given[what]!r} (there are: {', '.join(self._names)})"
                    )
                self._at[what] = self._names.index(given[what])
            elif found := [name for name in usual if name in plain]:
                self._at[what] = plain.index(found[0])

    def read(self, values: Sequence[str], *, kind: str, label: str, media_type: str) -> Found:
        """The document of a record; what has no text column says its other columns."""
        title = self._value("title", values)
        text = self._value("text", values)
        if "text" not in self._at:
            rest = [
                "" if number in self._set_apart() else " ".join(value.split())
                for number, value in enumerate(values)
            ]
            text = say_row(self._names, rest)
        member = self._value("id", values).strip() or label
        if not any(map(str.isalnum, text)):
            text = title
        if not any(map(str.isalnum, text)):
            return Unreadable(member, "no letter or digit in it: nothing to answer from")
        said = self._value("date", values)
        day = read_day(said) if said else None
        return Extracted(
            text,
            media_type,
            title=title or None,
            title_evidence="column" if title else None,
            date=day,
            date_evidence="column" if day else None,
            is_dated_firmly=True,
            author=self._value("author", values) or None,
            url=self._value("url", values) or None,
            parts=(Part(kind, label, 0, len(text)),),
            member=member,
        )

    def _set_apart(self) -> set[int]:
        return {self._at[what] for what in ("id",) if what in self._at}

    def _value(self, what: str, values: Sequence[str]) -> str:
        at = self._at.get(what)
        return values[at] if at is not None and at < len(values) else ""


def unique(every: Iterator[Found]) -> Iterator[Found]:
    """The same documents, none with the member's name of one before it."""
    seen: set[str] = set()
    for number, found in enumerate(every, start=1):
        name = found.member if found.member not in seen else f"{found.member}@{number}"
        seen.add(name)
        yield found if name == found.member else dataclasses.replace(found, member=name)


def say(value: Any) -> str:
    """A value of JSON, or a sheet's, as a text."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
        return ", ".join(map(str, value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _plain(name: str) -> str:
    return name.strip().strip("\ufeff").lower().replace(" ", "_")


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
