"""/v1/conversations: what was asked and replied, kept."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Request, Response

from api.problems import problems
from api.render.markdown import file_name, write_markdown
from api.schemas.conversations import (
    ConversationBody,
    ConversationList,
    ConversationRequest,
    RenameRequest,
    TranscriptBody,
)
from api.service import PipelineOf, ServiceOf
from api.urls import http_urls
from index.store.lookup import get_documents
from retrieval.conversation.store import (
    cited_documents,
    count_conversations,
    create_conversation,
    delete_conversation,
    get_conversation,
    list_conversations,
    list_turns,
    prune_conversations,
    rename_conversation,
)
from retrieval.types import Pipeline

router = APIRouter(prefix="/v1/conversations", tags=["conversations"], responses=problems(401))

_MEDIA_TYPES = {"json": "application/json", "markdown": "text/markdown"}


@router.post("", status_code=201, responses=problems(400, 413, 422, 503))
def create(
    pipeline: PipelineOf,
    service: ServiceOf,
    body: Annotated[ConversationRequest | None, Body()] = None,
) -> ConversationBody:
    """Begin a conversation, to be carried on by `conversation_id` in `/v1/ask`."""
    with pipeline.database.write() as connection:
        prune_conversations(connection, service.settings.conversation_days)
        made = create_conversation(connection, None if body is None else body.title)
    return ConversationBody.of(made)


@router.get("", responses=problems(422, 503))
def list_all(
    pipeline: PipelineOf,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> ConversationList:
    """List conversations, the one last asked in first."""
    with pipeline.database.read() as connection:
        found = list_conversations(connection, count=limit, offset=offset)
        total = count_conversations(connection)
    return ConversationList(
        conversations=[ConversationBody.of(each) for each in found], total=total
    )


@router.get("/{conversation_id}", responses=problems(404, 422, 503))
def read(conversation_id: str, request: Request, pipeline: PipelineOf) -> TranscriptBody:
    """Read a conversation. Quotes are copies: they stay when their report is deleted."""
    return _transcript(conversation_id, request, pipeline)


@router.patch("/{conversation_id}", responses=problems(400, 404, 413, 422, 503))
def rename(conversation_id: str, body: RenameRequest, pipeline: PipelineOf) -> ConversationBody:
    """Give a conversation another title."""
    with pipeline.database.write() as connection:
        rename_conversation(connection, conversation_id, body.title)
        return ConversationBody.of(get_conversation(connection, conversation_id))


@router.delete("/{conversation_id}", status_code=204, responses=problems(404, 422, 503))
def delete(conversation_id: str, pipeline: PipelineOf) -> None:
    """Delete a conversation with all its questions, replies and quotes."""
    with pipeline.database.write() as connection:
        delete_conversation(connection, conversation_id)


@router.get(
    "/{conversation_id}/export",
    # As for a report's text: a class of its own here would describe the errors by it.
    response_class=Response,
    responses=problems(404, 422, 503)
    | {
        200: {
            "description": "A file to save.",
            "content": {
                "text/markdown": {"schema": {"type": "string"}},
                "application/json": {"schema": {"$ref": "#/components/schemas/TranscriptBody"}},
            },
        }
    },
)
def export(
    conversation_id: str,
    request: Request,
    pipeline: PipelineOf,
    kind: Annotated[Literal["json", "markdown"], Query(alias="format")] = "markdown",
) -> Response:
    """Save a conversation as a file, with its citations."""
    transcript = _transcript(conversation_id, request, pipeline)
    if kind == "json":
        content = transcript.model_dump_json(indent=2) + "\n"
    else:
        content = write_markdown(transcript)
    return Response(
        content.encode("utf-8"),
        media_type=f"{_MEDIA_TYPES[kind]}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(transcript, kind)}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _transcript(conversation_id: str, request: Request, pipeline: Pipeline) -> TranscriptBody:
    with pipeline.database.read() as connection:
        conversation = get_conversation(connection, conversation_id)
        turns = list_turns(connection, conversation_id)
        there = get_documents(connection, cited_documents(turn.reply for turn in turns))
    return TranscriptBody.made_of(conversation, turns, http_urls(request), there.keys())
