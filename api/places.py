"""Addresses of places in reports."""

from __future__ import annotations

from pathlib import Path

from fastapi import Request

from api.schemas import Url


def fragment(start: int, end: int) -> str:
    """A range of characters as RFC 5147 writes it: positions between characters, from 0."""
    return f"char={start},{end}"


def http_urls(request: Request) -> Url:
    """Addresses on the server that the request came to: its page opens the report at the place."""
    base = str(request.base_url).rstrip("/")

    def url(document_id: str, _source: str, start: int, end: int) -> str:
        return f"{base}/documents/{document_id}#{fragment(start, end)}"

    return url


def file_url(_document_id: str, source: str, start: int, end: int) -> str:
    """The file itself, where there is no server; the source as it is if it is no file's path."""
    path = Path(source)
    address = path.as_uri() if path.is_absolute() else source
    return f"{address}#{fragment(start, end)}"
