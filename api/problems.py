"""How every error of Dateline's shows: over HTTP, and in the exit status of a command."""

from __future__ import annotations

from dataclasses import dataclass

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
from retrieval.errors import (
    BadExample,
    PeriodEmpty,
    QuestionEmpty,
    QuestionTooLong,
    RetrievalError,
)


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
