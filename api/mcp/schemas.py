"""What the tools `search` and `fetch` take and give: the names are those that ChatGPT expects."""

from __future__ import annotations

import datetime

from pydantic import BaseModel, Field

from api.requests import Request, Text


class SearchArguments(Request):
    """What to look for."""

    query: Text = Field(description="A question, or words that the reports may use.")


class FetchArguments(Request):
    """What to read."""

    id: Text = Field(
        description="An `id` from the results of `search`, or the `document_id` of a citation."
    )


class Found(BaseModel):
    """A report that was found."""

    id: str = Field(description="What `fetch` takes.")
    title: str
    url: str = Field(description="The report, at its best passage.")
    text: str = Field(description="Its best passage, word for word.")


class FoundReports(BaseModel):
    """The reports nearest to the query, best first."""

    results: list[Found]


class ReportFacts(BaseModel):
    """What is known of a report, and which part of its text this is."""

    date: datetime.date | None
    collection: str
    source: str
    characters: int = Field(description="Of the whole text.")
    start_char_index: int
    end_char_index: int
    next_id: str | None = Field(description="What `fetch` takes for the part after this one.")


class FetchedReport(BaseModel):
    """A report's text: all of it, or of a long one the part around the place asked for."""

    id: str
    title: str
    text: str
    url: str
    metadata: ReportFacts
