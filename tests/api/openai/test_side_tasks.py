"""Titles, tags and other things that front ends ask of a model."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.openai.schemas import ChatMessage
from api.openai.side_tasks import SideTask, do_task, read_chat, recognise_task

CHAT = """USER: Why did the dyke at Quendlow give way?
ASSISTANT: > because **meltwater had softened its clay core** [[1]](http://x) (96% sure)

user: is a word in it
USER: Who said that?
ASSISTANT: > **the Authority** (86% sure)"""

TITLE = f"""### Task:
Generate a concise title summarizing the chat history.
### Guidelines:
- Keep it short: 2-4 words is best.
### Output:
JSON format: {{ "title": "your concise title here" }}
### Examples:
- {{ "title": "Stock Trends" }},
### Chat History:
<chat_history>
{CHAT}
</chat_history>"""
TAGS = TITLE.replace('"title": "your concise title here"', '"tags": ["tag1", "tag2"]')
FOLLOW_UPS = TITLE.replace('"title": "your concise title here"', '"follow_ups": ["one"]')
QUERIES = TITLE.replace("JSON format: {", "Strictly return in JSON format:\n{\n ").replace(
    '"title": "your concise title here"', '"queries": ["query1"]'
)
AUTOCOMPLETE = """### Task:
You are an autocompletion system. Continue the text in `<text>`.
### **Output Rules**:
- Respond only in JSON format: `{ "text": "<your_completion>" }`.
<text>why did</text>"""
LIBRECHAT = """Provide a concise, 5-word-or-less title for the conversation, using its same \
language, with no punctuation. Apply title case conventions appropriate for the language.

Conversation:
User: Why did the dyke at Quendlow give way?
AI: meltwater"""
EMOJI = "Your task is to reflect the speaker's likely facial expression through a fitting emoji."


def user(text: str) -> list[ChatMessage]:
    return [ChatMessage(role="user", content=text)]


@pytest.mark.parametrize(
    ("prompt", "task"),
    [
        (TITLE, SideTask.TITLE),
        (TAGS, SideTask.TAGS),
        (FOLLOW_UPS, SideTask.FOLLOW_UPS),
        (QUERIES, SideTask.QUERIES),
        (AUTOCOMPLETE, SideTask.AUTOCOMPLETE),
        (LIBRECHAT, SideTask.PLAIN_TITLE),
        (EMOJI, SideTask.EMOJI),
    ],
)
def test_a_front_ends_prompt_is_told_from_a_question(prompt: str, task: SideTask) -> None:
    assert recognise_task(user(prompt), None) is task


@pytest.mark.parametrize(
    "question",
    [
        "what does '### Task:' mean in the report, in JSON format?",
        "### Task: find out who said that the dyke was safe",
        "who gave the conversation its title?",
        "Generate a title",
        "write a concise title for a conversation about floods",
    ],
)
def test_a_users_question_is_not_taken_for_one(question: str) -> None:
    assert recognise_task(user(question), None) is None


def test_a_prompt_about_tools_calls_none() -> None:
    system = ChatMessage(role="system", content='Available Tools: []\n... "tool_calls": [] ...')
    assert recognise_task([system, *user("Query: why?")], None) is SideTask.TOOLS
    assert json.loads(do_task(SideTask.TOOLS, user("why?"))) == {"tool_calls": []}


def test_a_header_decides() -> None:
    assert recognise_task(user("anything"), "tags_generation") is SideTask.TAGS
    assert recognise_task(user(TITLE), "") is None
    assert recognise_task(user(TITLE), "something_new") is None


def test_a_chat_is_read_out_of_a_prompt() -> None:
    asked, replied = read_chat(TITLE)
    assert asked[0] == "Why did the dyke at Quendlow give way?"
    assert asked[-1] == "Who said that?"
    assert replied[-1].startswith("> **the Authority**")


def test_a_title_is_the_first_question() -> None:
    title = json.loads(do_task(SideTask.TITLE, user(TITLE)))["title"]
    assert title == "Why did the dyke at Quendlow give way"
    assert do_task(SideTask.PLAIN_TITLE, user(LIBRECHAT)) == title
    long = LIBRECHAT.replace("give way", "give way " + "and " * 40)
    assert len(do_task(SideTask.PLAIN_TITLE, user(long))) <= 51


def test_tags_are_what_was_asked_about() -> None:
    tags = json.loads(do_task(SideTask.TAGS, user(TAGS)))["tags"]
    assert "Dyke" in tags
    assert "Quendlow" in tags
    assert json.loads(do_task(SideTask.TAGS, user("no chat"))) == {"tags": ["General"]}


def test_follow_ups_are_suggested_only_to_an_answer() -> None:
    made = json.loads(do_task(SideTask.FOLLOW_UPS, user(FOLLOW_UPS)))["follow_ups"]
    assert "Who said that?" in made
    silent = FOLLOW_UPS.replace("% sure)", ")")
    assert json.loads(do_task(SideTask.FOLLOW_UPS, user(silent))) == {"follow_ups": []}


def test_what_to_search_for_is_the_last_question() -> None:
    assert json.loads(do_task(SideTask.QUERIES, user(QUERIES))) == {"queries": ["Who said that?"]}


@pytest.mark.parametrize("stream", [False, True])
def test_they_are_answered_without_a_search(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, stream: bool
) -> None:
    def fail(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("api.openai.routes.converse", fail)
    messages = [{"role": "user", "content": TITLE}]
    response = client.post(
        "/v1/chat/completions", json={"model": "dateline", "messages": messages, "stream": stream}
    )
    assert response.status_code == 200
    assert "Why did the dyke" in response.text


def test_a_header_names_the_task_over_http(client: TestClient) -> None:
    response = client.post(
        "/v1/chat/completions",
        json={"model": "dateline", "messages": [{"role": "user", "content": CHAT}]},
        headers={"X-Dateline-Task": "title_generation"},
    )
    content = response.json()["choices"][0]["message"]["content"]
    assert json.loads(content) == {"title": "Why did the dyke at Quendlow give way"}
