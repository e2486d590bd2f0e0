"""What can go wrong on the way in.

IndexingError
├── UnreadableReport        a file or upload that cannot become a document
│   └── ReportTooLarge      a file of more bytes than one may have
├── UnknownDocument         no document has this id
├── OriginalNotKept         the document's original bytes are not there
├── UnknownCollection       no collection has this name
├── InvalidCollection       a name that no collection may have
├── CollectionExists        a name that another collection has
├── FolderMissing           a folder to keep in step with is not there
├── FolderEmpty             a folder that reports came from holds none any more
├── ArchiveUnusable         a file that is no archive of a collection, or a damaged one
├── UnknownConversation     no conversation has this id
├── UnknownJob              no job has this id
├── KeyReused               another upload has this idempotency key
├── HomeUnusable            the data folder cannot be used, or holds another encoder's vectors
└── ModelUnusable           an encoder that cannot be loaded, or that does not match its weights
    └── TextTooLong         more word pieces than the encoder reads
"""

from __future__ import annotations

from pathlib import Path


class IndexingError(Exception):
    """Base of all errors raised in `index`; the message is meant for the user."""


class UnreadableReport(IndexingError):
    """The bytes cannot become a document: not text, empty, too large, of an unknown format."""


class ReportTooLarge(UnreadableReport):
    """A file has more bytes than one may have."""

    def __init__(self, size: int, most: int) -> None:
        super().__init__(f"{size:,} bytes are more than a report may have ({most:,}): split it")


class UnknownDocument(IndexingError):
    """No document has the id asked for."""

    def __init__(self, document_id: str) -> None:
        super().__init__(
            f"no document has the id {document_id!r}: list the documents to see the ids there are"
        )


class OriginalNotKept(IndexingError):
    """The document was ingested before original bytes were kept."""

    def __init__(self, document_id: str) -> None:
        super().__init__(
            f"the original of {document_id!r} is not there: the report was taken in before "
            "originals were kept; ingest or upload the same file again to have it kept"
        )


class UnknownCollection(IndexingError):
    """No collection has the name asked for."""

    def __init__(self, name: str, known: list[str]) -> None:
        have = ", ".join(known) if known else "none yet: ingest a report first"
        super().__init__(f"no collection is named {name!r} (there are: {have})")


class InvalidCollection(IndexingError):
    """A collection's name is not one that it may have."""


class CollectionExists(IndexingError):
    """Another collection has the name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"there is a collection {name!r} already: name another, or delete or rename that one"
        )


class FolderMissing(IndexingError):
    """A folder to keep in step with is not there, or cannot be opened."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"{folder}: {reason}. Nothing was changed: is it mounted? With --allow-empty the "
            "reports that came from there are removed"
        )


class FolderEmpty(IndexingError):
    """A folder that reports came from holds none any more."""

    def __init__(self, folder: Path, reports: int) -> None:
        super().__init__(
            f"{folder} holds no report any more, and {reports:,} of its files are in the "
            "collection. Nothing was changed: is it mounted? With --allow-empty they are removed"
        )


class ArchiveUnusable(IndexingError):
    """A file is no archive of a collection, or is damaged: nothing of it was taken over."""


class UnknownConversation(IndexingError):
    """No conversation has the id asked for."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(
            f"no conversation has the id {conversation_id!r}: list the conversations to see the "
            "ids there are, or leave conversation_id out"
        )


class UnknownJob(IndexingError):
    """No job has the id asked for."""

    def __init__(self, job_id: str) -> None:
        super().__init__(
            f"no job has the id {job_id!r}: it was deleted, or was done more than a week ago"
        )


class KeyReused(IndexingError):
    """An idempotency key was sent with another upload before."""

    def __init__(self, job_id: str) -> None:
        super().__init__(
            f"this Idempotency-Key came with another upload within the last day ({job_id}): send a "
            "key of its own with each upload"
        )


class HomeUnusable(IndexingError):
    """The data folder cannot be opened, or what it holds does not fit this Dateline."""


class ModelUnusable(IndexingError):
    """The encoder cannot be loaded, or is not the one that it should be."""


class TextTooLong(ModelUnusable):
    """A text has more word pieces than the encoder reads; it is never cut off unseen."""
