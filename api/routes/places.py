"""/v1/documents/{id}/parts and /boxes: where a report's text stands in its file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.place_bodies import PageBoxesBody, PageBoxesList, PartBody, PartList
from api.responses import problems
from api.service import PipelineOf
from index.places import get_boxes, get_parts

router = APIRouter(prefix="/v1", tags=["reports"], responses=problems(401))

_Offset = Annotated[int, Query(ge=0, le=2**31)]


@router.get("/documents/{document_id}/parts", responses=problems(404, 422, 503))
def read_parts(document_id: str, pipeline: PipelineOf) -> PartList:
    """A report's pages, slides, rows and headings, and which of its text each of them has.

    A page has several parts where a sentence or a footnote goes over its end.
    """
    with pipeline.database.read() as connection:
        found = get_parts(connection, document_id)
    return PartList(
        parts=[
            PartBody(
                kind=part.kind,
                label=part.label,
                start_char_index=part.start,
                end_char_index=part.end,
            )
            for part in found
        ]
    )


@router.get("/documents/{document_id}/boxes", responses=problems(404, 422, 503))
def read_boxes(
    document_id: str, pipeline: PipelineOf, start: _Offset, end: _Offset
) -> PageBoxesList:
    """Where a range of a PDF report's text stands on its pages: a box for each line of it."""
    with pipeline.database.read() as connection:
        found = get_boxes(connection, document_id, start, end)
    return PageBoxesList(
        pages=[
            PageBoxesBody(
                page=each.page, width=each.width, height=each.height, boxes=list(each.boxes)
            )
            for each in found
        ]
    )
