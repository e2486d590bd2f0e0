"""Count tokens: the encoder's word pieces."""

from __future__ import annotations

from collections.abc import Iterable

from api.openai.schemas import Usage
from index.types import Encoder


def count_tokens(texts: Iterable[str], encoder: Encoder) -> int:
    """Word pieces of all texts together, special tokens not counted."""
    return sum(len(encoder.piece_offsets(text)) for text in texts)


def count_usage(prompts: Iterable[str], completion: str, encoder: Encoder) -> Usage:
    """Tokens of all messages, and of the answer's text."""
    prompt, answer = count_tokens(prompts, encoder), count_tokens([completion], encoder)
    return Usage(prompt_tokens=prompt, completion_tokens=answer, total_tokens=prompt + answer)
