"""Read CSV and TSV files: a row a document."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from pathlib import PurePath

from index.errors import UnreadableReport
from index.formats.tables.records import Columns, check_reports, unique
from index.formats.text.plain import decode_text
from index.formats.types import Found, Reading

_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.I)
_MOST_TITLE_ROWS = 5
_HEAD = 100_000
"""Characters in which a header is looked for."""
_LONGEST_FIELD = 10_000_000


def read(content: bytes, reading: Reading) -> Iterator[Found]:
    """The rows under the header. Raises UnreadableReport if there is none."""
    yield from unique(_read(content, reading))


def _read(content: bytes, reading: Reading) -> Iterator[Found]:
    text = decode_text(content)[0].removeprefix("\ufeff")
    is_tabbed = PurePath(reading.name).suffix.lower() == ".tsv"
    delimiter = "\t" if is_tabbed else _delimiter(text)
    lines_before = 0
    if said := _SEPARATOR.match(text):
        # Excel's own line, which no other program writes.
        text, delimiter, lines_before = text[said.end() :], said[1], 1
    csv.field_size_limit(_LONGEST_FIELD)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    title_rows = _rows_above_header(text, delimiter)
    header: list[str] = []
    columns = None
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if columns is None and title_rows:
                title_rows -= 1
                continue
            if columns is None:
                header = [cell.strip() for cell in row]
                if "text" not in reading.columns:
                    check_reports(header)
                columns = Columns(header, reading.columns)
                continue
            label = f"row {rows.line_num + lines_before}"
            media_type = "text/tab-separated-values" if delimiter == "\t" else "text/csv"
            yield columns.read(row, kind="row", label=label, media_type=media_type)
    except csv.Error as error:
        raise UnreadableReport(f"row {rows.line_num} cannot be read: {error}") from None


def _delimiter(text: str) -> str:
    """What stands between the header's names: what it has most of, outside quotes.

    A first line without any of them, or with one that the next line lacks, is a title.
    """
    lines = [line for line in text[:_HEAD].splitlines() if line.strip(_DELIMITERS + " ")]
    plain = ["".join(line.split('"')[::2]) for line in lines[: _MOST_TITLE_ROWS + 2]]
    for line, after in itertools.pairwise(plain):
        mark = _most(line)
        if line.count(mark) > 1 or (mark in line and mark in after):
            return mark
    return _most(plain[0] if plain else "")


def _most(line: str) -> str:
    return max(_DELIMITERS, key=lambda mark: (line.count(mark), -_DELIMITERS.index(mark)))


def _rows_above_header(text: str, delimiter: str) -> int:
    """How many rows are a title: they have one cell, and the rows after them several."""
    rows = csv.reader(io.StringIO(text[:_HEAD], newline=""), delimiter=delimiter)
    filled: list[int] = []
    try:
        for row in rows:
            if cells := sum(bool(cell.strip()) for cell in row):
                filled.append(cells)
            if len(filled) > _MOST_TITLE_ROWS + 1:
                break
    except csv.Error:
        return 0
    above = next((number for number, cells in enumerate(filled) if cells > 1), 0)
    # A lone long row of several cells is not yet a table.
    return above if len(filled) > above + 1 and filled[above + 1] > 1 else 0
