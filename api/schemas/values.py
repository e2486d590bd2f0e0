"""Values that the command line and HTTP check alike. Imports nothing heavy: `--help` loads it."""

from __future__ import annotations

import contextlib
import datetime


def read_day(value: object) -> datetime.date:
    """A day written as 2022-01-05, and no other way. Raises ValueError."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            found = datetime.date.fromisoformat(value)
            # Written back: the ISO parser takes 20220105 and 2022-W01-3 too.
            if found.isoformat() == value:
                return found
    raise ValueError(f"{value!r} is no day: write it as 2022-01-05")


MAX_TITLE = 500
"""Characters in a report's title."""


def one_line(value: str) -> str:
    """The text on one line, without white space at its ends. Raises ValueError if none is left."""
    value = " ".join(value.split())
    if not value:
        raise ValueError("nothing to read in it: give it a few words")
    return value
