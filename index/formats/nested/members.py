"""Read a file that is in another file: in an archive, or attached to a mail."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import PurePath

from index.errors import UnreadableReport
from index.formats.registry import FORMATS, find_format
from index.formats.types import Extracted, Found, Reading, Unreadable

MOST_DEPTH = 3
"""Files in files in files: deeper is made to harm, or nothing that anybody meant to send."""


def is_known(name: str) -> bool:
    """Whether a file of this name is worth looking at."""
    return PurePath(name).suffix.lower() in FORMATS


def read_member(content: bytes, name: str, member: str, reading: Reading) -> Iterator[Found]:
    """The documents of a file within a file; if it cannot be read, that is told in their stead."""
    if reading.depth >= MOST_DEPTH:
        yield Unreadable(member, "too deep in archives: unpack it")
        return
    inner = Reading(name, reading.columns, reading.ocr, reading.depth + 1)
    try:
        for found in find_format(content, name).reader()(content, inner):
            whole = f"{member}#{found.member}" if found.member else member
            if isinstance(found, Extracted) and not found.member:
                # The same file is the same document, packed or not.
                yield dataclasses.replace(found, member=whole, identity=content)
            else:
                yield dataclasses.replace(found, member=whole)
    except UnreadableReport as error:
        yield Unreadable(member, str(error))
