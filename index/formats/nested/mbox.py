"""Read mailboxes (mbox): a message a document, and its attachments."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from index.errors import UnreadableReport
from index.formats.nested.members import read_member
from index.formats.tables.records import unique
from index.formats.types import Found, Reading

_FROM = re.compile(rb"^From [^\n]*(?:\d:\d\d|\d{4})[^\n]*\n(?=[!-9;-~]+:)", re.M)
"""A sender and a moment, and a header below; a sentence may begin with From as well."""
_QUOTED = re.compile(rb"^>(>*From )", re.M)
_ID = re.compile(rb"^message-id:\s*<?([^\s<>]+)", re.M | re.I)


def read(content: bytes, reading: Reading) -> Iterator[Found]:
    """The messages, in order. Raises UnreadableReport if there is none."""
    starts = list(_FROM.finditer(content))
    if not starts:
        raise UnreadableReport("damaged, or no mailbox: no line in it begins a message")
    yield from unique(_messages(content, starts, reading))


def _messages(content: bytes, starts: list[re.Match[bytes]], reading: Reading) -> Iterator[Found]:
    ends = [start.start() for start in starts[1:]] + [len(content)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1):
        message = _QUOTED.sub(rb"\1", content[start.end() : end])
        head = re.split(rb"\r?\n\r?\n", message, maxsplit=1)[0]
        known = _ID.search(head)
        member = known[1].decode("ascii", "replace") if known else f"message {number}"
        # A mailbox is no archive: what is attached to its messages is no deeper for it.
        outer = dataclasses.replace(reading, depth=reading.depth - 1)
        yield from read_member(message, "message.eml", member, outer)
