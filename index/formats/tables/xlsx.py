"""Read Excel workbooks: a row of a sheet a document."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Sequence
from typing import Any

from index.errors import UnreadableReport
from index.formats.nested.package import Package
from index.formats.tables.records import Columns, check_reports, say, unique
from index.formats.types import Found, Reading

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read(content: bytes, reading: Reading) -> Iterator[Found]:
    """The rows under the header of each sheet that shows. Raises UnreadableReport."""
    from openpyxl import load_workbook

    Package(content)  # It refuses bombs, which openpyxl would unpack.
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise UnreadableReport(f"damaged, or no workbook: {error}") from None
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        yield from unique(
            found for sheet in sheets for found in _rows(sheet, reading, many=len(sheets) > 1)
        )
    finally:
        book.close()


def _rows(sheet: Any, reading: Reading, *, many: bool) -> Iterator[Found]:
    sheet.reset_dimensions()  # Some programs write the wrong ones.
    rows = (
        (number, [_say(cell) for cell in cells])
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
        if any(_say(cell).strip() for cell in cells)
    )
    columns = None
    over = None  # A title or a date may stand over the table: its header has several columns.
    for number, row in rows:
        if columns is None:
            is_wide = sum(bool(cell.strip()) for cell in row) > 1
            if over is None and not is_wide:
                over = row
                continue
            columns = _columns(row if is_wide or over is None else over, reading)
            if is_wide:
                continue
        label = f"{sheet.title}, row {number}" if many else f"row {number}"
        yield columns.read(row, kind="row", label=label, media_type=_MEDIA_TYPE)


def _columns(header: Sequence[str], reading: Reading) -> Columns:
    if "text" not in reading.columns:
        check_reports(header)
    return Columns([" ".join(name.split()) for name in header], reading.columns)


def _say(value: object) -> str:
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return say(value)
