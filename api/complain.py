"""Tell on stderr what went wrong with one file among others."""

from __future__ import annotations

import sys


def complain(name: str, reason: str) -> None:
    """A line; bytes of a name that are no text are shown as escapes."""
    shown = name.encode("utf-8", "backslashreplace").decode("utf-8")
    print(f"dateline: {shown}: {reason}", file=sys.stderr)  # noqa: T201
