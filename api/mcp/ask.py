"""The tool `ask`: what `POST /v1/ask` answers."""

from __future__ import annotations

from api.requests import Question, read_messages
from api.schemas import AskResponse, Url
from retrieval.answer import Pipeline
from retrieval.converse import converse


def ask(asked: Question, pipeline: Pipeline, url: Url) -> AskResponse:
    """Quotes that answer, or that the reports do not say. Raises what `converse` does."""
    said = read_messages(asked.messages or [])
    reply = converse(asked.question, asked.filter(), pipeline, asked.max_answers, said)
    return AskResponse.of(reply, url)
