"""Read the words of a PDF page, with their boxes, and put together those that stand in one line."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
HYPHEN = "\x02"
"""What PDFium makes of a hyphen at a line's end."""

_SPACE = re.compile(r"[\s\x00-\x01\x03-\x1f]")
_APART = 1.8
"""White space between two words, in heights of a word, from which on they are of two lines."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands on a page; up is positive."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand beside each other, near enough to be read as one line."""

    words: tuple[Word, ...]
    left: float
    bottom: float
    right: float
    top: float
    size: float

    @property
    def text(self) -> str:
        """The words with a space between them."""
        return " ".join(word.text for word in self.words)


def make_line(words: Sequence[Word]) -> Line:
    """The line of these words; its size is that of most of its characters."""
    sizes: dict[float, int] = {}
    for word in words:
        size = round(word.size * 2) / 2
        sizes[size] = sizes.get(size, 0) + len(word.text)
    return Line(
        tuple(words),
        min(word.left for word in words),
        min(word.bottom for word in words),
        max(word.right for word in words),
        max(word.top for word in words),
        max(sizes, key=lambda size: (sizes[size], size)),
    )


def read_lines(text_page: Any) -> list[Line]:
    """The lines of a page, in the order in which its program draws them."""
    lines: list[Line] = []
    current: list[Word] = []
    for word in _words(text_page):
        if current and not _goes_on(current[-1], word):
            lines.append(make_line(current))
            current = []
        current.append(word)
    if current:
        lines.append(make_line(current))
    return lines


def _goes_on(before: Word, word: Word) -> bool:
    """Whether a word stands to the right of the one before, in its line and not far off."""
    height = max(before.top - before.bottom, word.top - word.bottom, before.size * 0.7)
    shared = min(before.top, word.top) - max(before.bottom, word.bottom)
    lower = min(before.top - before.bottom, word.top - word.bottom)
    gap = word.left - before.right
    return shared > 0.3 * lower and -0.5 * height < gap < _APART * height


def _words(text_page: Any) -> Iterator[Word]:
    import pypdfium2.raw as pdfium

    raw = text_page.raw
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    refs = [ctypes.byref(side) for side in (left, right, bottom, top)]
    letters: list[str] = []
    box = [0.0, 0.0, 0.0, 0.0]
    size = 0.0
    for number in range(pdfium.FPDFText_CountChars(raw)):
        code = pdfium.FPDFText_GetUnicode(raw, number)
        letter = chr(code) if code < 0xD800 or 0xE000 <= code < 0x110000 else ""
        if not letter or _SPACE.match(letter):
            if letters:
                yield _word(letters, box, size)
                letters = []
            continue
        if letter in "\xad\ufffe":
            letter = HYPHEN
        elif unicodedata.category(letter) in ("Cc", "Cf", "Cn") and letter != HYPHEN:
            continue
        pdfium.FPDFText_GetCharBox(raw, number, *refs)
        place = (left.value, bottom.value, right.value, top.value)
        if letters and _jumps(box, place):
            yield _word(letters, box, size)
            letters = []
        if letters:
            box = [
                min(box[0], place[0]),
                min(box[1], place[1]),
                max(box[2], place[2]),
                max(box[3], place[3]),
            ]
        else:
            box = list(place)
            size = pdfium.FPDFText_GetFontSize(raw, number)
            # Some programs scale a font of one point: the box tells then.
            if not 2 < size < 200:
                size = max(place[3] - place[1], 1.0)
        letters.append(_LIGATURES.get(letter, letter))
    if letters:
        yield _word(letters, box, size)


def _jumps(box: Sequence[float], place: Sequence[float]) -> bool:
    """Whether a character stands in another line than the word it comes after."""
    return place[3] < box[1] - 1 or place[1] > box[3] + 1 or place[0] < box[0] - 1


def _word(letters: Sequence[str], box: Sequence[float], size: float) -> Word:
    return Word("".join(letters), box[0], box[1], box[2], box[3], size)
