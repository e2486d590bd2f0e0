"""The command `dateline serve`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.cli.options import Commands
    from api.settings import Settings
if TYPE_CHECKING:
    from api.cli.options import Commands
    from api.settings import Settings


def add(commands: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "serve",
        parents=[home],
        help="answer over HTTP",
        description="Answer over HTTP. /docs describes the routes; /readyz tells when the models "
        "are loaded; /mcp answers clients of the Model Context Protocol.",
    )
    parser.add_argument(
        "--host", help="address to listen on (default: 127.0.0.1, this machine only)"
    )
    parser.add_argument(
        "--port", type=int, help="port to listen on; 0 takes a free one (default: 8000)"
    )
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Serve until interrupted; 1 if the service cannot start."""
    import uvicorn

    from api.app import create_app
    from api.middleware import is_here
    from api.pipeline import open_database

    # A folder that cannot be used is told at once, not after the models are loaded.
    open_database(settings).close()
    failures: list[Exception] = []

    def fail(error: Exception) -> None:
        failures.append(error)
        server.should_exit = True

    app = create_app(settings, on_failure=fail, is_ending=lambda: server.should_exit)
    server = uvicorn.Server(
        uvicorn.Config(app, host=settings.host, port=settings.port, log_level="warning")
    )
    try:
        listening = listen(settings.host, settings.port)
    except OSError as error:
        print(  # noqa: T201
            f"dateline: cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
            "Name another port with --port",
            file=sys.stderr,
        )
        return 1
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    print(f"Dateline listens on http://{shown}:{port}", file=sys.stderr)  # noqa: T201
    if settings.api_key is None and not is_here(host):
        print(  # noqa: T201
            "dateline: whoever reaches this machine can read and delete all reports: set "
            "DATELINE_API_KEY, or listen on 127.0.0.1",
            file=sys.stderr,
        )
    server.run(sockets=[listening])
    if failures:
        raise failures[0]
    return 0


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; what it accepts sends at once. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family)
    # The connections inherit it. asyncio sets it itself, but only on sockets that name their
    # protocol, which these do not: headers would wait 40 ms for the body to follow.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def add_mcp(commands: Commands, home: argparse.ArgumentParser) -> None:
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
    parser.set_defaults(run=run_mcp)


def run_mcp(_options: argparse.Namespace, settings: Settings) -> int:
    """Answer until the input ends."""
    from api.mcp.server import serve_stdio
    from api.pipeline import open_database

    # A folder that cannot be used is told at once, not at the first question.
    open_database(settings).close()
    # Python would wait for the line that is being read. Nothing here needs to be put away first.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(serve_stdio(settings))
    return 0
