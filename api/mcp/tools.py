"""The tools, as they are listed and called."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import mcp_types as types
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel, Field, ValidationError

from api.problems import HANDLED, invalid_reason
from api.schemas.asking import AskResponse, Question, Url, read_messages
from api.schemas.fields import Request, Text
from api.service import Service
from api.urls import Place, read_place
from index.store.lookup import get_document, get_documents, get_text
from index.types import Filter
from retrieval.converse import converse
from retrieval.search.hybrid import CANDIDATES
from retrieval.search.rerank import find
from retrieval.types import Pipeline


def ask(asked: Question, pipeline: Pipeline, url: Url) -> AskResponse:
    """Quotes that answer, or that the reports do not say. Raises what `converse` does."""
    said = read_messages(asked.messages or [])
    reply = converse(asked.question, asked.filter(), pipeline, asked.max_answers, said)
    return AskResponse.of(reply, url)


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


MOST_CHARACTERS = 40_000
"""Of a text given at once: about 10,000 tokens, well below what clients cut off by themselves."""


def fetch(asked: FetchArguments, pipeline: Pipeline, url: Url) -> FetchedReport:
    """The report with this id, or the part around the place. Raises UnknownDocument."""
    place = read_place(asked.id)
    with pipeline.database.read() as connection:
        document = get_document(connection, place.document_id)
        text = get_text(connection, place.document_id)
    start, end = _around(place.range or (0, 0), len(text))
    source = document.sources[0]
    address = url(document.id, source, *(place.range or (0, 0)))
    follows = Place(document.id, (end, min(end + MOST_CHARACTERS, len(text))))
    return FetchedReport(
        id=asked.id,
        title=document.title,
        text=text[start:end],
        url=address if place.range else address.partition("#")[0],
        metadata=ReportFacts(
            date=document.date,
            collection=document.collection,
            source=source,
            characters=len(text),
            start_char_index=start,
            end_char_index=end,
            next_id=str(follows) if end < len(text) else None,
        ),
    )


def _around(wanted: tuple[int, int], length: int) -> tuple[int, int]:
    """The range of at most `MOST_CHARACTERS`, as near as can be with the wanted one amid it."""
    start = max(0, sum(wanted) // 2 - MOST_CHARACTERS // 2)
    end = min(start + MOST_CHARACTERS, length)
    return max(0, end - MOST_CHARACTERS), end


RESULTS = 10


def search(asked: SearchArguments, pipeline: Pipeline, url: Url) -> FoundReports:
    """One result a report, with its best passage. Raises what `retrieval.find` does."""
    hits = find(asked.query, Filter(), CANDIDATES, pipeline)
    best = {hit.passage.document_id: hit.passage for hit in reversed(hits)}
    with pipeline.database.read() as connection:
        documents = get_documents(connection, best)
    ranked = dict.fromkeys(hit.passage.document_id for hit in hits)
    there = [(documents[each], best[each]) for each in ranked if each in documents]
    return FoundReports(
        results=[
            Found(
                id=str(Place(document.id, (passage.start, passage.end))),
                title=document.title,
                url=url(document.id, document.sources[0], passage.start, passage.end),
                text=passage.text,
            )
            for document, passage in there[:RESULTS]
        ]
    )


PATIENCE_SECONDS = 20.0
"""How long a call waits for models that are still loading: clients give up after 30 and more."""


@dataclass(frozen=True, slots=True)
class ReportTool:
    """A tool: `run` gets the checked arguments, and blocks."""

    name: str
    title: str
    description: str
    arguments: type[BaseModel]
    result: type[BaseModel]
    run: Callable[[Any, Pipeline, Url], BaseModel]

    def listed(self) -> types.Tool:
        """As clients are told of it."""
        return types.Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=self.arguments.model_json_schema(),
            output_schema=self.result.model_json_schema(mode="serialization"),
            annotations=types.ToolAnnotations(
                read_only_hint=True,
                destructive_hint=False,
                idempotent_hint=True,
                open_world_hint=False,
            ),
        )


TOOLS = {
    tool.name: tool
    for tool in (
        ReportTool(
            "ask",
            "Ask the reports",
            "Answer a question in the reports' own words: exact quotes with their sentences, "
            "reports, dates and places, or `answerable: false` where the reports do not say "
            "(`citations` are then the closest passages, no answer). Quote `text` as it stands, "
            "cite the report's title and url, and pass `note` on. Ask one thing at a time, in "
            "English. For a question that refers to earlier ones, give these in `messages`.",
            Question,
            AskResponse,
            ask,
        ),
        ReportTool(
            "search",
            "Search the reports",
            "Find the reports that say most to a question or to some words, best first, each with "
            "its best passage, word for word. `fetch` reads one of them.",
            SearchArguments,
            FoundReports,
            search,
        ),
        ReportTool(
            "fetch",
            "Read a report",
            "Read a report: its text as it is stored, title, date and where it is from. Of a long "
            "one the part around what was found; `metadata.next_id` fetches the part after it.",
            FetchArguments,
            FetchedReport,
            fetch,
        ),
    )
}


async def call_tool(
    name: str, arguments: Mapping[str, Any], service: Service, url: Url
) -> types.CallToolResult:
    """What the tool says, as JSON and as the same in text; or what is wrong, for the model to mend.

    Raises MCPError for a tool that there is not.
    """
    tool = TOOLS.get(name)
    if tool is None:
        known = ", ".join(TOOLS)
        raise MCPError(types.INVALID_PARAMS, f"no tool is named {name!r} (there are: {known})")
    try:
        asked = tool.arguments.model_validate(arguments)
        pipeline = await service.ready(PATIENCE_SECONDS)
        said = await service.run(tool.run, asked, pipeline, url)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return _refused(f"{where}: {invalid_reason(first)}")
    except HANDLED as error:
        return _refused(str(error))
    body = said.model_dump(mode="json")
    return types.CallToolResult(
        content=[types.TextContent(text=json.dumps(body, ensure_ascii=False))],
        structured_content=body,
    )


def _refused(reason: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=reason)], is_error=True)
