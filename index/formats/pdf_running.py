"""Leave out what stands on page after page: running heads and feet, and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index.formats.pdf_words import Line

_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")
_PAGE_NUMBER = re.compile(
    r"(?i)\W*(?:page|p\.|seite)?\s*(?:\d{1,5}|[ivxlc]{1,7})(?:\s*(?:/|of|von|-)\s*\d{1,5})?\W*"
)
_EDGE = 3
"""Lines from the top or the bottom that may be running ones."""

Pages = Sequence[tuple[Sequence[Line], float]]
"""The lines of each page, and its height."""


def drop_running(pages: Pages) -> list[list[Line]]:
    """The lines of each page without those that run through the document."""
    edges = [_edges(lines) for lines, _ in pages]
    counts = Counter(
        key
        for (_, height), lines in zip(pages, edges, strict=True)
        for key in {_key(line, height) for line in lines}
    )
    often = 2 if len(pages) <= 3 else 3
    kept = []
    for (lines, height), edge in zip(pages, edges, strict=True):
        running = {id(line) for line in edge if counts[_key(line, height)] >= often}
        outer = [line for line in edge if id(line) not in running]
        running |= {id(line) for line in outer if _is_page_number(line, height)}
        kept.append([line for line in lines if id(line) not in running])
    return kept


def _edges(lines: Sequence[Line]) -> list[Line]:
    by_height = sorted(lines, key=lambda line: line.bottom)
    return by_height if len(lines) <= 2 * _EDGE else by_height[:_EDGE] + by_height[-_EDGE:]


def _key(line: Line, height: float) -> tuple[str, int]:
    """What a running line has in common with itself on other pages: its words, and its height."""
    return _DIGITS.sub("#", line.text.lower()), round(line.bottom / max(height, 1) * 50)


def _is_page_number(line: Line, height: float) -> bool:
    outside = line.top < 0.12 * height or line.bottom > 0.88 * height
    return outside and _PAGE_NUMBER.fullmatch(line.text) is not None
