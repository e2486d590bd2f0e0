"""The service listening on loopback, on the fakes, and the official client."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from operator import methodcaller
from typing import Any, TypeVar

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

Result = TypeVar("Result")

REVISIONS = {"2026-07-28": "auto", "2025-11-25": "legacy"}
"""The newest stateless revision and the newest with sessions, and how the client comes by them."""


@contextlib.contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """Serve the app on a free port of loopback; its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            deadline = time.monotonic() + 20
            while not server.started:
                assert thread.is_alive()
                assert time.monotonic() < deadline
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)
    assert not thread.is_alive()


def using(address: str, mode: str, work: Callable[[Client], Awaitable[Result]]) -> Result:
    """What `work` makes of a client that is connected to the service, MCPError included."""

    async def connected() -> Result | MCPError:
        # Certificates, which loopback has no use for, would take longer to read than most tests.
        async with (
            httpx2.AsyncClient(verify=False, trust_env=False) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode) as client,
        ):
            try:
                return await work(client)
            except MCPError as error:  # the client would bury it in a group
                return error

    made = asyncio.run(connected())
    if isinstance(made, MCPError):
        raise made
    return made


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with listening(app) as address:
        yield address


@pytest.fixture(params=REVISIONS)
def revision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def caller(address: str, revision: str) -> Callable[..., Any]:
    """Call a tool with the official client."""

    def call(name: str, **arguments: Any) -> Any:
        return using(address, REVISIONS[revision], methodcaller("call_tool", name, arguments))

    return call


@pytest.fixture
def call(address: str, revision: str) -> Callable[..., Any]:
    """Call a tool, in either revision."""
    return caller(address, revision)


@pytest.fixture
def call_newest(address: str) -> Callable[..., Any]:
    """Call a tool in the newest revision: for what a revision makes no difference to."""
    return caller(address, next(iter(REVISIONS)))
