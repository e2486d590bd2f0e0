"""Compose the text that is stored: paragraphs with a blank line between them, and their places."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.formats.types import Part

MOST_CHARACTERS = 50_000_000
"""Code points in the documents of one file, at the most, all together."""

_GAP = "\n\n"
_UNSHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ud800-\udfff\ufffe\uffff]"
)
_TAKES_POWER = re.compile(
    r"(?:(?<![\d.,])\d{1,2}|[$\u20ac\u00a3]\s?[\d.,]*\d|(?:^|[\d\s/(])[A-Za-z\u00b5]{1,2}|\))\Z"
)
_RAISED = str.maketrans(
    "0123456789-+\u2212",
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b\u207a\u207b",
)
_NUMBER = re.compile(r"[-+\u2212$\u20ac\u00a3]?\s?\d[\d\s.,:/%-]*\s?%?")


class Composer:
    """Text as it grows, with the parts it has so far."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._parts: list[Part] = []
        self._open: dict[str, tuple[str, int]] = {}
        self._path: list[tuple[int, str]] = []

    @property
    def length(self) -> int:
        """The code points so far."""
        return self._length

    def paragraph(self, words: str) -> tuple[int, int] | None:
        """Add a paragraph; line ends in it stay, other white space becomes one space.

        The range it has got, or None where it has no letter or digit and is left out.
        """
        lines = (" ".join(_UNSHOWN.sub("", line).split()) for line in words.splitlines())
        return self.block("\n".join(line for line in lines if line))

    def block(self, text: str) -> tuple[int, int] | None:
        """Add a paragraph as it is."""
        if not any(map(str.isalnum, text)):
            return None
        if self._pieces:
            self._pieces.append(_GAP)
            self._length += len(_GAP)
        start = self._length
        self._pieces.append(text)
        self._length += len(text)
        return start, self._length

    def heading(self, level: int, words: str) -> None:
        """Add a heading: what follows is part of it, up to the next of its level or above."""
        words = " ".join(words.split())
        placed = self.paragraph(words)
        if placed is None:
            return
        self._path = [each for each in self._path if each[0] < level]
        self._path.append((level, words))
        self._begin("heading", " > ".join(each for _, each in self._path), placed[0])

    def begin(self, kind: str, label: str) -> None:
        """What follows is a part of this kind, up to the next of its kind or the end.

        No heading reaches over it.
        """
        start = self._length + (len(_GAP) if self._pieces else 0)
        self._close("heading", self._length)
        self._path = []
        self._begin(kind, label, start)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a table, a paragraph a row: `header: value; header: value`."""
        filled = [cells for row in rows if any(cells := [" ".join(cell.split()) for cell in row])]
        if not filled:
            return
        header = filled[0]
        if len(filled) < 2 or not _is_header(header):
            for row in filled:
                self.paragraph("; ".join(cell for cell in row if cell))
            return
        for row in filled[1:]:
            self.paragraph(say_row(header, row))

    def finish(self) -> tuple[str, tuple[Part, ...]]:
        """The text, and its parts in order."""
        for kind in list(self._open):
            self._close(kind, self._length)
        text = "".join(self._pieces)
        return text, tuple(sorted(self._parts, key=lambda part: (part.start, -part.end)))

    def _begin(self, kind: str, label: str, start: int) -> None:
        self._close(kind, max(0, start - len(_GAP)))
        self._open[kind] = (label, start)

    def _close(self, kind: str, end: int) -> None:
        if kind in self._open:
            label, start = self._open.pop(kind)
            if start < end:
                self._parts.append(Part(kind, label, start, end))


def raise_mark(mark: str, before: str) -> str:
    """Raised characters as they are read after other ones: never as figures of the same number.

    After a number of one or two digits and after a unit they are an exponent, and so is what has a
    sign, and what stands after an amount of money are its cents; after a longer number, a word or
    a stop they are the marks of notes, which are left out.
    """
    plain = mark.strip()
    if not re.fullmatch(r"[-+\u2212]?\d+(?:[.,\s]+\d+)*", plain):
        return mark
    is_power = _TAKES_POWER.search(before)
    if plain[0] in "-+\u2212" or is_power:
        return plain.translate(_RAISED) if not re.search(r"[.,\s]", plain) else f"^{plain}"
    return "" if re.search(r"[\w.,;:!?)\]\"'\u201d\u2019]\Z", before) else mark


def say_row(header: Sequence[str], row: Sequence[str]) -> str:
    """A row of a table as a person would read it out; what is empty is left out."""
    said = []
    for number, cell in enumerate(row):
        if cell:
            name = header[number] if number < len(header) else ""
            said.append(f"{name.rstrip(':')}: {cell}" if name else cell)
    return "; ".join(said)


def _is_header(row: Sequence[str]) -> bool:
    """Whether a first row names columns: several, each once, none of them a figure."""
    names = [cell for cell in row if cell]
    return (
        len(names) >= max(2, len(row) - 1)
        and len(set(names)) == len(names)
        and not any(_NUMBER.fullmatch(name) or len(name) > 60 for name in names)
    )
