"""The protocol over streamable HTTP, at `/mcp`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.mcp.server import Context, create_server
from api.places import http_urls
from api.schemas import Url
from api.service import Service


class McpEndpoint:
    """ASGI app. It answers while the context of `running` is open."""

    def __init__(self, service: Service) -> None:
        self._server = create_server(service, _urls)
        # What comes in is already limited; whose pages may ask is checked before.
        self._most = service.settings.max_request_bytes
        self._sessions: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the sessions of clients that have them; all end with it."""
        # Answers come as JSON, not as a stream of one event: nothing is told on the way to them.
        sessions = StreamableHTTPSessionManager(
            self._server, json_response=True, max_request_body_size=self._most
        )
        async with sessions.run():
            self._sessions = sessions
            try:
                yield
            finally:
                self._sessions = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        assert self._sessions is not None  # noqa: S101 - the app's lifespan opens it
        await self._sessions.handle_request(scope, receive, send)


def _urls(context: Context) -> Url:
    assert isinstance(context.request, Request)  # noqa: S101 - the transport hands it on
    return http_urls(context.request)
