"""The official clients against the service listening on loopback."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from fastapi import FastAPI
from langchain_openai import ChatOpenAI

from tests.api.mcp.conftest import listening

CLIENTS = Path(__file__).parents[2] / "clients"
QUESTION = "Why had the price of gas risen?"
SENTENCE = "Residents were angry because the price of gas had risen."


@pytest.fixture
def base(app: FastAPI) -> Iterator[str]:
    """The address of a service with one report."""
    report = {"text": f"Protests\n2022-01-05\n\n{SENTENCE}", "source": "gas.txt"}
    with listening(app) as address:
        httpx2.post(
            f"{address}/v1/documents", params={"wait": True}, json=report, timeout=30
        ).raise_for_status()
        yield f"{address}/v1"


@pytest.fixture
def chat(base: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=base, api_key="none", max_retries=0) as chat:
        yield chat


def messages() -> list[Any]:
    return [{"role": "user", "content": QUESTION}]


def test_the_python_client_gets_an_answer_with_annotations_into_it(chat: openai.OpenAI) -> None:
    made = chat.chat.completions.create(model="dateline", messages=messages())
    message = made.choices[0].message
    assert message.content is not None
    assert SENTENCE in message.content.replace("*", "")
    assert message.annotations
    for each in message.annotations:
        place = each.url_citation
        shown = message.content[place.start_index : place.end_index]
        assert place.url in shown
    assert made.usage is not None
    assert made.usage.total_tokens == made.usage.prompt_tokens + made.usage.completion_tokens


def test_the_python_client_streams_the_same_text_and_usage(chat: openai.OpenAI) -> None:
    whole = chat.chat.completions.create(model="dateline", messages=messages())
    chunks = list(
        chat.chat.completions.create(
            model="dateline",
            messages=messages(),
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    assert len({(each.id, each.created) for each in chunks}) == 1
    text = "".join(each.choices[0].delta.content or "" for each in chunks if each.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].choices == []
    assert chunks[-1].usage == whole.usage


def test_the_python_client_streams_without_blocking(base: str) -> None:
    async def ask() -> str:
        async with openai.AsyncOpenAI(base_url=base, api_key="none", max_retries=0) as chat:
            stream = await chat.chat.completions.create(
                model="dateline", messages=messages(), stream=True
            )
            return "".join([each.choices[0].delta.content or "" async for each in stream])

    assert SENTENCE in asyncio.run(ask()).replace("*", "")


def test_the_python_client_lists_models_and_embeds(chat: openai.OpenAI) -> None:
    models = [each.id for each in chat.models.list()]
    assert models[0] == "dateline"
    assert chat.models.retrieve(models[-1]).id == models[-1]
    # The client asks for base64 unless told, and decodes it.
    decoded = chat.embeddings.create(model="dateline", input=[QUESTION]).data[0].embedding
    plain = chat.embeddings.create(model="dateline", input=[QUESTION], encoding_format="float")
    assert decoded == pytest.approx(plain.data[0].embedding, abs=1e-6)


def test_the_python_client_raises_its_own_error_for_an_unknown_model(chat: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as raised:
        chat.chat.completions.create(model="nothing", messages=messages())
    assert raised.value.code == "model_not_found"


def test_langchain_asks_and_streams(base: str) -> None:
    model = ChatOpenAI(base_url=base, api_key=lambda: "none", model="dateline", max_retries=0)
    said = model.invoke(QUESTION)
    assert SENTENCE in str(said.content).replace("*", "")
    assert "".join(str(each.content) for each in model.stream(QUESTION)) == said.content


@pytest.mark.skipif(
    shutil.which("node") is None or not (CLIENTS / "node_modules").is_dir(),
    reason="needs node, and the client: npm ci --prefix tests/clients",
)
def test_the_javascript_client_asks_and_streams(base: str) -> None:
    command = ["node", str(CLIENTS / "chat.mjs"), base, QUESTION]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    got = json.loads(ran.stdout)
    assert SENTENCE in got["content"].replace("*", "")
    assert got["streamed"] == got["content"]
    assert got["annotations"][0]["url_citation"]["title"] == "Protests"
    assert got["usage"]["total_tokens"] > got["usage"]["prompt_tokens"] > 0
    assert got["models"][0] == "dateline"
