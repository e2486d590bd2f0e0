"""Read gzip files: what is packed in one."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from index.errors import UnreadableReport
from index.formats.nested.members import MOST_DEPTH
from index.formats.nested.package import MOST_BYTES, check_unpacked
from index.formats.registry import find_format
from index.formats.types import Found, Reading


def read(content: bytes, reading: Reading) -> Iterator[Found]:
    """The documents of the file that is packed. Raises UnreadableReport."""
    if reading.depth >= MOST_DEPTH:
        raise UnreadableReport("too deep in archives: unpack it")
    unpacked = unpack(content)
    name = reading.name[:-3] if reading.name.lower().endswith(".gz") else reading.name
    inner = Reading(name, reading.columns, reading.ocr, reading.depth + 1)
    yield from find_format(unpacked, name).reader()(unpacked, inner)


def unpack(content: bytes) -> bytes:
    """The bytes packed, of all parts that follow each other. Raises UnreadableReport."""
    pieces: list[bytes] = []
    size = 0
    left = content
    try:
        while left.strip(b"\0"):
            stream = zlib.decompressobj(wbits=31)
            piece = stream.decompress(left, MOST_BYTES + 1 - size)
            size += len(piece)
            check_unpacked(size, len(content))
            if not stream.eof:
                raise UnreadableReport("damaged: it is cut off")
            pieces.append(piece)
            left = stream.unused_data
    except zlib.error as error:
        raise UnreadableReport(f"damaged: it cannot be unpacked ({error})") from None
    return b"".join(pieces)
