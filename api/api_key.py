"""Let in only those who have the key, where the settings have one."""

from __future__ import annotations

import hmac

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import WrongKey
from api.responses import known_error

GUARDED = ("/v1/", "/mcp")
"""Where reports, and what was asked of them, can be read or changed."""


class RequireKey:
    """ASGI middleware: 401 without `Authorization: Bearer KEY`, for everything under `GUARDED`."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self._app = app
        self._key = key.encode("utf-8")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] == "http" and scope["path"].startswith(GUARDED):
            scheme, _, given = Headers(scope=scope).get("authorization", "").partition(" ")
            # Compared in the same time wherever they differ.
            same = hmac.compare_digest(given.strip().encode("latin-1"), self._key)
            if scheme.lower() != "bearer" or not same:
                await known_error(WrongKey(missing=not given))(scope, receive, send)
                return
        await self._app(scope, receive, send)
