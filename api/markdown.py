"""Write report text into Markdown so that it is read as it stands."""

from __future__ import annotations

import re
from urllib.parse import quote

from api.show import safe

_SYNTAX = re.compile(r"[\\`*_{}\[\]<>#|~&$]")
_AT_START = re.compile(r"^(?:[-+=:]|\d+(?=[.)]))")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")

# Noncharacters of Unicode: no text may hold them, so they can stand for the marks until the end.
_OPENING, _CLOSING = "\ufdd0", "\ufdd1"


def escape(text: str) -> str:
    """The text on one line, to be read as it stands: nothing in it is Markdown or HTML."""
    line = " ".join(safe(text).split())
    escaped = _SYNTAX.sub(r"\\\g<0>", line)
    return _AT_START.sub(_shield, escaped)


def unescape(text: str) -> str:
    """The text that `escape` wrote so."""
    return _ESCAPED.sub(r"\1", text)


def escape_marked(text: str, start: int, end: int) -> str:
    """The text as `escape` writes it, with `text[start:end]` in bold."""
    parts = [
        part.replace(_OPENING, " ").replace(_CLOSING, " ")
        for part in (text[:start], text[start:end], text[end:])
    ]
    marked = escape(f"{parts[0]}{_OPENING}{parts[1]}{_CLOSING}{parts[2]}")
    return marked.replace(_OPENING, "**").replace(_CLOSING, "**")


def address(url: str) -> str:
    """The address as it can stand in a link: the host in it is what the client said it is."""
    return quote(url, safe=":/?#[]@,=%")


def _shield(match: re.Match[str]) -> str:
    # A digit cannot be escaped; the mark after it can.
    return f"{match[0]}\\" if match[0][-1].isdigit() else f"\\{match[0]}"
