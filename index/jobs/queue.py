"""Jobs: uploads that wait to become documents. Create, read, list and delete them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from index.errors import KeyReused, UnknownJob
from index.store import schema
from index.store.collections import check_name
from index.store.database import moment

KEEP = datetime.timedelta(days=7)
"""A job that was done so long ago is deleted; its documents stay."""

KEY_LASTS = datetime.timedelta(days=1)
"""How long an idempotency key stands for its job."""


@dataclass(frozen=True, slots=True)
class JobFile:
    """A file of a job.

    `status` is queued, parsing, embedding, done or failed; `passages_total` is None until the file
    is parsed. `documents` are mappings of id, title and status (added, replaced or unchanged),
    `error` is what an error response holds.
    """

    name: str
    status: str
    passages_done: int
    passages_total: int | None
    documents: Sequence[Mapping[str, str]]
    error: Mapping[str, str | None] | None


@dataclass(frozen=True, slots=True)
class Job:
    """An upload; `status` is queued, running or done. Times are ISO 8601 in UTC."""

    id: str
    collection: str
    status: str
    created_at: str
    finished_at: str | None
    files: tuple[JobFile, ...]


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to work through; one that came with an `error` has failed already."""

    name: str
    file_name: str
    title: str | None = None
    date: datetime.date | None = None
    error: Mapping[str, str | None] | None = None


def create_job(
    connection: Connection,
    job_id: str,
    collection: str,
    files: Sequence[NewFile],
    *,
    digest: str,
    key: str | None = None,
) -> str:
    """Put a job at the end of the queue, and return its id; old jobs and keys go.

    With a `key` that a job of the same `digest` came with, that job's id is returned and nothing
    is put in. Raises InvalidCollection, and KeyReused for another digest.
    """
    check_name(collection)
    prune_jobs(connection)
    table = schema.jobs
    if key is not None:
        same = connection.execute(
            select(table.c.id, table.c.digest).where(table.c.idempotency_key == key)
        ).first()
        if same is not None:
            if same.digest != digest:
                raise KeyReused(same.id)
            return str(same.id)
    connection.execute(
        insert(table).values(
            id=job_id,
            collection=collection,
            status="queued",
            created_at=moment(),
            idempotency_key=key,
            digest=digest,
        )
    )
    connection.execute(
        insert(schema.job_files),
        [
            {
                "job_id": job_id,
                "number": number,
                "name": file.name,
                "file_name": file.file_name,
                "title": file.title,
                "date": file.date,
                "status": "queued" if file.error is None else "failed",
                "passages_done": 0,
                "documents": [],
                "error": file.error,
            }
            for number, file in enumerate(files)
        ],
    )
    return job_id


def get_job(connection: Connection, job_id: str) -> Job:
    """One job. Raises UnknownJob."""
    row = connection.execute(select(*_columns()).where(schema.jobs.c.id == job_id)).first()
    if row is None:
        raise UnknownJob(job_id)
    return _with_files(connection, [row])[0]


def list_jobs(connection: Connection, *, count: int, offset: int = 0) -> list[Job]:
    """The jobs, the newest first."""
    table = schema.jobs
    query = select(*_columns()).order_by(table.c.created_at.desc(), table.c.id)
    return _with_files(connection, connection.execute(query.limit(count).offset(offset)).all())


def count_jobs(connection: Connection) -> int:
    """How many there are."""
    return int(connection.execute(select(func.count()).select_from(schema.jobs)).scalar_one())


def delete_job(connection: Connection, job_id: str) -> None:
    """Delete a job: what is not stored yet will not be; documents stay. Raises UnknownJob."""
    gone = connection.execute(delete(schema.jobs).where(schema.jobs.c.id == job_id))
    if not gone.rowcount:
        raise UnknownJob(job_id)


def prune_jobs(connection: Connection) -> None:
    """Delete jobs that were done long ago, and let keys of more than a day ago go."""
    table = schema.jobs
    connection.execute(delete(table).where(table.c.finished_at < moment(KEEP)))
    connection.execute(
        update(table)
        .where(table.c.idempotency_key.is_not(None), table.c.created_at < moment(KEY_LASTS))
        .values(idempotency_key=None)
    )


def next_job(connection: Connection) -> str | None:
    """The id of the oldest job that is not done."""
    table = schema.jobs
    query = select(table.c.id).where(table.c.status != "done")
    return connection.execute(query.order_by(table.c.created_at, table.c.id)).scalars().first()


def known_jobs(connection: Connection, job_ids: Iterable[str]) -> set[str]:
    """Those of the ids that are jobs'."""
    known = set(connection.execute(select(schema.jobs.c.id)).scalars())
    return known.intersection(job_ids)


def _columns() -> list[Any]:
    table = schema.jobs
    return [
        table.c.id,
        table.c.collection,
        table.c.status,
        table.c.created_at,
        table.c.finished_at,
    ]


def _with_files(connection: Connection, rows: Sequence[Any]) -> list[Job]:
    table = schema.job_files
    files: dict[str, list[JobFile]] = {row.id: [] for row in rows}
    query = select(
        table.c.job_id,
        table.c.name,
        table.c.status,
        table.c.passages_done,
        table.c.passages_total,
        table.c.documents,
        table.c.error,
    ).where(table.c.job_id.in_(files))
    for job_id, *fields in connection.execute(query.order_by(table.c.job_id, table.c.number)):
        files[job_id].append(JobFile(*fields))
    return [Job(**row._asdict(), files=tuple(files[row.id])) for row in rows]
