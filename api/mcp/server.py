"""The protocol's server: revisions 2026-07-28 and, with sessions, 2025-11-25 and before."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import mcp_types as types
from mcp.server import Server
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from pydantic import ValidationError
from starlette.requests import Request

from api.mcp.resources import list_resources, list_templates, read_resource
from api.mcp.tools import PATIENCE_SECONDS, TOOLS, call_tool
from api.problems import HANDLED
from api.schemas.asking import Url
from api.service import Service
from api.settings import Settings
from api.urls import http_urls, local_url

Context = ServerRequestContext[Any, Any]

INSTRUCTIONS = (
    "Dateline answers questions about a pile of reports in the reports' own words; no language "
    "model takes part. For a question of fact call `ask`, one thing at a time, with what was said "
    "before in `messages` if it refers to that. Quote the spans (`answers[].text`) exactly, never "
    "reworded, and cite each: the report's title, its date and its url. Where `answerable` is "
    "false say that the reports do not say; do not answer from elsewhere as if they did. Where "
    "`note` says that reports differ, give all figures with their dates. `search` and `fetch` are "
    "for reading further: quote only what stands in their `text`."
)

log = logging.getLogger("dateline")


def create_server(service: Service, url_of: Callable[[Context], Url]) -> Server[Any]:
    """The server over this service; `url_of` gives what makes addresses in reply to a request."""

    async def tools(_context: Context, _params: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[tool.listed() for tool in TOOLS.values()])

    async def call(context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        return await call_tool(params.name, params.arguments or {}, service, url_of(context))

    async def resources(
        _context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        pipeline = await service.ready(PATIENCE_SECONDS)
        cursor = None if params is None else params.cursor
        return await service.run(list_resources, cursor, pipeline)

    async def templates(_context: Context, _params: object) -> types.ListResourceTemplatesResult:
        return list_templates()

    async def read(
        _context: Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        pipeline = await service.ready(PATIENCE_SECONDS)
        return await service.run(read_resource, params.uri, pipeline)

    server: Server[Any] = Server(
        "dateline",
        title="Dateline",
        version=version("dateline"),
        description="Answers questions about reports in the reports' own words.",
        instructions=INSTRUCTIONS,
        on_list_tools=tools,
        on_call_tool=call,
        on_list_resources=resources,
        on_list_resource_templates=templates,
        on_read_resource=read,
    )
    server.middleware.append(_tell)
    return server


async def _tell(ctx: Context, call_next: CallNext) -> HandlerResult:
    """Tell of errors as over HTTP: those of Dateline's own by their message, others not at all."""
    try:
        return await call_next(ctx)
    except (MCPError, ValidationError):
        raise
    except HANDLED as error:
        raise MCPError(types.INTERNAL_ERROR, str(error)) from error
    except Exception as error:
        log.exception("internal error")
        message = "an internal error: the server's log says more"
        raise MCPError(types.INTERNAL_ERROR, message) from error


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


async def serve_stdio(settings: Settings) -> None:
    """Answer until the input ends. Models load meanwhile; whether they cannot, calls say."""
    service = Service(settings, None, _complain)
    server = create_server(service, lambda _context: local_url)
    async with service.running(), stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def _complain(error: Exception) -> None:
    # What is not known is no message for the user: where it arose is.
    log.error("dateline: %s", error, exc_info=None if isinstance(error, HANDLED) else error)
