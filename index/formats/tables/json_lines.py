"""Read JSON lines: a record a document."""

from __future__ import annotations

import json
from collections.abc import Iterator

from index.errors import UnreadableReport
from index.formats.tables.records import Columns, check_reports, say, unique
from index.formats.text.plain import decode_text
from index.formats.types import Found, Reading, Unreadable


def read(content: bytes, reading: Reading) -> Iterator[Found]:
    """The records. Raises UnreadableReport if the first is none, or no report."""
    yield from unique(_read(content, reading))


def _read(content: bytes, reading: Reading) -> Iterator[Found]:
    text = decode_text(content)[0].removeprefix("\ufeff")
    is_first = True
    # Not splitlines: a line of JSON may have other line separators within.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError("no object")
        except ValueError as error:
            if is_first:
                raise UnreadableReport(f"line {number} is no JSON object: {error}") from None
            yield Unreadable(f"line {number}", f"no JSON object: {error}")
            continue
        if is_first and "text" not in reading.columns:
            check_reports(list(record))
        is_first = False
        columns = Columns(list(record), reading.columns)
        values = [say(value) for value in record.values()]
        yield columns.read(
            values, kind="record", label=f"line {number}", media_type="application/jsonl"
        )
