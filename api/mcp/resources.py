"""Reports as resources: their texts, to be listed and read."""

from __future__ import annotations

import mcp_types as types
from mcp.shared.exceptions import MCPError

from api.urls import TEMPLATE, read_uri, report_uri
from index.errors import UnknownDocument
from index.store.lookup import get_text, list_documents
from index.types import Document, Filter
from retrieval.types import Pipeline

PAGE = 100
"""Reports listed at once."""

_MIME_TYPE = "text/plain"
"""Of every text, whatever the file was: it is what `/v1/documents/{id}/text` returns."""


def list_resources(cursor: str | None, pipeline: Pipeline) -> types.ListResourcesResult:
    """A page of reports, newest first. Raises MCPError for a cursor that no page gave."""
    offset = _read_cursor(cursor)
    with pipeline.database.read() as connection:
        found = list_documents(connection, Filter(), count=PAGE + 1, offset=offset)
    return types.ListResourcesResult(
        resources=[_listed(each) for each in found[:PAGE]],
        next_cursor=str(offset + PAGE) if len(found) > PAGE else None,
    )


def list_templates() -> types.ListResourceTemplatesResult:
    """The one template: every report by its id."""
    return types.ListResourceTemplatesResult(
        resource_templates=[
            types.ResourceTemplate(
                uri_template=TEMPLATE,
                name="report",
                title="A report",
                description="The text of the report with this id, as it is stored: all character "
                "indexes count its Unicode code points.",
                mime_type=_MIME_TYPE,
            )
        ]
    )


def read_resource(uri: str, pipeline: Pipeline) -> types.ReadResourceResult:
    """A report's text. Raises MCPError if there is no such report."""
    document_id = read_uri(uri)
    try:
        if not document_id:
            raise UnknownDocument(uri)
        with pipeline.database.read() as connection:
            text = get_text(connection, document_id)
    except UnknownDocument as error:
        raise MCPError(types.INVALID_PARAMS, str(error), {"uri": uri}) from None
    return types.ReadResourceResult(
        contents=[types.TextResourceContents(uri=uri, mime_type=_MIME_TYPE, text=text)]
    )


def _read_cursor(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 10):
        raise MCPError(types.INVALID_PARAMS, f"no page gave the cursor {cursor!r}: begin anew")
    return int(cursor)


def _listed(document: Document) -> types.Resource:
    day = "of no known date" if document.date is None else f"of {document.date.isoformat()}"
    return types.Resource(
        uri=report_uri(document.id),
        name=document.id,
        title=document.title,
        description=f"Report {day}, in the collection {document.collection}.",
        mime_type=_MIME_TYPE,
    )
