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
    box = (0.0, 0.0, 0.0, 0.0)
    size = 0.0
    for number in range(pdfium.FPDFText_CountChars(raw)):
        letter = _letter(pdfium.FPDFText_GetUnicode(raw, number))
        if letter is None:
            continue
        pdfium.FPDFText_GetCharBox(raw, number, *refs)
        place = (left.value, bottom.value, right.value, top.value)
        if letters and (letter == "" or _jumps(box, place)):
            yield Word("".join(letters), *box, size)
            letters = []
        if letter == "":
            continue
        if not letters:
            letters, box = [letter], place
            size = _size(pdfium.FPDFText_GetFontSize(raw, number), place)
        elif not (letter.isdecimal() and _is_note_mark(raw, number, letters, size, box, place)):
            letters.append(letter)
            box = (
                min(box[0], place[0]),
                min(box[1], place[1]),
                max(box[2], place[2]),
                max(box[3], place[3]),
            )
    if letters:
        yield Word("".join(letters), *box, size)


def _letter(code: int) -> str | None:
    """A character as it is read: empty for white space, None for one that does not show."""
    letter = chr(code) if code < 0xD800 or 0xE000 <= code < 0x110000 else " "
    if _SPACE.match(letter):
        return ""
    if letter in "\xad\ufffe" + HYPHEN:
        return HYPHEN
    if not letter.isascii() and unicodedata.category(letter) in ("Cc", "Cf", "Cn"):
        return None
    return _LIGATURES.get(letter, letter)


def _size(said: float, place: Sequence[float]) -> float:
    """A font's size; some programs scale a font of one point, and the box tells then."""
    return said if 2 < said < 200 else max(place[3] - place[1], 1.0)


def _is_note_mark(
    raw: Any,
    number: int,
    letters: Sequence[str],
    size: float,
    box: Sequence[float],
    place: Sequence[float],
) -> bool:
    """Whether a digit is small, raised, and after a word or a stop: no exponent stands there."""
    import pypdfium2.raw as pdfium

    word = "".join(letters)
    if not (word[-1] in '.,;:!?)"\u201d\u2019' or (word[-4:].isalpha() and len(word) > 3)):
        return False
    is_small = pdfium.FPDFText_GetFontSize(raw, number) < 0.85 * size
    return is_small and place[1] > box[1] + 0.15 * size


def _jumps(box: Sequence[float], place: Sequence[float]) -> bool:
    """Whether a character stands in another line than the word it comes after."""
    return place[3] < box[1] - 1 or place[1] > box[3] + 1 or place[0] < box[0] - 1
