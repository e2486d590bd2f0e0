"""Responses about where a report's text stands in its file."""

from __future__ import annotations

from pydantic import BaseModel, Field


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
