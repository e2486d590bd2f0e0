"""Read CSV and TSV files: a row a document."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import PurePath

from index.errors import UnreadableReport
from index.formats.tables.records import Columns, check_reports, unique
from index.formats.text.plain import decode_text
from index.formats.types import Found, Reading

_DELIMITERS = ",;\t|"
_LONGEST_FIELD = 10_000_000


def read(content: bytes, reading: Reading) -> Iterator[Found]:
    """The rows under the header. Raises UnreadableReport if there is none."""
    yield from unique(_read(content, reading))


def _read(content: bytes, reading: Reading) -> Iterator[Found]:
    text = decode_text(content)[0].removeprefix("\ufeff")
    is_tabbed = PurePath(reading.name).suffix.lower() == ".tsv"
    delimiter = "\t" if is_tabbed else _delimiter(text)
    csv.field_size_limit(_LONGEST_FIELD)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] = []
    columns = None
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                header = [cell.strip() for cell in row]
                if "text" not in reading.columns:
                    check_reports(header)
                columns = Columns(header, reading.columns)
                continue
            label = f"row {rows.line_num}"
            media_type = "text/tab-separated-values" if delimiter == "\t" else "text/csv"
            yield columns.read(row, kind="row", label=label, media_type=media_type)
    except csv.Error as error:
        raise UnreadableReport(f"row {rows.line_num} cannot be read: {error}") from None


def _delimiter(text: str) -> str:
    """What stands between the header's names: what it has most of, outside quotes."""
    header = text.lstrip("\r\n").partition("\n")[0]
    plain = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=lambda mark: (plain.count(mark), -_DELIMITERS.index(mark)))
