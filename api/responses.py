"""Error responses: how each error becomes one, and what the OpenAPI page says of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.errors import InvalidJson, RequestTooLarge
from api.problems import HANDLED, PROBLEMS, error_body, internal_error
from api.schemas import ErrorBody

log = logging.getLogger("dateline")

_WHEN = {
    400: "The body is not JSON, or not the form that it should be.",
    401: "The server asks for a key that the request does not have.",
    403: "A page of another site asks.",
    404: "There is no such document, original, collection, conversation, job or model.",
    409: "Another collection has the name.",
    413: "The body is too large.",
    422: "A value is missing or not allowed; `param` names it.",
    503: "The models are still loading: try again in a few seconds.",
}

_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}

_NO_OBJECT = "no JSON object: send one, with the content type application/json"

_REASONS = {
    "extra_forbidden": "not a field that is known here",
    "model_attributes_type": _NO_OBJECT,
    "model_type": _NO_OBJECT,
}
"""Where pydantic's own words would not tell how to mend it."""


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI page says of these errors."""
    return {status: {"model": ErrorBody, "description": _WHEN[status]} for status in statuses}


def install(app: FastAPI) -> None:
    """Make every error of the app's have the one shape."""
    for kind in HANDLED:
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unknown)


def invalid_reason(error: Mapping[str, Any]) -> str:
    """What is wrong with a value, from one of the errors that pydantic lists."""
    reason: str = _REASONS.get(error["type"]) or error["msg"]
    return reason.removeprefix("Value error, ")


def known_error(error: Exception) -> JSONResponse:
    """The response to an error that PROBLEMS lists."""
    problem = PROBLEMS[type(error)]
    return JSONResponse(
        error_body(str(error), problem.type, problem.code, problem.param),
        problem.status,
        headers=_HEADERS.get(problem.status),
    )


async def _known(_request: Request, error: Exception) -> JSONResponse:
    return known_error(error)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        reason = first.get("ctx", {}).get("error", "it cannot be read")
        return known_error(InvalidJson(f"{reason} (at {first['loc'][-1]})"))
    param = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    message = f"{param}: {invalid_reason(first)}"
    return JSONResponse(error_body(message, "invalid_request_error", "invalid_value", param), 422)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    if isinstance(error.__cause__, RequestTooLarge):
        # Raised while FastAPI read the body, which makes a 400 of whatever happens then.
        return known_error(error.__cause__)
    if isinstance(error.__cause__, RecursionError | ValueError):
        # What the json module raises for bytes that are no text, and for nesting or numbers it
        # cannot take; FastAPI tells none of these from a fault of another kind.
        deep = isinstance(error.__cause__, RecursionError)
        return known_error(InvalidJson("nested too deeply" if deep else "it cannot be read"))
    kind = "not_found_error" if error.status_code == 404 else "invalid_request_error"
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
    return JSONResponse(
        error_body(str(error.detail), kind, code), error.status_code, headers=error.headers
    )


async def _unknown(_request: Request, error: Exception) -> JSONResponse:
    log.error("internal error", exc_info=error)
    return JSONResponse(internal_error(), 500)
