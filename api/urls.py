"""Addresses of places in reports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request

from api.schemas.asking import Url


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


_REPORTS = "dateline://documents/"
_PLACE = re.compile(r"(?P<document>[^#]+)#char=(?P<start>\d{1,9}),(?P<end>\d{1,9})")

TEMPLATE = _REPORTS + "{document_id}"
"""What the URIs of all reports look like (RFC 6570)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A range of a report's text; the range is None where the whole report is meant."""

    document_id: str
    range: tuple[int, int] | None = None

    def __str__(self) -> str:
        """As clients get it and give it back."""
        if self.range is None:
            return self.document_id
        return f"{self.document_id}#{fragment(*self.range)}"


def read_place(name: str) -> Place:
    """The place that `str` wrote; whatever else it may be is taken for a document's id."""
    found = _PLACE.fullmatch(name)
    if found is None:
        return Place(name)
    return Place(found["document"], (int(found["start"]), int(found["end"])))


def report_uri(document_id: str) -> str:
    """The URI of a report among the resources."""
    return f"{_REPORTS}{document_id}"


def read_uri(uri: str) -> str:
    """The document's id in a URI, whatever place in it is named; "" if it is not of a report."""
    whole = uri.partition("#")[0]
    return whole.removeprefix(_REPORTS) if whole.startswith(_REPORTS) else ""


def local_url(document_id: str, source: str, start: int, end: int) -> str:
    """The file that the report is from, or the address; its resource's URI if it has neither."""
    if Path(source).is_absolute() or "://" in source:
        return file_url(document_id, source, start, end)
    return f"{report_uri(document_id)}#{fragment(start, end)}"
