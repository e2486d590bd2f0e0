"""Join the lines of PDF pages into paragraphs: over columns and pages, hyphens undone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.formats.pdf.words import HYPHEN, Line, is_word

_ENDS = re.compile(r"[.!?:;\u2026][\"'\u201d\u2019)\]\d]*\Z")
_ITEM = re.compile(
    r"(?:[\u2022\u2023\u25cf\u25aa\u25e6\u2043\uf0b7*\u2013\u2014-]\s|\(?\d{1,2}[.)]\s|\(?[a-z][.)]\s)"
)
_NOTE = re.compile(r"(?:\[?\d{1,3}\]?|[*\u2020\u2021\u00a7])\W?\s?\S")
_PREFIXES = frozenset({"anti", "co", "de", "pre", "re", "semi"})
_HYPHENS = ("-", HYPHEN, "\u2010", "\u00ad")
_SAME_SIZE = 0.08
_SMALLER = 0.93
HEADING = 1.12
"""A heading's size, in sizes of the body's text and at the least."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A line, its page, and the column that it stands in: its number and its edges."""

    line: Line
    page: int
    column: int
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that are one paragraph; `scale` is their size in sizes of the body's text."""

    lines: tuple[Placed, ...]
    scale: float


def body_size(lines: Iterable[Line]) -> float:
    """The size that most characters have."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 1.0


def place(pages: Sequence[Sequence[Sequence[Line]]]) -> Iterator[Placed]:
    """The lines of pages of columns, in order, each with where it stands."""
    column = 0
    for page, columns in enumerate(pages, start=1):
        for lines in columns:
            column += 1
            left = median(line.left for line in lines)
            right = max(line.right for line in lines)
            for line in lines:
                yield Placed(line, page, column, min(left, line.left), right)


def join_paragraphs(lines: Sequence[Placed], body: float) -> Iterator[Paragraph]:
    """The paragraphs. Notes at a page's foot come after what they would cut in two."""
    leading = _leadings(lines)
    current: list[Placed] = []
    notes: list[Placed] = []
    for placed in lines:
        if _is_note(placed, body) or (notes and _continues_note(notes[-1], placed, body)):
            notes.append(placed)
            continue
        if current and not _goes_on(current[-1], placed, leading, body):
            yield _paragraph(current, body)
            yield from _notes(notes, body)
            current, notes = [], []
        current.append(placed)
    if current:
        yield _paragraph(current, body)
    yield from _notes(notes, body)


def _paragraph(lines: Sequence[Placed], body: float) -> Paragraph:
    return Paragraph(tuple(lines), lines[0].line.size / body)


def _notes(lines: Sequence[Placed], body: float) -> Iterator[Paragraph]:
    current: list[Placed] = []
    for placed in lines:
        if current and _NOTE.match(placed.line.text):
            yield _paragraph(current, body)
            current = []
        current.append(placed)
    if current:
        yield _paragraph(current, body)


def _is_note(placed: Placed, body: float) -> bool:
    line = placed.line
    return line.size < _SMALLER * body and line.bottom < 250 and bool(_NOTE.match(line.text))


def _continues_note(note: Placed, placed: Placed, body: float) -> bool:
    return (
        placed.page == note.page
        and placed.line.size < _SMALLER * body
        and placed.line.top <= note.line.bottom + placed.line.size
    )


def _leadings(lines: Sequence[Placed]) -> dict[float, float]:
    """The distance between two lines of a paragraph, by size: the one most often met."""
    gaps: dict[float, Counter[float]] = {}
    for above, below in pairwise(lines):
        gap = above.line.bottom - below.line.bottom
        if above.column == below.column and above.line.size == below.line.size and gap > 0:
            gaps.setdefault(above.line.size, Counter())[round(gap)] += 1
    return {size: max(found, key=lambda gap: (found[gap], -gap)) for size, found in gaps.items()}


def _goes_on(above: Placed, below: Placed, leading: dict[float, float], body: float) -> bool:
    """Whether the second line belongs to the first one's paragraph."""
    first, second = above.line, below.line
    if abs(first.size - second.size) > _SAME_SIZE * max(first.size, second.size):
        return False
    if _ITEM.match(second.text):
        return False
    ended = _ENDS.search(first.text) is not None
    if above.column != below.column:
        # Over the end of a column only a sentence that is not at its end goes on.
        return not ended and (_is_full(above) or second.text[:1].islower())
    gap = round(first.bottom - second.bottom)
    if second.size >= HEADING * body:
        return 0 <= gap <= 1.5 * second.size
    is_indented = second.left > below.left + 0.8 * second.size
    if gap > 1.3 * leading.get(second.size, first.size * 1.2) + 1 or (ended and is_indented):
        return False
    goes_on = not ended and (ends_hyphenated(first.text) or not second.text[:1].isupper())
    return goes_on or _is_full(above)


def _is_full(placed: Placed) -> bool:
    """Whether a line reaches its column's right edge, or nearly so."""
    width = placed.right - placed.left
    return placed.line.right > placed.right - max(0.18 * width, 2 * placed.line.size)


def ends_hyphenated(text: str) -> bool:
    """Whether a line's last word may go on in the next line."""
    return len(text) > 1 and text[-1] in _HYPHENS and text[-2].isalpha()


def joins_without_hyphen(first: str, second: str, known: Counter[str]) -> bool:
    """Whether the hyphen between two halves of a word is of the line's end only.

    What the document has elsewhere decides: the word whole, or with a hyphen. Else it is none where
    both halves are words and the whole is not (cost-effective), nor before a capital or a figure.
    """
    if not second[:1].islower():
        return False
    head = re.split(r"[^\w-]", first[:-1])[-1].lower()
    tail = (re.match(r"[\w-]*\w", second) or [""])[0].lower()
    if "-" in tail:
        return False  # mother-in-law
    whole, compound = known[head + tail], known[f"{head}-{tail}"]
    if whole or compound:
        return whole > 0
    if head in _PREFIXES and head[-1] == tail[:1]:
        return False  # re-elected, co-operate
    return is_word(head + tail) or not (is_word(head) and is_word(tail))


def count_words(lines: Iterable[Line]) -> Counter[str]:
    """How often each word stands whole in a line, in lower case; compounds with their hyphens."""
    counts: Counter[str] = Counter()
    for line in lines:
        for word in line.words[:-1]:
            counts[word.text.strip(".,;:!?()[]\"'\u201c\u201d\u2018\u2019").lower()] += 1
    return counts
