"""What an ingest tells of itself as it goes on."""

from __future__ import annotations

from sqlalchemy import Connection

from index.types import ReportFile, Stored


class Watcher:
    """Takes no notice itself: override what is of interest.

    `at_once` is how many passages are embedded at once, between two calls of `embedding`.
    """

    at_once = 64

    def reading(self, file: ReportFile) -> None:
        """The file is about to be read."""

    def parsed(self, file: ReportFile, passages: int) -> None:
        """The file was read: so many of its passages are to be embedded."""

    def embedding(self) -> None:
        """Passages are about to be embedded: it may wait here."""

    def embedded(self, file: ReportFile, passages: int) -> None:
        """So many more passages of the file have their vectors."""

    def stored(
        self, connection: Connection, file: ReportFile, stored: Stored, *, is_last: bool
    ) -> None:
        """A report of the file, perhaps its last, is stored if this transaction ends well."""

    def unchanged(self, file: ReportFile, document_id: str, *, is_last: bool) -> None:
        """A report of the file, perhaps its last, was there already."""

    def done(self, file: ReportFile) -> None:
        """Nothing of the file is left to do."""

    def failed_member(self, file: ReportFile, source: str, reason: str) -> None:
        """One of the reports in the file cannot be read; the others can."""

    def failed(self, file: ReportFile, error: Exception) -> None:
        """Nothing more will come of the file, and why."""
