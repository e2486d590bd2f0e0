"""Work through a job: each file becomes documents, or is told why not."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping

from sqlalchemy import select, update

from index import schema
from index.database import Database
from index.errors import HomeUnusable, UnknownJob
from index.job_progress import JobProgress, set_job_status
from index.take_in import take_in
from index.types import Encoder, ReportFile, SearchIndex
from index.uploads import Uploads


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
