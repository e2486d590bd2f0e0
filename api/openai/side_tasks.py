"""What front ends ask of a model besides the user's questions: titles, tags and the like.

Open WebUI's prompts begin with "### Task:" and name a JSON object to be given; LibreChat's ask for
a title of the conversation that they hold. They are answered from the conversation in them,
without search. Where a front end can say what a request is for, by the header X-Dateline-Task with
Open WebUI's {{TASK}} in it, that decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from enum import Enum

from api.openai.schemas import ChatMessage
from retrieval.english.phrases import find_phrases
from retrieval.english.shorten import shorten

TITLE_CHARACTERS = 50
MOST_TAGS = 3
FOLLOW_UPS = ("Who said that?", "When was that?", "Are you sure?", "Anything else?")
"""Questions about an answer that Dateline has replies to whatever it was."""


class SideTask(Enum):
    """What is asked for, by Open WebUI's names."""

    TITLE = "title_generation"
    PLAIN_TITLE = "plain title"  # LibreChat's
    TAGS = "tags_generation"
    FOLLOW_UPS = "follow_up_generation"
    QUERIES = "query_generation"
    AUTOCOMPLETE = "autocomplete_generation"
    IMAGE_PROMPT = "image_prompt_generation"
    EMOJI = "emoji_generation"
    TOOLS = "function_calling"


_TASK = re.compile(r"\s*#{2,3} Task:\s")
_KEYS = {
    "title": SideTask.TITLE,
    "tags": SideTask.TAGS,
    "follow_ups": SideTask.FOLLOW_UPS,
    "queries": SideTask.QUERIES,
    "text": SideTask.AUTOCOMPLETE,
    "prompt": SideTask.IMAGE_PROMPT,
}
_FORMAT = re.compile(rf'JSON\b[^{{}}]{{0,80}}\{{\s*"({"|".join(_KEYS)})"\s*:', re.I)
_PLAIN_TITLE = re.compile(
    r"\s*(?:Provide a concise, 5-word-or-less title for the conversation\b"
    r"|Analyze this conversation and provide:"
    r"|(?:Please )?(?:generate|write) a (?:short |concise )*title .{0,60}\bconversation\b)",
    re.I,
)
_EMOJI = re.compile(r"\s*Your task is to reflect the speaker's likely facial expression")
_TOOLS = re.compile(r'\s*Available Tools:.*"tool_calls"', re.S)
_SAID = re.compile(r"^\s*(user|human|assistant|ai): ?", re.I | re.M)


def recognise_task(messages: Sequence[ChatMessage], named: str | None) -> SideTask | None:
    """What a request is for besides a question; None for a question of the user's.

    `named` is what the header says; "" says that it is the user's question.
    """
    if named is not None:
        return next((task for task in SideTask if task.value == named), None)
    text = next((each.text for each in reversed(messages) if each.role == "user"), "")
    if _TASK.match(text) and (found := _FORMAT.search(text)):
        return _KEYS[found[1].lower()]
    if _PLAIN_TITLE.match(text) and _SAID.search(text):
        return SideTask.PLAIN_TITLE
    if _EMOJI.match(text):
        return SideTask.EMOJI
    if any(each.role == "system" and _TOOLS.match(each.text) for each in messages):
        return SideTask.TOOLS
    return None


def do_task(task: SideTask, messages: Sequence[ChatMessage]) -> str:
    """What the front end expects: JSON, except for a plain title and an emoji."""
    prompt = next((each.text for each in reversed(messages) if each.role == "user"), "")
    asked, replied = read_chat(prompt)
    return _WORK[task](asked, replied)


def read_chat(prompt: str) -> tuple[list[str], list[str]]:
    """The user's messages and the assistant's in a conversation that a prompt holds."""
    inside = re.search(r"<chat_history>\s*(.*)</chat_history>", prompt, re.S)
    text = inside[1] if inside else prompt
    marks = list(_SAID.finditer(text))
    asked: list[str] = []
    replied: list[str] = []
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        said = text[mark.end() : end].strip()
        (asked if mark[1].lower() in ("user", "human") else replied).append(said)
    return asked, replied


def _title(asked: Sequence[str]) -> str:
    question = asked[0].strip().rstrip("?!. ") if asked else ""
    short = shorten(question, TITLE_CHARACTERS, "…") or "Reports"
    return short[0].upper() + short[1:]


def _tags(asked: Sequence[str]) -> list[str]:
    phrases = [each for text in asked for each in find_phrases(text) if not each.is_generic]
    tags = dict.fromkeys(each.text[0].upper() + each.text[1:] for each in phrases)
    return list(tags)[:MOST_TAGS] or ["General"]


def _follow_ups(replied: Sequence[str]) -> list[str]:
    return list(FOLLOW_UPS) if replied and "% sure)" in replied[-1] else []


_WORK: dict[SideTask, Callable[[Sequence[str], Sequence[str]], str]] = {
    SideTask.TITLE: lambda asked, _: _json("title", _title(asked)),
    SideTask.PLAIN_TITLE: lambda asked, _: _title(asked),
    SideTask.TAGS: lambda asked, _: _json("tags", _tags(asked)),
    SideTask.FOLLOW_UPS: lambda _, replied: _json("follow_ups", _follow_ups(replied)),
    # What the user asked is what to search for.
    SideTask.QUERIES: lambda asked, _: _json("queries", list(asked[-1:])),
    # Only the user knows how the question goes on; and nothing here is to be drawn or felt.
    SideTask.AUTOCOMPLETE: lambda *_: _json("text", ""),
    SideTask.IMAGE_PROMPT: lambda *_: _json("prompt", ""),
    SideTask.EMOJI: lambda *_: "\N{NEWSPAPER}",
    SideTask.TOOLS: lambda *_: _json("tool_calls", []),
}


def _json(name: str, value: object) -> str:
    return json.dumps({name: value}, ensure_ascii=False)
