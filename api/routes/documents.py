"""/v1/documents."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import PlainTextResponse

from api.middleware import refuse_foreign
from api.problems import problems
from api.routes.jobs import read_job, wait_for_job
from api.schemas.fields import Day
from api.schemas.jobs import JobBody
from api.schemas.reports import FORM, DocumentBody, DocumentList, DocumentRequest, EditRequest
from api.service import PipelineOf, ServiceOf
from api.uploads.receive import receive
from index.store.delete import delete_document
from index.store.edit import edit_document
from index.store.lookup import count_documents, get_document, get_text, list_documents
from index.store.originals import get_original
from index.types import Filter, Original
from retrieval.search.hybrid import check_limit
from retrieval.types import Pipeline

_SHOWN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-() ")


def download(original: Original) -> Response:
    """The bytes, as a file to save under the name that they came with."""
    name = original.name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(each if each in _SHOWN else "_" for each in name)
    return Response(
        original.content,
        headers={
            # Its own type would let a page or picture run scripts where a browser opens it.
            "Content-Type": _safe_type(original.media_type),
            # The second name is RFC 5987's, for all that ASCII cannot say.
            "Content-Disposition": (
                f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
            ),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _safe_type(media_type: str) -> str:
    return media_type if media_type in _SAFE else "application/octet-stream"


_SAFE = frozenset({"text/plain", "text/markdown", "text/csv", "application/pdf"})


router = APIRouter(prefix="/v1", tags=["reports"], responses=problems(401))


@router.get("/documents", responses=problems(404, 422, 503))
def list_reports(
    pipeline: PipelineOf,
    collection: str | None = None,
    q: Annotated[str, Query(max_length=200, description="Words that the title has.")] = "",
    since: Annotated[Day | None, Query()] = None,
    until: Annotated[Day | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> DocumentList:
    """List reports, newest first."""
    wanted = Filter(collection, since, until)
    with pipeline.database.read() as connection:
        check_limit(connection, wanted)
        found = list_documents(connection, wanted, titled=q, count=limit, offset=offset)
        total = count_documents(connection, wanted, titled=q)
    return DocumentList(documents=[DocumentBody.of(each) for each in found], total=total)


@router.post(
    "/documents",
    status_code=202,
    response_model=JobBody,
    responses=problems(400, 403, 413, 422, 503)
    | {200: {"model": JobBody, "description": "With `wait=true`: the job is done."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": DocumentRequest.model_json_schema()},
                "multipart/form-data": {"schema": FORM},
            },
        }
    },
)
async def upload(
    request: Request,
    response: Response,
    service: ServiceOf,
    pipeline: PipelineOf,
    wait: Annotated[bool, Query(description="Answer when the job is done.")] = False,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="The same upload sent again with the same key within a day is one job.",
        ),
    ] = None,
) -> JobBody:
    """Take in reports: a text as JSON, or files as multipart/form-data. It answers with a job.

    `/v1/jobs/{id}` tells how far it has come. A file's name is its source: one already known in the
    collection is replaced by it. The same bytes are one report.
    """
    refuse_foreign(request.headers, service.settings)
    database = pipeline.database
    job_id = await receive(request, idempotency_key, database=database, uploads=service.uploads)
    service.wake_worker()
    if not wait:
        return await to_thread.run_sync(read_job, database, job_id)
    job = await wait_for_job(job_id, database, service)
    if job.status == "done":
        response.status_code = 200
    return job


@router.get("/documents/{document_id}", responses=problems(404, 422, 503))
def read_report(document_id: str, pipeline: PipelineOf) -> DocumentBody:
    """What is known of a report."""
    with pipeline.database.read() as connection:
        return DocumentBody.of(get_document(connection, document_id))


@router.get(
    "/documents/{document_id}/text",
    # A plain text class here would describe the errors as plain text too.
    response_class=Response,
    responses=problems(404, 422, 503)
    | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def read_text(document_id: str, pipeline: PipelineOf) -> PlainTextResponse:
    """A report's text as it is stored: what all offsets count in, in Unicode code points."""
    with pipeline.database.read() as connection:
        return PlainTextResponse(
            get_text(connection, document_id), headers={"X-Content-Type-Options": "nosniff"}
        )


@router.get(
    "/documents/{document_id}/original",
    response_class=Response,
    responses=problems(404, 422, 503)
    | {
        200: {
            "description": "A file to save.",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
def read_original(document_id: str, pipeline: PipelineOf) -> Response:
    """The very bytes that a report was made from; of a text sent as JSON, its UTF-8."""
    with pipeline.database.read() as connection:
        return download(get_original(connection, document_id))


@router.patch("/documents/{document_id}", responses=problems(400, 404, 413, 422, 503))
async def edit_report(
    document_id: str, body: EditRequest, service: ServiceOf, pipeline: PipelineOf
) -> DocumentBody:
    """Correct a report's title or date, which count in searches too. Its text and id stay.

    The correction lasts until a file with other bytes replaces the report.
    """
    return await service.run(_edit, document_id, body, pipeline)


def _edit(document_id: str, body: EditRequest, pipeline: Pipeline) -> DocumentBody:
    edit_document(pipeline.database, pipeline.encoder, document_id, body.edit())
    pipeline.index.catch_up()
    with pipeline.database.read() as connection:
        return DocumentBody.of(get_document(connection, document_id))


@router.delete("/documents/{document_id}", status_code=204, responses=problems(404, 422, 503))
def delete_report(document_id: str, pipeline: PipelineOf) -> None:
    """Delete a report. It answers nothing from then on."""
    # No model takes part: it does not wait among the questions.
    delete_document(pipeline.database, document_id)
    pipeline.index.catch_up()
