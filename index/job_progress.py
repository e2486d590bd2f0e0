"""Write down how far a job has come, so that every process can tell."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from index import schema
from index.database import Database
from index.errors import UnknownJob
from index.moment import moment
from index.types import ReportFile, Stored
from index.watcher import Watcher

WRITE_SECONDS = 0.25
"""Passages embedded since the last writing are written no more often than this."""


class JobProgress(Watcher):
    """Keeps the rows of a job's files true while they are taken in.

    Every call raises UnknownJob if the job has been deleted: it is then to be left.
    """

    at_once = 16

    def __init__(
        self,
        database: Database,
        job_id: str,
        numbers: Mapping[ReportFile, int],
        describe: Callable[[Exception], Mapping[str, str | None]],
        pause: Callable[[], None],
    ) -> None:
        """`describe` makes an error's object; `pause` waits while questions are being answered."""
        self._database = database
        self._job_id = job_id
        self._numbers = numbers
        self._describe = describe
        self._pause = pause
        self._embedded: dict[int, int] = {}
        self._written = 0.0

    def reading(self, file: ReportFile) -> None:
        """Its bytes are being parsed."""
        self._set(file, status="parsing", passages_done=0, passages_total=None)

    def parsed(self, file: ReportFile, passages: int) -> None:
        """Its passages are counted."""
        self._set(file, status="embedding", passages_done=0, passages_total=passages)

    def embedding(self) -> None:
        """Let questions go first."""
        self._pause()

    def embedded(self, file: ReportFile, passages: int) -> None:
        """Count them, and write that down every now and then."""
        number = self._numbers[file]
        self._embedded[number] = self._embedded.get(number, 0) + passages
        if time.monotonic() - self._written > WRITE_SECONDS:
            with self._database.write() as connection:
                for number, done in self._embedded.items():
                    self._write(connection, number, passages_done=done)
            self._written = time.monotonic()

    def stored(self, connection: Connection, file: ReportFile, stored: Stored) -> None:
        """Write down the report in the transaction that stores it."""
        number = self._numbers[file]
        documents = schema.documents
        title = connection.execute(
            select(documents.c.title).where(documents.c.id == stored.document_id)
        ).scalar_one()
        known = self._read_documents(connection, number)
        if stored.document_id not in {each["id"] for each in known}:
            # It would be there if the service was stopped after storing it.
            told = {"id": stored.document_id, "title": title, "status": stored.status}
            self._write(connection, number, documents=[*known, told])

    def unchanged(self, file: ReportFile, document_id: str) -> None:
        """Write down the report that was there."""
        with self._database.write() as connection:
            self.stored(connection, file, Stored("unchanged", document_id))

    def done(self, file: ReportFile) -> None:
        """Nothing of it is left to do."""
        table = schema.job_files
        self._set(file, status="done", passages_done=table.c.passages_total)

    def failed(self, file: ReportFile, error: Exception) -> None:
        """Write down why."""
        self._set(file, status="failed", error=dict(self._describe(error)))

    def _set(self, file: ReportFile, **values: Any) -> None:
        with self._database.write() as connection:
            self._write(connection, self._numbers[file], **values)

    def _write(self, connection: Connection, number: int, **values: Any) -> None:
        table = schema.job_files
        changed = connection.execute(
            update(table)
            .where(table.c.job_id == self._job_id, table.c.number == number)
            .values(**values)
        )
        if not changed.rowcount:
            raise UnknownJob(self._job_id)

    def _read_documents(self, connection: Connection, number: int) -> list[dict[str, str]]:
        table = schema.job_files
        found = connection.execute(
            select(table.c.documents).where(
                table.c.job_id == self._job_id, table.c.number == number
            )
        ).scalar()
        if found is None:
            raise UnknownJob(self._job_id)
        return list(found)


def set_job_status(connection: Connection, job_id: str, status: str) -> None:
    """Note that a job is running or done. Raises UnknownJob."""
    table = schema.jobs
    finished = moment() if status == "done" else None
    changed = connection.execute(
        update(table).where(table.c.id == job_id).values(status=status, finished_at=finished)
    )
    if not changed.rowcount:
        raise UnknownJob(job_id)
