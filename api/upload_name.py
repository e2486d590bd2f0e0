"""What a file's name, as it was sent, is kept as: a harmless source, never a path here."""

from __future__ import annotations

import re
import unicodedata

from index.errors import UnreadableReport
from index.parse import is_unicode

MAX_NAME = 1_000
_DRIVE = re.compile(r"[A-Za-z]:")


def upload_name(sent: bytes) -> str:
    """The name without what would lead out of a folder: `../../x` is `x`, `a/b.txt` stays.

    Raises UnreadableReport for an empty or very long name, control characters and bytes that are
    not UTF-8.
    """
    try:
        name = sent.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableReport("its name is not UTF-8: rename it") from None
    parts = name.replace("\\", "/").split("/")
    kept = [part for part in parts if part.strip() not in ("", ".", "..")]
    if kept and _DRIVE.fullmatch(kept[0]):
        kept = kept[1:]
    if not kept:
        raise UnreadableReport("it has no name: give it one")
    if len(name) > MAX_NAME:
        raise UnreadableReport(f"its name has more than {MAX_NAME:,} characters: rename it")
    if any(unicodedata.category(each) == "Cc" for each in name) or not is_unicode(name):
        raise UnreadableReport("a control character in its name: rename it")
    return "/".join(kept)


def shown_name(sent: bytes) -> str:
    """A name that was refused, as it can be shown."""
    name = sent.decode("utf-8", "backslashreplace")[:100]
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii")
        for each in name
    )
