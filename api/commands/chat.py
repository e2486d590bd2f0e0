"""The command `dateline chat`."""

from __future__ import annotations

import argparse
import io
import sys
from typing import TYPE_CHECKING

from api.commands.options import add_limits, limits

if TYPE_CHECKING:
    from api.commands.options import Commands
    from api.settings import Settings


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
    from api.chat import Chat
    from api.lines import read_lines
    from api.open import open_pipeline

    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    if isinstance(sys.stdin, io.TextIOWrapper):
        # Bytes that are no text spoil one question, not the session.
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    with open_pipeline(settings, for_conversations=True) as pipeline:
        chat = Chat(pipeline, limits(options), interactive=interactive)
        chat.check_limit()
        chat.run(read_lines(settings.home / "chat_history", interactive=interactive))
    return 0
