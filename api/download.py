"""A report's original bytes, as a response that no browser runs or shows as a page."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response

from index.types import Original

_SHOWN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-() ")


def download(original: Original) -> Response:
    """The bytes, as a file to save under the name that they came with."""
    name = original.name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(each if each in _SHOWN else "_" for each in name)
    return Response(
        original.content,
        headers={
            # Its own type would let a page or picture run scripts where a browser opens it.
            "Content-Type": _safe_type(original.media_type),
            # The second name is RFC 5987's, for all that ASCII cannot say.
            "Content-Disposition": (
                f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
            ),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _safe_type(media_type: str) -> str:
    return media_type if media_type in _SAFE else "application/octet-stream"


_SAFE = frozenset({"text/plain", "text/markdown", "text/csv", "application/pdf"})
