"""The protocol over streamable HTTP, at `/mcp`."""

from __future__ import annotations

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.requests import Request

from api.mcp.server import Context, create_server
from api.places import http_urls
from api.schemas import Url
from api.service import Service


def create_sessions(service: Service) -> StreamableHTTPSessionManager:
    """What answers, while the context of its `run` is open: once.

    Whose pages may ask is not checked here. Answers come as JSON, not as a stream of one event:
    nothing is told on the way to them.
    """
    return StreamableHTTPSessionManager(
        create_server(service, _urls),
        json_response=True,
        max_request_body_size=service.settings.max_request_bytes,
    )


def _urls(context: Context) -> Url:
    assert isinstance(context.request, Request)  # noqa: S101 - the transport hands it on
    return http_urls(context.request)
