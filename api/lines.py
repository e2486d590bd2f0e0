"""Read lines that a person types, or that come through a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROMPT = "> "
HISTORY_LINES = 1000


def read_lines(history: Path, *, interactive: bool) -> Iterator[str]:
    """The lines, to the end of the input.

    Someone at a terminal gets a prompt, line editing and the lines typed in earlier sessions; an
    interrupt gives up the line begun. What comes through a pipe comes as it is.
    """
    if not interactive:
        yield from sys.stdin
        return
    try:
        # Once it is imported, input() edits lines with it.
        import readline
    except ImportError:  # no such library on Windows
        yield from _typed()
        return
    with suppress(OSError):  # none yet, or it may not be read
        readline.read_history_file(history)
    readline.set_history_length(HISTORY_LINES)
    try:
        yield from _typed()
    finally:
        with suppress(OSError):
            # Questions are nobody else's business.
            history.touch(mode=0o600)
            readline.write_history_file(history)


def _typed() -> Iterator[str]:
    while True:
        try:
            yield input(PROMPT)
        except KeyboardInterrupt:
            print()  # noqa: T201
        except EOFError:
            print()  # noqa: T201
            return
