"""/v1/chat/completions, /v1/models and /v1/embeddings: the OpenAI protocol."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse

from api.openai.embed import count_usage, embed_texts
from api.openai.history import read_conversation
from api.openai.models import find_collection, list_models
from api.openai.schemas import (
    AnswerMessage,
    ChatRequest,
    Choice,
    Completion,
    EmbeddingsBody,
    EmbeddingsRequest,
    ModelBody,
    ModelList,
)
from api.openai.side_tasks import do_task, recognise_task
from api.openai.stream import Streamed, source_events, stream_answer
from api.problems import problems
from api.render.markdown import Composed, compose
from api.routes.jobs import stream_events
from api.schemas.asking import Url
from api.service import PipelineOf, ServiceOf
from api.urls import http_urls
from index.types import Filter
from retrieval.answer import MAX_ANSWERS
from retrieval.converse import converse
from retrieval.search.hybrid import check_question
from retrieval.types import Pipeline

router = APIRouter(prefix="/v1", tags=["OpenAI protocol"], responses=problems(401))


@router.post(
    "/chat/completions",
    # A class of its own here would describe the errors by it.
    response_class=Response,
    responses=problems(400, 404, 413, 422, 503)
    | {
        200: {
            "description": "The answer as Markdown: each in its sentence, then the sources. With "
            "`stream`, server-sent events that end with `data: [DONE]`.",
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/Completion"}},
                "text/event-stream": {"schema": {"type": "string"}},
            },
        }
    },
)
async def complete(
    body: ChatRequest,
    request: Request,
    service: ServiceOf,
    pipeline: PipelineOf,
    task: Annotated[
        str | None,
        Header(alias="X-Dateline-Task", description="What it is for: Open WebUI's `{{TASK}}`."),
    ] = None,
    events: Annotated[
        bool | None,
        Header(
            alias="X-Dateline-Source-Events",
            description="Whether Open WebUI's events that show the passages are streamed.",
        ),
    ] = None,
) -> Response:
    """Answer the last question of a conversation in the reports' own words.

    Requests that front ends make for titles, tags and the like are told apart and served without
    a search. Nothing is kept.
    """
    with pipeline.database.read() as connection:
        collection = find_collection(connection, body.model)
    with_sources = service.settings.source_events if events is None else events
    answer = _answerer(body, collection, http_urls(request), pipeline, task, with_sources)
    completion_id, created = f"chatcmpl-{uuid.uuid4().hex}", int(time.time())
    if not body.stream:
        streamed = await service.run(answer)
        message = AnswerMessage(
            content=streamed.composed.content, annotations=list(streamed.composed.annotations)
        )
        completion = Completion(
            id=completion_id,
            created=created,
            model=body.model,
            choices=[Choice(message=message)],
            usage=streamed.usage,
        )
        return JSONResponse(completion.model_dump())

    async def work() -> Streamed:
        return await service.run(answer)

    return stream_events(
        stream_answer(
            {
                "id": completion_id,
                "object": "chat.completion.chunk",
                "created": created,
                "model": body.model,
            },
            work,
            include_usage=body.stream_options is not None and body.stream_options.include_usage,
        )
    )


def _answerer(
    body: ChatRequest,
    collection: str | None,
    url: Url,
    pipeline: Pipeline,
    named: str | None,
    with_sources: bool,
) -> Callable[[], Streamed]:
    """What works the answer out, once what can be told without has been checked."""
    prompts = [each.text for each in body.messages]
    task = recognise_task(body.messages, named)
    if task is not None:
        done = Composed((do_task(task, body.messages),))
        return lambda: Streamed(done, count_usage(prompts, done.content, pipeline.encoder))
    question, history = read_conversation(body.messages)
    check_question(question, pipeline.encoder)
    limit = Filter(collection, body.since, body.until)

    def answer() -> Streamed:
        reply = converse(question, limit, pipeline, MAX_ANSWERS, history)
        composed = compose(reply, url)
        usage = count_usage(prompts, composed.content, pipeline.encoder)
        sources = source_events(reply, url) if with_sources else ()
        return Streamed(composed, usage, sources)

    return answer


@router.get("/models", responses=problems(503))
def models(pipeline: PipelineOf) -> ModelList:
    """List what can be asked: all reports, and each collection."""
    with pipeline.database.read() as connection:
        return ModelList(data=list_models(connection))


@router.get("/models/{model:path}", responses=problems(404, 422, 503))
def model(model: str, pipeline: PipelineOf) -> ModelBody:
    """What is known of a model."""
    with pipeline.database.read() as connection:
        find_collection(connection, model)
        return next(each for each in list_models(connection) if each.id == model)


@router.post("/embeddings", responses=problems(400, 404, 413, 422, 503))
async def embeddings(
    body: EmbeddingsRequest, service: ServiceOf, pipeline: PipelineOf
) -> EmbeddingsBody:
    """Embed texts with the encoder that the reports are searched by."""
    return await service.run(embed_texts, body, pipeline.encoder, service.settings.encoder)
