"""/v1/jobs: uploads being worked through."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Annotated

import anyio
from anyio import to_thread
from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from api.problems import problems
from api.schemas.jobs import JobBody, JobList
from api.service import PipelineOf, Service, ServiceOf
from index.errors import UnknownJob
from index.jobs.queue import count_jobs, delete_job, get_job, list_jobs
from index.store.database import Database


def stream_events(events: AsyncIterator[str]) -> StreamingResponse:
    """A response of events as they come: a proxy must neither keep them nor hold them back."""
    return StreamingResponse(
        events,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


LOOK_SECONDS = 0.2
"""How often a job is looked at for its stream of events, and by a thousand files a second less."""

HEARTBEAT_SECONDS = 15.0
"""A stream says at least a comment as often as this, so that nothing between takes it for dead."""

router = APIRouter(prefix="/v1/jobs", tags=["uploads"], responses=problems(401))


@router.get("", responses=problems(422, 503))
def list_all(
    pipeline: PipelineOf,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> JobList:
    """List uploads, the newest first. One that was done a week ago is forgotten."""
    with pipeline.database.read() as connection:
        found = list_jobs(connection, count=limit, offset=offset)
        total = count_jobs(connection)
    return JobList(jobs=[JobBody.of(each) for each in found], total=total)


@router.get("/{job_id}", responses=problems(404, 422, 503))
def read(job_id: str, pipeline: PipelineOf) -> JobBody:
    """How far an upload has come, file by file."""
    return read_job(pipeline.database, job_id)


@router.get(
    "/{job_id}/events",
    response_class=Response,
    responses=problems(404, 422, 503)
    | {
        200: {
            "description": "Events named `job`; the data of each is the job as JSON.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
def follow(job_id: str, pipeline: PipelineOf, service: ServiceOf) -> StreamingResponse:
    """The upload at once and whenever it has come further, until it is done or deleted."""
    first = read_job(pipeline.database, job_id)
    return stream_events(job_events(first, pipeline.database, service))


@router.delete("/{job_id}", status_code=204, responses=problems(404, 422, 503))
def delete(job_id: str, pipeline: PipelineOf, service: ServiceOf) -> None:
    """Call an upload off: what is not stored yet will not be. Reports that are stored stay."""
    with pipeline.database.write() as connection:
        delete_job(connection, job_id)
    service.uploads.drop(job_id)


def read_job(database: Database, job_id: str) -> JobBody:
    """The job as it is now. Raises UnknownJob."""
    with database.read() as connection:
        return JobBody.of(get_job(connection, job_id))


async def wait_for_job(job_id: str, database: Database, service: Service) -> JobBody:
    """The job when it is done, or as it is when the service stops. Raises UnknownJob."""
    while True:
        job = await to_thread.run_sync(read_job, database, job_id)
        if job.status == "done" or service.is_stopping:
            return job
        await anyio.sleep(0.05)


async def job_events(job: JobBody, database: Database, service: Service) -> AsyncIterator[str]:
    """The job as server-sent events, until it is done or deleted, or the service stops."""
    told, at = "", time.monotonic()
    while True:
        now = job.model_dump_json()
        if now != told:
            yield f"event: job\ndata: {now}\n\n"
            told, at = now, time.monotonic()
        elif time.monotonic() - at > HEARTBEAT_SECONDS:
            yield ": still here\n\n"
            at = time.monotonic()
        if job.status == "done" or service.is_stopping:
            return
        await anyio.sleep(LOOK_SECONDS + len(job.files) / 1000)
        try:
            job = await to_thread.run_sync(read_job, database, job.id)
        except UnknownJob:
            return
