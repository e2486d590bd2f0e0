"""The page at `/`, and at `/documents/{id}` for a report opened at a place."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parents[1] / "page"

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    # No text of a report can become HTML: the browser refuses innerHTML and its kin.
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Asked for again each time, and answered in a few bytes if it has not changed.
    "Cache-Control": "no-cache",
}

# What the machine's own table says of these may be wrong, and `nosniff` has browsers believe it.
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}

router = APIRouter(include_in_schema=False)


@router.get("/")
@router.get("/documents/{document_id}")
def page() -> FileResponse:
    """The page: its scripts read from the address what to show."""
    return FileResponse(FOLDER / "index.html", media_type="text/html", headers=HEADERS)


class _Files(StaticFiles):
    """The page's own files, with the headers that it has."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(HEADERS)
        kind = _TYPES.get(Path(full_path).suffix)
        if kind is not None:
            response.headers["Content-Type"] = kind
        return response


def install(app: FastAPI) -> None:
    """Serve the page and its files."""
    app.include_router(router)
    app.mount("/page", _Files(directory=FOLDER), name="page")
