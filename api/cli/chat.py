"""The command `dateline chat`."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.options import add_limits, limits

if TYPE_CHECKING:
    from api.cli.options import Commands
    from api.settings import Settings


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


def add(commands: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "chat",
        parents=[home],
        help="ask the reports one question after another",
        description="Ask the reports one question after another: each may refer to what was asked "
        "and answered before. Who said that? When was that? Show me the source. Anything else? Are "
        "you sure? are about the last answer. /new begins anew, /sources lists the sources of the "
        "last answer, /open N prints the passage of source N, /help lists these, /quit ends.",
        epilog="The conversation is kept nowhere; the lines typed are, for the arrow keys, in "
        "chat_history in the home. Through a pipe: a question a line comes in, its answer goes out "
        "at once.",
    )
    add_limits(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Converse until the end of the input."""
    from api.cli.session import Chat
    from api.pipeline import open_pipeline

    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    if isinstance(sys.stdin, io.TextIOWrapper):
        # Bytes that are no text spoil one question, not the session.
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    with open_pipeline(settings, for_conversations=True) as pipeline:
        chat = Chat(pipeline, limits(options), interactive=interactive)
        chat.check_limit()
        chat.run(read_lines(settings.home / "chat_history", interactive=interactive))
    return 0
