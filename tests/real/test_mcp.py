"""The real command and server with the real models, asked by the official client."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from tests.real.test_command import COMMAND, GAS, SECONDS, SEEDS, dateline, environment, make_home
from tests.real.test_command import serve as serving

pytestmark = pytest.mark.real

REPORT = SEEDS / "kazakhstan-2022-01-05.txt"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, models_folder: Path) -> Path:
    """A home with the seeds, which tests share and do not change."""
    home = make_home(tmp_path_factory.mktemp("mcp") / "home", models_folder)
    finished = dateline(home, "ingest", SEEDS)
    assert finished.returncode == 0, finished.stderr
    return home


def run(
    server: StdioServerParameters | str, mode: str, work: Callable[[Client], Awaitable[None]]
) -> None:
    async def connected() -> None:
        async with Client(server, mode=mode, read_timeout_seconds=SECONDS) as client:
            await work(client)

    asyncio.run(connected())


async def converse(client: Client) -> None:
    """Ask, ask on, search, fetch and read, and check the quotes."""
    text = REPORT.read_bytes().decode("utf-8")
    question = "why did protests start?"
    body: dict[str, Any] = (
        await client.call_tool("ask", {"question": question})
    ).structured_content
    answer, citation = body["answers"][0], body["citations"][0]
    assert GAS in answer["text"]
    assert text[answer["start_char_index"] : answer["end_char_index"]] == answer["text"]
    assert body["citations"][0]["source"] == str(REPORT)
    messages = [
        {"role": "user", "content": question},
        {"role": "assistant", "content": answer["text"]},
    ]
    asked = {"question": "show me the source", "messages": messages}
    source = (await client.call_tool("ask", asked)).structured_content
    assert GAS in source["citations"][0]["cited_text"]
    cup = await client.call_tool("ask", {"question": "who won the football cup final?"})
    assert cup.structured_content["answerable"] is False
    found = (await client.call_tool("search", {"query": question})).structured_content
    fetched = await client.call_tool("fetch", {"id": found["results"][0]["id"]})
    assert fetched.structured_content["text"] == text
    read = await client.read_resource(f"dateline://documents/{citation['document_id']}")
    assert read.contents[0].text == text
    assert len((await client.list_resources()).resources) == 6


@pytest.mark.parametrize(("mode", "revision"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
def test_the_command_answers_over_standard_input_and_output(
    seeded: Path, mode: str, revision: str
) -> None:
    async def work(client: Client) -> None:
        assert client.protocol_version == revision
        await converse(client)

    arguments = ["mcp", "--home", str(seeded)]
    server = StdioServerParameters(command=str(COMMAND), args=arguments, env=environment())
    run(server, mode, work)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_service_answers_at_mcp(seeded: Path, mode: str) -> None:
    with serving(seeded) as server:
        run(f"{str(server.client.base_url).rstrip('/')}/mcp", mode, converse)
        assert server.errors[1:] == []


def test_nothing_but_the_protocol_goes_out(seeded: Path) -> None:
    """Asked at once, while the models load, and left at once: it answers, and ends well."""
    client = {"protocolVersion": "2025-11-25", "capabilities": {}}
    client["clientInfo"] = {"name": "test", "version": "1"}
    call = {"name": "ask", "arguments": {"question": "why did protests start?"}}
    running = subprocess.Popen(
        [COMMAND, "mcp", "--home", seeded],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert running.stdin is not None
    assert running.stdout is not None
    answers = []
    for line in (
        "no JSON",
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call},
    ):
        running.stdin.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
        running.stdin.flush()
        if isinstance(line, dict) and "id" in line:
            answers.append(json.loads(running.stdout.readline()))
    rest, complaints = running.communicate(timeout=SECONDS)
    assert [answer["id"] for answer in answers] == [1, 2]
    assert GAS in answers[1]["result"]["structuredContent"]["answers"][0]["text"]
    assert (running.returncode, rest) == (0, "")
    assert "Traceback" not in complaints


def test_the_documented_program_prints_what_is_documented(seeded: Path) -> None:
    page = (SEEDS.parent / "docs" / "mcp.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.+?)```", page, re.DOTALL)
    (printed,) = re.findall(r"```text\n(.+?)```", page, re.DOTALL)
    address = "http://127.0.0.1:8000"
    assert address in program
    with serving(seeded) as server:
        server.wait_until_ready()
        program = program.replace(address, str(server.client.base_url).rstrip("/"))
        finished = subprocess.run(
            [sys.executable, "-c", program],
            env=environment(),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=SECONDS,
            check=False,
        )
    assert (finished.stdout, finished.returncode) == (printed, 0), finished.stderr


def test_the_documented_settings_of_clients_are_json() -> None:
    page = (SEEDS.parent / "docs" / "mcp.md").read_text(encoding="utf-8")
    settings = [json.loads(each) for each in re.findall(r"```json\n(.+?)```", page, re.DOTALL)]
    assert len(settings) == 4
    for each in settings:
        (servers,) = each.values()
        assert servers.keys() == {"dateline"}
