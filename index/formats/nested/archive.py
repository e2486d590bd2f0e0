"""Read ZIP archives: each member of a known format."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from index.errors import UnreadableReport
from index.formats.nested.members import is_known, read_member
from index.formats.nested.package import Package
from index.formats.registry import known_suffixes
from index.formats.types import Found, Reading, Unreadable

_OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:|(?:.*[/\\])?\.\.(?:[/\\]|\Z)")


def read(content: bytes, reading: Reading) -> Iterator[Found]:
    """The documents of the members, in order of their names. Raises UnreadableReport.

    Nothing is written anywhere; a name that would lead out of a folder is refused all the same.
    """
    package = Package(content)
    is_any_known = False
    for name in sorted({each.filename for each in package.members if not each.is_dir()}):
        if _OUTSIDE.match(name):
            yield Unreadable(_shown(name), "its name leads out of the archive: refused")
            continue
        hidden = any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
        if hidden or not is_known(name):
            continue
        is_any_known = True
        try:
            member = package.read(name)
        except UnreadableReport as error:
            yield Unreadable(name, str(error))
            continue
        yield from read_member(member, posixpath.basename(name), name, reading)
    if not is_any_known:
        raise UnreadableReport(f"no file of a known format in it (known: {known_suffixes()})")


def _shown(name: str) -> str:
    return name.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
