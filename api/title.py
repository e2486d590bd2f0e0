"""Read a title, in a request or on the command line."""

from __future__ import annotations

MAX_TITLE = 500
"""Characters in a report's title."""


def one_line(value: str) -> str:
    """The text on one line, without white space at its ends. Raises ValueError if none is left."""
    value = " ".join(value.split())
    if not value:
        raise ValueError("nothing to read in it: give it a few words")
    return value
