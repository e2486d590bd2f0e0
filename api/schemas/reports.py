"""The JSON that comes in over HTTP. The names are design.md's."""

from __future__ import annotations

import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.schemas.fields import Day, ReportTitle, Request, Text
from api.schemas.values import MAX_TITLE
from index.store.edit import Edit
from index.types import DEFAULT_COLLECTION, Document


class DocumentRequest(Request):
    """A report to ingest, as text."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "Harbour closed\n\nThe harbour closed on Monday because of the storm.",
                    "date": "2023-04-03",
                    "source": "harbour-2023-04-03",
                }
            ]
        }
    )

    text: Text = Field(description="Kept as it is; offsets count its Unicode code points.")
    title: Text | None = Field(None, min_length=1, max_length=MAX_TITLE)
    date: Day | None = Field(None, description="The report's date; found in the text if left out.")
    source: Text | None = Field(
        None,
        min_length=1,
        max_length=2000,
        description="Where it is from. A text under a source already known replaces that report.",
    )
    collection: Text = DEFAULT_COLLECTION


class CollectionRequest(Request):
    """A collection's new name."""

    name: Text


class EditRequest(Request):
    """A correction of a report's title or date."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "Harbour closed by the storm", "date": "2023-04-02"}]
        }
    )

    title: ReportTitle = Field("", description="Stays if left out.")
    date: Day | None = Field(None, description="Stays if left out; null removes it.")

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("neither title nor date: nothing to change")
        return self

    def edit(self) -> Edit:
        """The same as the index takes it."""
        return Edit(self.title or None, self.date, has_date="date" in self.model_fields_set)


FORM = {
    "type": "object",
    "properties": {
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1},
        "collection": {"type": "string", "default": DEFAULT_COLLECTION},
    },
    "required": ["files"],
}
"""What the OpenAPI page says of an upload of files."""


_ORIGINAL = "original_url"


class DocumentBody(BaseModel):
    """A report, without its text."""

    id: str
    collection: str
    title: str
    date: datetime.date | None
    date_evidence: str | None = Field(description="Where the date was found.")
    title_evidence: str | None = Field(description="Where the title was found.")
    author: str | None
    url: str | None = Field(description="Where the report itself says it was published.")
    media_type: str
    sha256: str
    characters: int
    passages: int
    added_at: str
    sources: list[str]
    duplicates: list[str] = Field(
        description="Ids of reports of the collection that are the same story in nearly the same "
        "words: an answer counts them as one, and cites them all."
    )
    original_url: str | None = Field(description="Where the file itself is, if it is kept.")

    @classmethod
    def of(cls, document: Document) -> Self:
        """From the stored record."""
        return cls(
            **{name: getattr(document, name) for name in cls.model_fields if name != _ORIGINAL},
            original_url=f"/v1/documents/{document.id}/original" if document.has_original else None,
        )


class DocumentList(BaseModel):
    """A page of reports; `total` counts all that pass the limits."""

    documents: list[DocumentBody]
    total: int


class CollectionBody(BaseModel):
    """A collection and how many reports it has."""

    name: str
    documents: int


class CollectionList(BaseModel):
    """All collections, by name."""

    collections: list[CollectionBody]
