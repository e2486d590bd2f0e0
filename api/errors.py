"""What can go wrong at the surface; `api/problems.py` says how each error shows there.

ApiError
├── NotReady                the service is still loading, or its index is behind
├── WrongKey                the server's key is missing, or another one was given
├── RequestTooLarge         a request body over the limit
├── InvalidJson             a request body that is not JSON
├── InvalidForm             the request's body is no multipart/form-data
├── TooManyFiles            an upload has more files than one may have
├── ForeignOrigin           a page of another site asks
├── UnknownHost             asked under a name that is not this server's
├── HistoryTwice            both a stored conversation and messages to go by
├── NoQuestion              messages of a chat without one of the user's
├── UnknownModel            a model of the OpenAI protocol that is not here
├── InputUnusable           a text to embed is empty or too long
├── DimensionsUnusable      vectors of another length than the encoder's
├── FileUnusable            a file named to a command cannot be read or written
├── OutputsClash            a command was told to write a file twice, or over what it reads
└── RepeatedId              two examples of an evaluation file have the same id
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class ApiError(Exception):
    """Base of all errors raised in `api`; the message is meant for the user."""


class NotReady(ApiError):
    """The service cannot answer yet."""


class WrongKey(ApiError):
    """The server has a key, and the request has not."""

    def __init__(self, *, missing: bool) -> None:
        what = "this server asks for a key" if missing else "this is not the server's key"
        super().__init__(f"{what}: send the header Authorization: Bearer, a space, and the key")


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


class NoQuestion(ApiError):
    """A chat has nothing to answer."""

    def __init__(self) -> None:
        super().__init__("no message of role user has text: the last one that has is the question")


class UnknownModel(ApiError):
    """There is no such model."""

    def __init__(self, model: str, known: Sequence[str]) -> None:
        super().__init__(f"there is no model {model!r}: there are {', '.join(known)}")


class InputUnusable(ApiError):
    """A text cannot be embedded as it is."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"text {number} of input cannot be embedded: {reason}")


class DimensionsUnusable(ApiError):
    """The encoder makes vectors of one length."""

    def __init__(self, dimensions: int) -> None:
        super().__init__(f"vectors here have {dimensions} dimensions: ask for that or leave it out")


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
