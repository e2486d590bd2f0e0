"""POST /v1/ask and /v1/search."""

from __future__ import annotations

from fastapi import APIRouter, Request

from api.places import http_urls
from api.requests import AskRequest, SearchRequest
from api.responses import problems
from api.schemas import AskResponse, PassageBody, SearchResponse
from api.service import PipelineOf, ServiceOf
from index.errors import UnknownConversation
from retrieval.answer import answer
from retrieval.search import search

router = APIRouter(prefix="/v1", tags=["questions"])


@router.post("/ask", responses=problems(400, 404, 413, 422, 503))
async def ask(
    body: AskRequest, request: Request, service: ServiceOf, pipeline: PipelineOf
) -> AskResponse:
    """Answer a question in the reports' own words, or say that they do not say."""
    if body.conversation_id is not None:
        raise UnknownConversation(body.conversation_id)
    reply = await service.run(answer, body.question, body.filter(), pipeline, body.max_answers)
    return AskResponse.of(reply, http_urls(request))


@router.post("/search", responses=problems(400, 404, 413, 422, 503))
async def find(
    body: SearchRequest, request: Request, service: ServiceOf, pipeline: PipelineOf
) -> SearchResponse:
    """Find the passages nearest to a question."""
    hits = await service.run(
        search,
        body.question,
        body.filter(),
        body.count,
        database=pipeline.database,
        encoder=pipeline.encoder,
        index=pipeline.index,
    )
    url = http_urls(request)
    return SearchResponse(
        question=body.question, passages=[PassageBody.of(hit, url) for hit in hits]
    )
