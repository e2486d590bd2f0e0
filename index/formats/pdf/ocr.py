"""Read the picture of a page with Tesseract, where that is installed."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from typing import Any

from index.errors import UnreadableReport
from index.formats.pdf.words import Line, Word, make_line

_DOTS = 200
"""Dots an inch: what Tesseract reads well."""
_SURE = 40.0
"""Per cent sure of a word, at the least."""


def read_page(page: Any) -> list[Line]:
    """The lines of a PDF page that is a picture. Raises UnreadableReport without Tesseract."""
    program = shutil.which("tesseract")
    if program is None:
        raise UnreadableReport(
            "a scan, and Tesseract is not installed: install tesseract-ocr, then try again"
        )
    picture = page.render(scale=_DOTS / 72, grayscale=True)
    rows = memoryview(picture.buffer).cast("B")
    dots = b"".join(
        rows[row * picture.stride : row * picture.stride + picture.width]
        for row in range(picture.height)
    )
    done = subprocess.run(  # noqa: S603 - a fixed program; the picture goes in by stdin
        [program, "stdin", "stdout", "--dpi", str(_DOTS), "-l", "eng", "tsv"],
        input=b"P5 %d %d 255\n" % (picture.width, picture.height) + dots,
        capture_output=True,
        check=False,
        env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin"},
    )
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip()[-200:]
        raise UnreadableReport(f"Tesseract cannot read it: {reason}")
    return _lines(done.stdout.decode("utf-8"), page.get_size()[1])


def _lines(table: str, height: float) -> list[Line]:
    lines: dict[tuple[str, ...], list[Word]] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] != "5" or float(row["conf"]) < _SURE or not row["text"].strip():
            continue
        left, top, width, tall = (
            float(row[side]) * 72 / _DOTS for side in ("left", "top", "width", "height")
        )
        key = (row["block_num"], row["par_num"], row["line_num"])
        word = Word(
            row["text"].strip(), left, height - top - tall, left + width, height - top, tall
        )
        lines.setdefault(key, []).append(word)
    return [_even(words) for words in lines.values()]


def _even(words: list[Word]) -> Line:
    """A line whose words have one size: how tall a word is depends on its letters."""
    size = float(round(max(word.top for word in words) - min(word.bottom for word in words)))
    return make_line(
        [Word(word.text, word.left, word.bottom, word.right, word.top, size) for word in words]
    )
