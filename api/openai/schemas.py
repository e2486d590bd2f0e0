"""The JSON of the OpenAI protocol, in and out. Fields that Dateline has no use for are ignored."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.fields import Day, Text

MAX_MESSAGES = 1000
MAX_INPUTS = 2048


class Part(BaseModel):
    """A part of a message; those that are not text are not read."""

    type: str
    text: Text | None = None


class ChatMessage(BaseModel):
    """What was said. Only what user and assistant said is read."""

    role: str
    content: Text | list[Part] | None = None

    @property
    def text(self) -> str:
        """All that is text in it."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream says besides the answer."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A conversation whose last question is to be answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": "dateline",
                    "messages": [{"role": "user", "content": "why did protests start?"}],
                }
            ]
        }
    )

    model: Text = Field(description="`dateline` for all reports, `dateline/NAME` for a collection.")
    messages: list[ChatMessage] = Field(
        min_length=1,
        max_length=MAX_MESSAGES,
        description="The last of role `user` is the question; it may refer to what was said "
        "before. Content is text or a list of parts, of which only text is read.",
    )
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    since: Day | None = Field(None, description="Dateline's own: reports of this day or later.")
    until: Day | None = Field(None, description="Dateline's own: reports of this day or earlier.")


class UrlCitation(BaseModel):
    """Where a quote stands; `content[start_index:end_index]` is the link to it."""

    start_index: int
    end_index: int
    url: str
    title: str


class Annotation(BaseModel):
    """A citation, nested as chat completions have it."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class AnswerMessage(BaseModel):
    """The answer, as Markdown."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class Choice(BaseModel):
    """The one answer."""

    index: int = 0
    message: AnswerMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Usage(BaseModel):
    """Word pieces of the encoder, counted."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(BaseModel):
    """An answer that is not streamed."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage


class ChunkChoice(BaseModel):
    """A piece of the answer."""

    index: int = 0
    delta: dict[str, Any]
    finish_reason: Literal["stop"] | None = None
    logprobs: None = None


class ModelBody(BaseModel):
    """A model: all reports, or a collection."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str = "dateline"


class ModelList(BaseModel):
    """All models."""

    object: Literal["list"] = "list"
    data: list[ModelBody]


class EmbeddingsRequest(BaseModel):
    """Texts to embed with the encoder that the reports are searched by."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"model": "dateline", "input": ["price of gas"]}]}
    )

    model: Text = Field(description="`dateline`, or the encoder's own name.")
    input: Text | Annotated[list[Text], Field(min_length=1, max_length=MAX_INPUTS)] = Field(
        description="A text or several, none empty; token numbers are not taken."
    )
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = Field(None, description="If given, that of the encoder.")


class EmbeddingBody(BaseModel):
    """A unit vector; in base64 if asked for: float32, little endian."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class EmbeddingsUsage(BaseModel):
    """Word pieces of the encoder, counted."""

    prompt_tokens: int
    total_tokens: int


class EmbeddingsBody(BaseModel):
    """A vector for each text, in order."""

    object: Literal["list"] = "list"
    data: list[EmbeddingBody]
    model: str
    usage: EmbeddingsUsage
