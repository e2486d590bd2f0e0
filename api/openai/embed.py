"""Embed texts for clients of the OpenAI protocol."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from api.errors import DimensionsUnusable, InputUnusable, UnknownModel
from api.openai.models import ALL
from api.openai.schemas import (
    EmbeddingBody,
    EmbeddingsBody,
    EmbeddingsRequest,
    EmbeddingsUsage,
    Usage,
)
from index.types import Encoder, Vector


def count_tokens(texts: Iterable[str], encoder: Encoder) -> int:
    """Word pieces of all texts together, special tokens not counted."""
    return sum(len(encoder.piece_offsets(text)) for text in texts)


def count_usage(prompts: Iterable[str], completion: str, encoder: Encoder) -> Usage:
    """Tokens of all messages, and of the answer's text."""
    prompt, answer = count_tokens(prompts, encoder), count_tokens([completion], encoder)
    return Usage(prompt_tokens=prompt, completion_tokens=answer, total_tokens=prompt + answer)


def embed_texts(asked: EmbeddingsRequest, encoder: Encoder, name: str) -> EmbeddingsBody:
    """A vector for each text; none is cut short. `name` is the encoder's.

    Raises UnknownModel, DimensionsUnusable, and InputUnusable for a text that is empty or too long.
    """
    if asked.model not in (ALL, name):
        raise UnknownModel(asked.model, [ALL, name])
    if asked.dimensions not in (None, encoder.dimensions):
        raise DimensionsUnusable(encoder.dimensions)
    texts = [asked.input] if isinstance(asked.input, str) else asked.input
    total = 0
    for number, text in enumerate(texts):
        pieces = count_tokens([text], encoder)
        if not text.strip():
            raise InputUnusable(number, "it is empty")
        if pieces > encoder.max_pieces:
            raise InputUnusable(
                number, f"{pieces:,} word pieces are more than {encoder.max_pieces}: split it"
            )
        total += pieces
    return EmbeddingsBody(
        data=[
            EmbeddingBody(index=number, embedding=_write(vector, asked.encoding_format))
            for number, vector in enumerate(encoder.embed_passages(texts))
        ],
        model=asked.model,
        usage=EmbeddingsUsage(prompt_tokens=total, total_tokens=total),
    )


def _write(vector: Vector, encoding: str) -> list[float] | str:
    if encoding == "base64":
        return base64.b64encode(vector.astype("<f4").tobytes()).decode("ascii")
    return [float(value) for value in vector]
