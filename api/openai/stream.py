"""Send an answer as server-sent events, the way the OpenAI protocol streams."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from api.openai.schemas import ChunkChoice, Usage
from api.problems import HANDLED, PROBLEMS, error_body, internal_error
from api.render.markdown import Composed
from api.schemas.asking import Url
from api.urls import fragment
from retrieval.types import Reply

log = logging.getLogger("dateline")


@dataclass(frozen=True, slots=True)
class Streamed:
    """An answer that is ready to be streamed.

    `sources` are Open WebUI's, with the passages, where they are wanted: annotations are then left
    out, for it would list each source twice.
    """

    composed: Composed
    usage: Usage
    sources: tuple[dict[str, Any], ...] = ()


async def stream_answer(
    head: dict[str, Any],
    work: Callable[[], Awaitable[Streamed]],
    *,
    include_usage: bool,
) -> AsyncIterator[str]:
    """The events of one answer. An error that comes after the first of them is an event too.

    `head` is what all chunks share: id, created and model.
    """
    usage: dict[str, Any] = {"usage": None} if include_usage else {}

    def chunk(delta: dict[str, Any], *, last: bool = False) -> str:
        choice = ChunkChoice(delta=delta, finish_reason="stop" if last else None)
        return _event({**head, "choices": [choice.model_dump()], **usage})

    yield chunk({"role": "assistant", "content": ""})
    try:
        streamed = await work()
    except HANDLED as error:
        problem = PROBLEMS[type(error)]
        yield _event(error_body(str(error), problem.type, problem.code, problem.param))
        return
    except Exception:
        log.exception("internal error")
        yield _event(internal_error())
        return
    for source in streamed.sources:
        yield _event({"event": {"type": "source", "data": source}})
    for piece in streamed.composed.pieces:
        yield chunk({"content": piece})
    annotations = [each.model_dump() for each in streamed.composed.annotations]
    if annotations and not streamed.sources:
        yield chunk({"annotations": annotations})
    yield chunk({}, last=True)
    if include_usage:
        yield _event({**head, "choices": [], "usage": streamed.usage.model_dump()})
    yield "data: [DONE]\n\n"


def _event(body: dict[str, Any]) -> str:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"


def source_events(reply: Reply, url: Url) -> tuple[dict[str, Any], ...]:
    """A source for each citation, in the order of their numbers: it counts them by that.

    It takes sources with one `metadata.source` for one, and shows that in place of the name if it
    is an address: so this is the place in the report.
    """
    events = []
    for citation in reply.citations:
        start, end = citation.start, citation.end
        place = f"{citation.document_id}#{fragment(start, end)}"
        address = url(citation.document_id, citation.source, start, end)
        source = {"id": place, "name": citation.document_title, "url": address}
        metadata = {"source": place, "name": citation.document_title, "url": address}
        events.append({"source": source, "document": [citation.cited_text], "metadata": [metadata]})
    return tuple(events)
