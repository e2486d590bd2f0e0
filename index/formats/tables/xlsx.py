"""Read Excel workbooks: a row of a sheet a document."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from index.errors import UnreadableReport
from index.formats.nested.package import Package
from index.formats.tables.records import Columns, check_reports, say, unique
from index.formats.types import Found, Reading

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_STRICT = b"http://purl.oclc.org/ooxml/"
_USUAL = (
    (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_NOT_CALCULATED = "(formula, never calculated)"
_MONEY = re.compile(r"\[\$([^\]-]+)[^\]]*\]|\"?([$\u20ac\u00a3\u00a5])\"?")


def read(content: bytes, reading: Reading) -> Iterator[Found]:
    """The rows under the header of each sheet that shows. Raises UnreadableReport."""
    from openpyxl import load_workbook

    content = _transitional(content, Package(content))  # It refuses bombs, which openpyxl unpacks.
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        # A program that writes formulas need not have calculated them: they tell what is missing.
        formulas = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise UnreadableReport(f"damaged, or no workbook: {error}") from None
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        yield from unique(
            found
            for sheet in sheets
            for found in _rows(sheet, formulas[sheet.title], reading, many=len(sheets) > 1)
        )
    finally:
        book.close()
        formulas.close()


def _rows(sheet: Any, formulas: Any, reading: Reading, *, many: bool) -> Iterator[Found]:
    sheet.reset_dimensions()  # Some programs write the wrong ones.
    formulas.reset_dimensions()
    rows = (
        (number, said)
        for number, said in enumerate(
            (
                [_shown(*pair) for pair in zip(*both, strict=False)]
                for both in zip(sheet.iter_rows(), formulas.iter_rows(), strict=False)
            ),
            start=1,
        )
        if any(cell.strip() for cell in said)
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


def _transitional(content: bytes, package: Package) -> bytes:
    """A workbook in the names of Excel's usual format; Strict ones have others (ISO 29500)."""
    main = "xl/workbook.xml"
    if main not in package.names() or _STRICT not in package.read(main):
        return content
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(package.names()):
            member = package.read(name)
            if name.endswith((".xml", ".rels")):
                for strict, usual in _USUAL:
                    member = member.replace(strict, usual)
            out.writestr(name, member)
    return packed.getvalue()


def _shown(cell: Any, formula: Any) -> str:
    """A cell as its sheet shows it, where that is a share or an amount of money."""
    if cell.value is None and isinstance(formula.value, str) and formula.value.startswith("="):
        return _NOT_CALCULATED
    value, form = cell.value, str(getattr(cell, "number_format", "") or "").partition(";")[0]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _say(value)
    decimals = len(found[1]) if (found := re.search(r"\.([0#?]+)", form)) else 0
    if form.rstrip().endswith("%"):
        return f"{value * 100:.{decimals}f}%"
    if money := _MONEY.search(form):
        sign = next(filter(None, money.groups()))
        amount = f"{abs(value):{',' if ',' in form else ''}.{decimals}f}"
        minus = "-" if value < 0 else ""
        first = money.start() < min(form.find("0") % (len(form) + 1), len(form))
        return f"{minus}{sign}{amount}" if first else f"{minus}{amount} {sign}"
    return _say(value)


def _say(value: object) -> str:
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return say(value)
