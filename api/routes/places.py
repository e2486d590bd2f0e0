"""/v1/documents/{id}/parts and /boxes: where a report's text stands in its file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.problems import problems
from api.service import PipelineOf
from index.store.places import get_boxes, get_parts


class PartBody(BaseModel):
    """A stretch of a report's text that has a name in its file."""

    kind: str = Field(description="page, slide, row, record or heading")
    label: str
    start_char_index: int
    end_char_index: int


class PartList(BaseModel):
    """All parts of a report, in order; none where its format has none."""

    parts: list[PartBody]


class PageBoxesBody(BaseModel):
    """Boxes (left, bottom, right, top) on a page, in points from its lower left corner."""

    page: int
    width: float
    height: float
    boxes: list[tuple[float, float, float, float]]


class PageBoxesList(BaseModel):
    """Where a range of text stands on a PDF file's pages; none for other formats."""

    pages: list[PageBoxesBody]


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
