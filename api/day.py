"""Read a day, in a request or on the command line."""

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
