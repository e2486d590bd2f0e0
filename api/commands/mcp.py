"""The command `dateline mcp`."""

from __future__ import annotations

import argparse
import asyncio
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.commands.options import Commands
    from api.settings import Settings


def add(commands: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "mcp",
        parents=[home],
        help="answer an MCP client over standard input and output",
        description="Answer a client of the Model Context Protocol, such as Claude Desktop or an "
        "editor, over standard input and output: it starts this command itself. Tools: ask, search "
        "and fetch; reports are resources. The models load while it connects. Over HTTP the same "
        "is served at /mcp by `dateline serve`.",
    )
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Answer until the input ends."""
    from api.mcp.stdio import serve_stdio
    from api.open import open_database

    # A folder that cannot be used is told at once, not at the first question.
    open_database(settings).close()
    # Python would wait for the line that is being read. Nothing here needs to be put away first.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(serve_stdio(settings))
    return 0
