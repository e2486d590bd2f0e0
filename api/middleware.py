"""Refuse what the pages of other sites ask, even where their name leads to this machine."""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError, ForeignOrigin, RequestTooLarge, UnknownHost, WrongKey
from api.problems import known_error
from api.settings import Settings


class CheckOrigin:
    """ASGI middleware: 403 for a foreign `Origin`, 421 for a `Host` that is not this server.

    Only browsers send `Origin`, and they always do where it matters. Those of this machine, of
    this server and the ones allowed by the settings pass. A server that listens on this machine
    alone has no other names than its own and those: a `Host` with another one is a page's whose
    name was made to lead here (DNS rebinding). One that others reach may have any.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._allowed = settings.allowed_origins
        self._known = {settings.host} | {_name(origin) for origin in self._allowed}
        self._alone = is_here(settings.host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        problem: ApiError | None = None
        if self._alone and not self._knows(_name(f"//{host}")):
            problem = UnknownHost(host)
        for origin in headers.getlist("origin"):
            if not self._lets_in(origin.lower(), host.lower()):
                problem = ForeignOrigin(origin)
        if problem is None:
            await self._app(scope, receive, send)
        else:
            await known_error(problem)(scope, receive, send)

    def _knows(self, name: str) -> bool:
        return name in self._known or is_here(name)

    def _lets_in(self, origin: str, host: str) -> bool:
        name = _name(origin)
        if origin in self._allowed or is_here(name):
            return True
        # A name may have been made to lead here; an address in numbers cannot.
        same = origin.partition("://")[2] == host
        return same and (_is_number(name) or name in self._known)


def refuse_foreign(headers: Headers, settings: Settings) -> None:
    """Raise ForeignOrigin for a form that another site's page sends.

    A browser lets any page send one anywhere, but asks first before it sends JSON.
    """
    for origin in headers.getlist("origin"):
        is_own = origin.lower().partition("://")[2] == headers.get("host", "").lower()
        if not is_own and origin not in settings.allowed_origins and not is_here(_name(origin)):
            raise ForeignOrigin(origin)


def _name(address: str) -> str:
    """The host in an address, in lower case; "" if it has none or is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_here(name: str) -> bool:
    """Whether the name is this machine's alone."""
    return name == "localhost" or (_is_number(name) and ipaddress.ip_address(name).is_loopback)


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


class LimitRequestSize:
    """ASGI middleware: status 413 for a body of more than so many bytes, announced or not."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._most:
            await known_error(RequestTooLarge(self._most))(scope, receive, send)
            return
        read = 0

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise RequestTooLarge(self._most)
            return message

        await self._app(scope, limited, send)
