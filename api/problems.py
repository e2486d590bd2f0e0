"""How every error of Dateline's shows: over HTTP, and in the exit status of a command."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from api.errors import (
    ApiError,
    DimensionsUnusable,
    FileUnusable,
    ForeignOrigin,
    HistoryTwice,
    InputUnusable,
    InvalidForm,
    InvalidJson,
    NoQuestion,
    NotReady,
    OutputsClash,
    RepeatedId,
    RequestTooLarge,
    TooManyFiles,
    UnknownHost,
    UnknownModel,
    WrongKey,
)
from index.errors import (
    ArchiveUnusable,
    CollectionExists,
    FolderEmpty,
    FolderMissing,
    HomeUnusable,
    IndexingError,
    InvalidCollection,
    KeyReused,
    ModelUnusable,
    OriginalNotKept,
    ReportTooLarge,
    TextTooLong,
    UnknownCollection,
    UnknownConversation,
    UnknownDocument,
    UnknownJob,
    UnreadableReport,
)
from retrieval.errors import BadExample, PeriodEmpty, QuestionEmpty, QuestionTooLong, RetrievalError


@dataclass(frozen=True, slots=True)
class Problem:
    """How an error shows: HTTP status and error object, and the command's exit status."""

    status: int
    exit_code: int
    type: str
    code: str
    param: str | None = None


_INVALID = "invalid_request_error"
_MISSING = "not_found_error"
_SERVER = "server_error"

PROBLEMS: dict[type[Exception], Problem] = {
    IndexingError: Problem(500, 1, _SERVER, "indexing_failed"),
    UnreadableReport: Problem(422, 1, _INVALID, "unreadable_report", "text"),
    ReportTooLarge: Problem(422, 1, _INVALID, "report_too_large", "text"),
    UnknownDocument: Problem(404, 1, _MISSING, "unknown_document", "document_id"),
    OriginalNotKept: Problem(404, 1, _MISSING, "original_not_kept", "document_id"),
    UnknownCollection: Problem(404, 1, _MISSING, "unknown_collection", "collection"),
    InvalidCollection: Problem(422, 2, _INVALID, "invalid_collection", "collection"),
    CollectionExists: Problem(409, 1, _INVALID, "collection_exists", "name"),
    FolderMissing: Problem(422, 1, _INVALID, "folder_missing"),
    FolderEmpty: Problem(422, 1, _INVALID, "folder_empty"),
    ArchiveUnusable: Problem(422, 1, _INVALID, "archive_unusable"),
    UnknownConversation: Problem(404, 1, _MISSING, "unknown_conversation", "conversation_id"),
    UnknownJob: Problem(404, 1, _MISSING, "unknown_job", "job_id"),
    KeyReused: Problem(422, 1, _INVALID, "idempotency_key_reused", "Idempotency-Key"),
    HomeUnusable: Problem(500, 1, _SERVER, "home_unusable"),
    ModelUnusable: Problem(500, 1, _SERVER, "model_unusable"),
    TextTooLong: Problem(500, 1, _SERVER, "text_too_long"),
    RetrievalError: Problem(500, 1, _SERVER, "retrieval_failed"),
    QuestionEmpty: Problem(422, 2, _INVALID, "question_empty", "question"),
    QuestionTooLong: Problem(422, 2, _INVALID, "question_too_long", "question"),
    PeriodEmpty: Problem(422, 2, _INVALID, "period_empty", "since"),
    BadExample: Problem(422, 1, _INVALID, "bad_example"),
    ApiError: Problem(500, 1, _SERVER, "request_failed"),
    NotReady: Problem(503, 1, "not_ready_error", "not_ready"),
    WrongKey: Problem(401, 1, "authentication_error", "invalid_api_key"),
    RequestTooLarge: Problem(413, 1, _INVALID, "request_too_large"),
    InvalidJson: Problem(400, 2, _INVALID, "invalid_json"),
    InvalidForm: Problem(400, 2, _INVALID, "invalid_form"),
    TooManyFiles: Problem(422, 1, _INVALID, "too_many_files", "files"),
    ForeignOrigin: Problem(403, 1, "permission_error", "foreign_origin"),
    UnknownHost: Problem(421, 1, _INVALID, "unknown_host"),
    HistoryTwice: Problem(422, 2, _INVALID, "history_twice", "messages"),
    NoQuestion: Problem(422, 2, _INVALID, "no_question", "messages"),
    UnknownModel: Problem(404, 1, _MISSING, "model_not_found", "model"),
    InputUnusable: Problem(422, 2, _INVALID, "input_unusable", "input"),
    DimensionsUnusable: Problem(422, 2, _INVALID, "dimensions_unusable", "dimensions"),
    FileUnusable: Problem(422, 1, _INVALID, "file_unusable"),
    OutputsClash: Problem(422, 2, _INVALID, "outputs_clash"),
    RepeatedId: Problem(422, 1, _INVALID, "repeated_id"),
}
"""Every error class that has a message for the user; a test misses none."""

HANDLED = (IndexingError, RetrievalError, ApiError)


def error_body(
    message: str, kind: str, code: str, param: str | None = None
) -> dict[str, dict[str, str | None]]:
    """The one shape that every error has over HTTP."""
    return {"error": error_object(message, kind, code, param)}


def error_object(
    message: str, kind: str, code: str, param: str | None = None
) -> dict[str, str | None]:
    """What it holds; a file of a job that failed holds it too."""
    return {"message": message, "type": kind, "param": param, "code": code}


def internal_error() -> dict[str, dict[str, str | None]]:
    """What is told of an error that nobody foresaw: the log has the rest."""
    return error_body("an internal error: the server's log says more", _SERVER, "internal_error")


class ErrorDetail(BaseModel):
    """What is wrong and how to mend it."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorBody(BaseModel):
    """The one shape of every error."""

    error: ErrorDetail


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
