"""Work through a job: each file becomes documents, or is told why not."""

from __future__ import annotations

import datetime
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from index.errors import HomeUnusable, UnknownJob, UnreadableReport
from index.ingest import Watcher, take_in
from index.jobs.uploads import Uploads
from index.store import schema
from index.store.database import Database, moment
from index.types import Encoder, ReportFile, SearchIndex, Stored

WRITE_SECONDS = 0.25
"""What changes many times a second is written no more often than this."""

MOST_TOLD = 5
"""Members of a file that cannot be read and are told of by name."""


class JobProgress(Watcher):
    """Keeps the rows of a job's files true while they are taken in.

    A call that writes raises UnknownJob if the job has been deleted: it is then to be left.
    """

    at_once = 8

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
        self._unwritten: dict[int, dict[str, Any]] = {}
        self._embedded: Counter[int] = Counter()
        self._passages: dict[int, int] = {}
        self._written = 0.0
        self._unread: dict[ReportFile, list[str]] = {}

    def reading(self, file: ReportFile) -> None:
        """Its bytes are being parsed."""
        self._note(file, status="parsing")

    def parsed(self, file: ReportFile, passages: int) -> None:
        """Its passages are counted."""
        self._passages[self._numbers[file]] = passages
        self._note(file, status="embedding", passages_total=passages)

    def embedding(self) -> None:
        """Let questions go first."""
        self._pause()

    def embedded(self, file: ReportFile, passages: int) -> None:
        """Count them."""
        number = self._numbers[file]
        self._embedded[number] += passages
        self._note(file, passages_done=self._embedded[number])

    def stored(
        self, connection: Connection, file: ReportFile, stored: Stored, *, is_last: bool
    ) -> None:
        """Write down the report in the transaction that stores it, and that it was the last."""
        number = self._numbers[file]
        title = connection.execute(
            select(schema.documents.c.title).where(schema.documents.c.id == stored.document_id)
        ).scalar_one()
        documents = self._documents(connection, number)
        if stored.document_id not in {each["id"] for each in documents}:
            # It would be there if the service was stopped after storing it.
            told = {"id": stored.document_id, "title": title, "status": stored.status}
            documents = [*documents, told]
        values: dict[str, Any] = {"documents": documents}
        if is_last:
            total = self._passages.get(number, 0)
            values |= {"status": "done", "passages_done": total, "passages_total": total}
            unwritten = self._unwritten.pop(number, {})
            values |= {name: noted for name, noted in unwritten.items() if name == "error"}
        self._write(connection, number, **values)

    def unchanged(self, file: ReportFile, document_id: str, *, is_last: bool) -> None:
        """Write down the report that was there."""
        with self._database.write() as connection:
            self.stored(connection, file, Stored("unchanged", document_id), is_last=is_last)

    def failed_member(self, file: ReportFile, source: str, reason: str) -> None:
        """Write down which of its reports cannot be read, and why; the others may."""
        member = source.removeprefix(f"{file.source}#")
        self._unread.setdefault(file, []).append(f"{member}: {reason}")
        unread = self._unread[file]
        shown = "; ".join(unread[:MOST_TOLD])
        more = f"; and {len(unread) - MOST_TOLD} more" if len(unread) > MOST_TOLD else ""
        error = UnreadableReport(f"not all of it can be read: {shown}{more}")
        self._note(file, error=dict(self._describe(error)))

    def failed(self, file: ReportFile, error: Exception) -> None:
        """Write down why."""
        number = self._numbers[file]
        self._unwritten.pop(number, None)
        with self._database.write() as connection:
            described = dict(self._describe(error))
            self._write(connection, number, status="failed", error=described)

    def _note(self, file: ReportFile, **values: Any) -> None:
        """Write it now or, since every writing waits for the disk, a little later."""
        self._unwritten.setdefault(self._numbers[file], {}).update(values)
        if time.monotonic() - self._written > WRITE_SECONDS:
            with self._database.write() as connection:
                for number, noted in self._unwritten.items():
                    self._write(connection, number, **noted)
            self._unwritten.clear()
            self._written = time.monotonic()

    def _write(self, connection: Connection, number: int, **values: Any) -> None:
        changed = connection.execute(
            update(schema.job_files).where(*self._row(number)).values(**values)
        )
        if not changed.rowcount:
            raise UnknownJob(self._job_id)

    def _documents(self, connection: Connection, number: int) -> list[dict[str, str]]:
        found = connection.execute(
            select(schema.job_files.c.documents).where(*self._row(number))
        ).scalar()
        if found is None:
            raise UnknownJob(self._job_id)
        return list(found)

    def _row(self, number: int) -> tuple[ColumnElement[bool], ...]:
        table = schema.job_files
        return table.c.job_id == self._job_id, table.c.number == number


def set_job_status(connection: Connection, job_id: str, status: str) -> None:
    """Note that a job is running or done. Raises UnknownJob."""
    table = schema.jobs
    finished = moment() if status == "done" else None
    changed = connection.execute(
        update(table).where(table.c.id == job_id).values(status=status, finished_at=finished)
    )
    if not changed.rowcount:
        raise UnknownJob(job_id)


def run_job(
    job_id: str,
    *,
    database: Database,
    encoder: Encoder,
    index: SearchIndex,
    uploads: Uploads,
    describe: Callable[[Exception], Mapping[str, str | None]],
    pause: Callable[[], None],
) -> None:
    """Take in the files that are left of a job; they are searchable when it is done.

    A job that was cut off at any moment can be run again: what is stored stays, and stays told.
    A file that fails stops no other. `describe` makes the error object of a file that fails;
    `pause` is called before every few passages, and may wait. A job that is deleted meanwhile is
    left as far as it has come. Raises HomeUnusable.
    """
    try:
        with database.write() as connection:
            set_job_status(connection, job_id, "running")
        # All together first, so that short reports keep every core busy; if something went wrong
        # that is not a file's to tell, each alone, to find the file that it comes of.
        for alone in (False, True):
            collection, left = _files_left(database, job_id, uploads)
            progress = JobProgress(database, job_id, left, describe, pause)
            for files in [[file] for file in left] if alone else [list(left)]:
                try:
                    take_in(
                        files,
                        database=database,
                        encoder=encoder,
                        collection=collection,
                        today=datetime.datetime.now(datetime.UTC).date(),
                        watcher=progress,
                    )
                except (HomeUnusable, UnknownJob):
                    raise
                except Exception as error:  # noqa: BLE001
                    if alone:
                        progress.failed(files[0], error)
        index.catch_up()
        # Before it is done: of what is done nothing is left to be cleared after a crash.
        uploads.drop(job_id)
        with database.write() as connection:
            set_job_status(connection, job_id, "done")
    except UnknownJob:
        index.catch_up()
        uploads.drop(job_id)


def _files_left(
    database: Database, job_id: str, uploads: Uploads
) -> tuple[str, dict[ReportFile, int]]:
    """The job's collection, and its files that are neither done nor failed with their numbers.

    They are queued again: what was parsed and embedded before is not kept.
    """
    job, table = schema.jobs, schema.job_files
    is_left = (table.c.job_id == job_id, table.c.status.not_in(("done", "failed")))
    with database.write() as connection:
        collection = connection.execute(
            select(job.c.collection).where(job.c.id == job_id)
        ).scalar_one_or_none()
        if collection is None:
            raise UnknownJob(job_id)
        rows = connection.execute(
            select(table.c.number, table.c.name, table.c.file_name, table.c.title, table.c.date)
            .where(*is_left)
            .order_by(table.c.number)
        ).all()
        connection.execute(
            update(table)
            .where(*is_left)
            .values(status="queued", passages_done=0, passages_total=None)
        )
    return collection, {
        ReportFile(
            uploads.path(job_id, row.number),
            row.name,
            row.file_name,
            title=row.title,
            date=row.date,
        ): row.number
        for row in rows
    }
