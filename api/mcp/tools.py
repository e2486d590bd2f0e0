"""The tools, as they are listed and called."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import mcp_types as types
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel, ValidationError

from api.mcp.ask import ask
from api.mcp.fetch import fetch
from api.mcp.schemas import FetchArguments, FetchedReport, FoundReports, SearchArguments
from api.mcp.search import search
from api.problems import HANDLED
from api.requests import Question
from api.responses import invalid_reason
from api.schemas import AskResponse, Url
from api.service import Service
from retrieval.answer import Pipeline

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
