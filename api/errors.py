"""What can go wrong at the surface, and how every error of Dateline's shows there.

ApiError
├── NotReady                the service is still loading, or its index is behind
├── RequestTooLarge         a request body over the limit
├── InvalidJson             a request body that is not JSON
├── InvalidForm             the request's body is no multipart/form-data
├── TooManyFiles            an upload has more files than one may have
├── ForeignOrigin           a page of another site asks
├── UnknownHost             asked under a name that is not this server's
├── HistoryTwice            both a stored conversation and messages to go by
├── FileUnusable            a file named to a command cannot be read or written
├── OutputsClash            a command was told to write a file twice, or over what it reads
└── RepeatedId              two examples of an evaluation file have the same id
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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


class ApiError(Exception):
    """Base of all errors raised in `api`; the message is meant for the user."""


class NotReady(ApiError):
    """The service cannot answer yet."""


class RequestTooLarge(ApiError):
    """The request's body is larger than the setting allows."""

    def __init__(self, most: int) -> None:
        super().__init__(f"the request has more than the {most:,} bytes allowed: send less at once")


class InvalidJson(ApiError):
    """The request's body is not JSON."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the body is not JSON: {reason}")


class InvalidForm(ApiError):
    """The request's body is not multipart/form-data."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the body is not multipart/form-data: {reason}")


class TooManyFiles(ApiError):
    """An upload has more files than one may have."""

    def __init__(self, most: int) -> None:
        super().__init__(f"more than the {most:,} files allowed in one upload: send less at once")


class ForeignOrigin(ApiError):
    """A page of another site asks, with whatever the reader's browser lets it."""

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"pages of {origin!r} may not ask here: if they may, name it in "
            "DATELINE_ALLOWED_ORIGINS"
        )


class UnknownHost(ApiError):
    """The name that the server was asked under is not one of its own."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"this server is not known as {host!r}: if that is a name of its own, such as a "
            "proxy's, name its origin in DATELINE_ALLOWED_ORIGINS"
        )


class HistoryTwice(ApiError):
    """A question cannot carry on two conversations."""

    def __init__(self) -> None:
        super().__init__(
            "messages and conversation_id are both given: send messages to go by what they say, or "
            "conversation_id to go by what is kept and keep this too"
        )


class FileUnusable(ApiError):
    """A file that was named cannot be read or written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class OutputsClash(ApiError):
    """A file that is to be written is named more than once."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is named more than once: name another file to write")


class RepeatedId(ApiError):
    """Predictions would not say which of the examples they are for."""

    def __init__(self, path: Path, example_id: str, times: int) -> None:
        super().__init__(
            f"{path}: {times} examples have the id {example_id!r}: give each its own, or leave "
            "--predictions out"
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
    RequestTooLarge: Problem(413, 1, _INVALID, "request_too_large"),
    InvalidJson: Problem(400, 2, _INVALID, "invalid_json"),
    InvalidForm: Problem(400, 2, _INVALID, "invalid_form"),
    TooManyFiles: Problem(422, 1, _INVALID, "too_many_files", "files"),
    ForeignOrigin: Problem(403, 1, "permission_error", "foreign_origin"),
    UnknownHost: Problem(421, 1, _INVALID, "unknown_host"),
    HistoryTwice: Problem(422, 2, _INVALID, "history_twice", "messages"),
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
