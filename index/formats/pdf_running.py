"""Leave out what stands on page after page: running heads and feet, and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index.formats.pdf_words import Line

_DIGITS = re.compile(r"[0-9]{1,5}")
_PAGE_NUMBER = re.compile(
    r"(?i)\W*(?:page|p\.|seite)?\s*(?:\d{1,5}|[ivxlc]{1,7})(?:\s*(?:/|of|von|-)\s*\d{1,5})?\W*"
)
_EDGE = 3
"""Lines from the top or the bottom that may be running ones."""

_Key = tuple[str, int]
Pages = Sequence[tuple[Sequence[Line], float]]
"""The lines of each page, and its height."""


def drop_running(pages: Pages) -> list[list[Line]]:
    """The lines of each page without those that run through the document."""
    edges = [_edges(lines) for lines, _ in pages]
    keys: dict[int, set[_Key]] = {}
    for number, ((_, height), lines) in enumerate(zip(pages, edges, strict=True)):
        keys |= {id(line): _keys(line, number, height) for line in lines}
    counts = Counter(
        key for lines in edges for key in set[_Key]().union(*(keys[id(line)] for line in lines))
    )
    often = 2 if len(pages) <= 3 else 3
    kept: list[list[Line]] = []
    for (every, height), edge in zip(pages, edges, strict=True):
        running = {
            id(line)
            for line in edge
            if _is_page_number(line, height) or any(counts[key] >= often for key in keys[id(line)])
        }
        kept.append([line for line in every if id(line) not in running])
    return kept


def _edges(lines: Sequence[Line]) -> list[Line]:
    by_height = sorted(lines, key=lambda line: line.bottom)
    return by_height if len(lines) <= 2 * _EDGE else by_height[:_EDGE] + by_height[-_EDGE:]


def _keys(line: Line, page: int, height: float) -> set[_Key]:
    """What a running line has in common with itself on other pages: its height, and its words.

    Its first or last number may be that of the page, and then grows with it.
    """
    text = line.text.lower()
    at = round(line.bottom / max(height, 1) * 50)
    numbers = list(_DIGITS.finditer(text))
    counted = {
        text[: found.start()] + f"#{int(found[0]) - page}" + text[found.end() :]
        for found in (numbers[:1] + numbers[-1:])
    }
    return {(each, at) for each in {text, *counted}}


def _is_page_number(line: Line, height: float) -> bool:
    outside = line.top < 0.12 * height or line.bottom > 0.88 * height
    return outside and _PAGE_NUMBER.fullmatch(line.text) is not None
