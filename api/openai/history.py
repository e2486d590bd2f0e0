"""What was said before, from the messages that a chat front end sends along."""

from __future__ import annotations

import re
from collections.abc import Sequence

from api.errors import NoQuestion
from api.openai.schemas import ChatMessage
from api.render.markdown import SOURCES, unescape
from retrieval.types import Exchange

_LINK = re.compile(r"\s*\[\[\d+\]\]\([^)\s]*\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_SURE = re.compile(r"\s*\([^()]*% sure[^()]*\)\s*$")


def read_conversation(messages: Sequence[ChatMessage]) -> tuple[str, list[Exchange]]:
    """The last question, and the ones before it, each with what was said to it.

    Raises NoQuestion if no message of a user has text.
    """
    exchanges: list[Exchange] = []
    for message in messages:
        text = message.text.strip()
        if message.role == "user" and text:
            exchanges.append(Exchange(text))
        elif message.role == "assistant" and text and exchanges:
            exchanges[-1] = _replied(exchanges[-1], text)
    if not exchanges:
        raise NoQuestion
    return exchanges[-1].question, exchanges[:-1]


def _replied(exchange: Exchange, text: str) -> Exchange:
    """The exchange with what was said; of Dateline's own Markdown, what it quoted."""
    quoted, _, sources = text.partition(f"\n\n{SOURCES}\n")
    if not sources:
        return Exchange(exchange.question, said=f"{exchange.said}\n{text}".strip())
    lines = [line[2:] for line in quoted.split("\n") if line.startswith("> ")]
    answers = [unescape(bold) for line in lines for bold in _BOLD.findall(line)]
    said = "\n".join(_plain(line) for line in lines)
    return Exchange(exchange.question, said=said, answers=tuple(answers))


def _plain(line: str) -> str:
    without = _SURE.sub("", _LINK.sub("", line))
    return unescape(_BOLD.sub(r"\1", without))
