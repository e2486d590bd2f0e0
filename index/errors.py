"""What can go wrong on the way in.

IndexingError
├── UnreadableReport        a file or upload that cannot become a document
├── UnknownDocument         no document has this id
├── UnknownCollection       no collection has this name
├── InvalidCollection       a name that no collection may have
├── UnknownConversation     no conversation has this id
├── HomeUnusable            the data folder cannot be used, or holds another encoder's vectors
└── ModelUnusable           an encoder that cannot be loaded, or that does not match its weights
    └── TextTooLong         more word pieces than the encoder reads
"""


class IndexingError(Exception):
    """Base of all errors raised in `index`; the message is meant for the user."""


class UnreadableReport(IndexingError):
    """The bytes cannot become a document: not text, empty, too large, of an unknown format."""


class UnknownDocument(IndexingError):
    """No document has the id asked for."""

    def __init__(self, document_id: str) -> None:
        super().__init__(
            f"no document has the id {document_id!r}: list the documents to see the ids there are"
        )


class UnknownCollection(IndexingError):
    """No collection has the name asked for."""

    def __init__(self, name: str, known: list[str]) -> None:
        have = ", ".join(known) if known else "none yet: ingest a report first"
        super().__init__(f"no collection is named {name!r} (there are: {have})")


class InvalidCollection(IndexingError):
    """A collection's name is not one that it may have."""


class UnknownConversation(IndexingError):
    """No conversation has the id asked for."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(
            f"no conversation has the id {conversation_id!r}: list the conversations to see the "
            "ids there are, or leave conversation_id out"
        )


class HomeUnusable(IndexingError):
    """The data folder cannot be opened, or what it holds does not fit this Dateline."""


class ModelUnusable(IndexingError):
    """The encoder cannot be loaded, or is not the one that it should be."""


class TextTooLong(ModelUnusable):
    """A text has more word pieces than the encoder reads; it is never cut off unseen."""
