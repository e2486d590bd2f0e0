"""/v1/documents and /v1/collections."""

from __future__ import annotations

import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from api.requests import Day, DocumentRequest
from api.responses import problems
from api.schemas import (
    CollectionBody,
    CollectionList,
    DocumentBody,
    DocumentList,
    StoredBody,
)
from api.service import PipelineOf, ServiceOf
from index import collections
from index.delete import delete_document
from index.ingest import ingest_report
from index.lookup import count_documents, get_document, get_text, list_documents
from index.parse import parse_bytes
from index.types import Document, Filter, Stored
from retrieval.answer import Pipeline
from retrieval.limit import check_limit

router = APIRouter(prefix="/v1", tags=["reports"])


@router.get("/documents", responses=problems(404, 422, 503))
def list_reports(
    pipeline: PipelineOf,
    collection: str | None = None,
    since: Annotated[Day | None, Query()] = None,
    until: Annotated[Day | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> DocumentList:
    """List reports, newest first."""
    wanted = Filter(collection, since, until)
    with pipeline.database.read() as connection:
        check_limit(connection, wanted)
        found = list_documents(connection, wanted, count=limit, offset=offset)
        total = count_documents(connection, wanted)
    return DocumentList(documents=[DocumentBody.of(each) for each in found], total=total)


@router.post(
    "/documents",
    status_code=201,
    responses=problems(400, 413, 422, 503)
    | {200: {"model": StoredBody, "description": "These bytes were there already."}},
)
async def upload(
    body: DocumentRequest, response: Response, service: ServiceOf, pipeline: PipelineOf
) -> StoredBody:
    """Ingest a report; it can be asked about when this returns."""
    stored, document = await service.run(_ingest, body, pipeline)
    if stored.status == "unchanged":
        response.status_code = 200
    return StoredBody(status=stored.status, **DocumentBody.of(document).model_dump())


def _ingest(body: DocumentRequest, pipeline: Pipeline) -> tuple[Stored, Document]:
    report = parse_bytes(
        body.text.encode("utf-8"),
        "upload.txt",
        modified=None,
        today=datetime.datetime.now(datetime.UTC).date(),
        title=body.title,
        date=body.date,
    )
    stored = ingest_report(
        report,
        database=pipeline.database,
        encoder=pipeline.encoder,
        index=pipeline.index,
        collection=body.collection,
        source=body.source or f"upload:{report.sha256[:16]}",
    )
    with pipeline.database.read() as connection:
        return stored, get_document(connection, stored.document_id)


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


@router.delete("/documents/{document_id}", status_code=204, responses=problems(404, 422, 503))
def delete_report(document_id: str, pipeline: PipelineOf) -> None:
    """Delete a report. It answers nothing from then on."""
    # No model takes part: it does not wait among the questions.
    delete_document(pipeline.database, document_id)
    pipeline.index.catch_up()


@router.get("/collections", responses=problems(503))
def list_collections(pipeline: PipelineOf) -> CollectionList:
    """List collections."""
    with pipeline.database.read() as connection:
        return CollectionList(
            collections=[
                CollectionBody(name=name, documents=count_documents(connection, Filter(name)))
                for name in collections.list_names(connection)
            ]
        )
