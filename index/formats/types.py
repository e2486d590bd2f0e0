"""What the formats' readers hand over. It imports nothing heavy."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text that has a name in its file: `text[start:end]`, in code points.

    `kind` is page, slide, row, record or heading; `label` is what a person would call it: a page's
    number, a sheet and its row, the headings that lead to it.
    """

    kind: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """Where the words of a page stand on it, in PDF points from its lower left corner.

    `words` is `index.formats.boxes.pack_words`'s; its offsets count from the text's start.
    """

    page: int
    width: float
    height: float
    start: int
    end: int
    words: bytes


@dataclass(frozen=True, slots=True)
class Extracted:
    """One document of a file, as its reader found it.

    `member` tells it from the others in the file, and is empty where it is the only one. `title`
    and `date` are what the format itself says, and `date_evidence` where it says so; with
    `is_dated_firmly` that stands over what the text says. `identity` are the bytes that make it the
    same document wherever they are; None where that is the file or what was found in it.
    """

    text: str
    media_type: str
    title: str | None = None
    title_evidence: str | None = None
    date: datetime.date | None = None
    date_evidence: str | None = None
    is_dated_firmly: bool = False
    author: str | None = None
    url: str | None = None
    parts: tuple[Part, ...] = ()
    boxes: tuple[PageBoxes, ...] = ()
    member: str = ""
    identity: bytes | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A member of a file that cannot be read though the others can."""

    member: str
    reason: str


Found = Extracted | Unreadable


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file: its name, which columns say what, and how deep in archives it lies.

    `columns` maps text, title, date, id, url and author to the header that the user named for it.
    """

    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    ocr: bool = False
    depth: int = 0


class Reader(Protocol):
    """Turns a file's bytes into its documents. Raises UnreadableReport."""

    def __call__(self, content: bytes, reading: Reading, /) -> Iterator[Found]:
        """What is found, one after another."""
        ...
