"""Pack where words stand on a page into few bytes, and find the boxes of a range of text again."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

_RECORD = struct.Struct("<IHhhhh")
_STEP = 10  # tenths of a point: finer than any screen shows, and a page of 45 inches fits
_MOST = 32_767

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points."""


def pack_words(words: Sequence[tuple[int, int, Box]]) -> bytes:
    """Words with where they start and end in the text, in order, and their boxes."""
    return zlib.compress(
        b"".join(
            _RECORD.pack(start, min(end - start, 0xFFFF), *map(_pack_number, box))
            for start, end, box in words
        )
    )


def find_boxes(packed: bytes, start: int, end: int) -> list[Box]:
    """The boxes of the words that `start` to `end` touches, one for each line they stand in."""
    found: list[Box] = []
    for at, length, *sides in _RECORD.iter_unpack(zlib.decompress(packed)):
        if at < end and start < at + length:
            left, bottom, right, top = (side / _STEP for side in sides)
            if found and _goes_on(found[-1], left, bottom, top):
                last = found[-1]
                found[-1] = (last[0], min(last[1], bottom), right, max(last[3], top))
            else:
                found.append((left, bottom, right, top))
    return found


def _goes_on(last: Box, left: float, bottom: float, top: float) -> bool:
    shared = min(last[3], top) - max(last[1], bottom)
    return shared > 0.3 * min(last[3] - last[1], top - bottom) and left >= last[0]


def _pack_number(points: float) -> int:
    return max(-_MOST, min(_MOST, round(points * _STEP)))
