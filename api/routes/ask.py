"""POST /v1/ask and /v1/search."""

from __future__ import annotations

from fastapi import APIRouter, Request

from api.errors import HistoryTwice
from api.problems import problems
from api.schemas.asking import (
    AskRequest,
    AskResponse,
    PassageBody,
    SearchRequest,
    SearchResponse,
    read_messages,
)
from api.service import PipelineOf, ServiceOf
from api.urls import http_urls
from retrieval.converse import carry_on, converse
from retrieval.search.rerank import find

router = APIRouter(prefix="/v1", tags=["questions"], responses=problems(401))


@router.post("/ask", responses=problems(400, 404, 413, 422, 503))
async def ask(
    body: AskRequest, request: Request, service: ServiceOf, pipeline: PipelineOf
) -> AskResponse:
    """Answer a question in the reports' own words, or say that they do not say.

    What tells of the days that it names comes first; `note` says how they were understood.
    With `conversation_id` or `messages` it may refer to what was said before. "Who said that?",
    "when was that?", "show me the source", "anything else?" and "are you sure?" are then about the
    last answer. "Hi" and "thanks" get a `note` alone.
    """
    if body.messages is not None and body.conversation_id is not None:
        raise HistoryTwice
    asked = (body.question, body.filter(), pipeline, body.max_answers)
    if body.conversation_id is not None:
        reply = await service.run(carry_on, body.conversation_id, *asked)
    else:
        reply = await service.run(converse, *asked, read_messages(body.messages or []))
    return AskResponse.of(reply, http_urls(request), body.conversation_id)


@router.post("/search", responses=problems(400, 404, 413, 422, 503))
async def search(
    body: SearchRequest, request: Request, service: ServiceOf, pipeline: PipelineOf
) -> SearchResponse:
    """Find the passages that say most to a question: the best are read, answers come first."""
    hits = await service.run(find, body.question, body.filter(), body.count, pipeline)
    url = http_urls(request)
    return SearchResponse(
        question=body.question, passages=[PassageBody.of(hit, url) for hit in hits]
    )
