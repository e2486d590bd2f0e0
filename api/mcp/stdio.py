"""The protocol over standard input and output."""

from __future__ import annotations

import logging

from mcp.server.stdio import stdio_server

from api.mcp.places import local_url
from api.mcp.server import create_server
from api.problems import HANDLED
from api.service import Service
from api.settings import Settings

log = logging.getLogger("dateline")


async def serve_stdio(settings: Settings) -> None:
    """Answer until the input ends. Models load meanwhile; whether they cannot, calls say."""
    service = Service(settings, None, _complain)
    server = create_server(service, lambda _context: local_url)
    async with service.running(), stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def _complain(error: Exception) -> None:
    # What is not known is no message for the user: where it arose is.
    log.error("dateline: %s", error, exc_info=None if isinstance(error, HANDLED) else error)
