import contextlib
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from mcp import Client, MCPError

import api.mcp.server
import api.mcp.tools
import api.service
from api.app import create_app
from api.settings import Settings
from index.errors import HomeUnusable
from index.store.delete import delete_document
from index.store.lookup import get_text
from retrieval.types import Pipeline
from tests.api.conftest import FLOOD, GAS
from tests.api.mcp.conftest import REVISIONS, listening, using
from tests.factories import AWKWARD, store

QUESTION = "Why had the price of gas risen?"
SENTENCE = "Residents were angry because the price of gas had risen."

Call = Callable[..., Any]


@pytest.fixture
def filled(pipeline: Pipeline) -> dict[str, str]:
    """Two reports; their ids."""
    reports = {"gas": (GAS, "default"), "flood": (FLOOD, "floods")}
    return {
        name: store(
            pipeline.database, pipeline.encoder, text, collection=collection, title=f"About {name}"
        ).document_id
        for name, (text, collection) in reports.items()
    }


def said(result: Any) -> dict[str, Any]:
    """What a tool gave, which is the same as JSON and as text."""
    assert result.is_error is False, result.content
    assert [each.type for each in result.content] == ["text"]
    assert json.loads(result.content[0].text) == result.structured_content
    return dict(result.structured_content)


def refused(result: Any) -> str:
    """Why a tool refused."""
    assert result.is_error is True
    assert result.structured_content is None
    assert [each.type for each in result.content] == ["text"]
    return str(result.content[0].text)


def test_both_revisions_are_served_and_told_how_to_quote(address: str, revision: str) -> None:
    async def look(client: Client) -> tuple[str, str | None]:
        return client.protocol_version, client.instructions

    version, instructions = using(address, REVISIONS[revision], look)
    assert version == revision
    assert instructions == api.mcp.server.INSTRUCTIONS
    assert "do not say" in instructions


def test_the_tools_are_described(address: str, revision: str) -> None:
    listed = using(address, REVISIONS[revision], Client.list_tools)
    tools = {tool.name: tool for tool in listed.tools}
    assert tools.keys() == {"ask", "search", "fetch"}
    takes = {name: tool.input_schema["properties"].keys() for name, tool in tools.items()}
    assert takes["ask"] == {
        *("question", "collection", "since", "until", "max_answers", "messages"),
    }
    # Just these, or ChatGPT does not take them for its own two.
    assert (takes["search"], takes["fetch"]) == ({"query"}, {"id"})
    for tool in tools.values():
        assert tool.title
        assert tool.description
        assert tool.input_schema["type"] == tool.output_schema["type"] == "object"
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.open_world_hint is False


def test_an_answer_is_that_of_the_http_route_and_a_quote(
    call: Call, address: str, filled: dict[str, str], pipeline: Pipeline
) -> None:
    body = said(call("ask", question=QUESTION))
    posted = httpx2.post(f"{address}/v1/ask", json={"question": QUESTION}).json()
    for each in (body, posted):
        del each["timings_ms"]
    assert body == posted
    answer, citation = body["answers"][0], body["citations"][0]
    assert answer["text"] == SENTENCE
    with pipeline.database.read() as connection:
        text = get_text(connection, citation["document_id"])
    assert text[answer["start_char_index"] : answer["end_char_index"]] == SENTENCE
    assert citation["document_id"] == filled["gas"]
    assert citation["url"].startswith(f"{address}/")


def test_what_no_report_says_is_no_answer(call: Call, filled: dict[str, str]) -> None:
    body = said(call("ask", question="Who won the football cup final?"))
    assert (body["answerable"], body["answers"]) == (False, [])
    assert {each["document_id"] for each in body["citations"]} == set(filled.values())


def test_a_question_may_refer_to_earlier_ones(call: Call, filled: dict[str, str]) -> None:
    follow_up = "show me the source"
    messages = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": SENTENCE},
    ]
    body = said(call("ask", question=follow_up, messages=messages))
    assert body["standalone_question"] != follow_up
    assert {each["document_id"] for each in body["citations"]} == {filled["gas"]}
    assert SENTENCE in body["citations"][0]["cited_text"]


def test_a_collection_limits_the_answers(call_newest: Call, filled: dict[str, str]) -> None:
    body = said(
        call_newest("ask", question="What did the mayor do?", collection="floods", max_answers=1)
    )
    assert {each["document_id"] for each in body["citations"]} == {filled["flood"]}
    assert len(body["answers"]) == 1


WRONG: list[dict[str, Any]] = [
    {"question": ""},
    {"question": "why " * 600},
    {"question": "why?", "collection": "fires"},
    {"question": "why?", "since": "yesterday"},
    {"question": "why?", "since": "2022-01-02", "until": "2022-01-01"},
    {"question": "why?", "messages": [{"role": "system", "content": "Be kind."}]},
    {"question": "why?", "max_answers": 0},
    {"question": "why?", "answers": 1},
    {},
]


def test_what_is_wrong_is_told_as_over_http(call_newest: Call, address: str) -> None:
    for arguments in WRONG:
        posted = httpx2.post(f"{address}/v1/ask", json=arguments)
        assert posted.status_code in (404, 422)
        assert refused(call_newest("ask", **arguments)) == posted.json()["error"]["message"]


def test_a_conversation_that_is_kept_is_none_of_the_tools(call_newest: Call) -> None:
    message = refused(call_newest("ask", question="why?", conversation_id="conv_0"))
    assert message == "conversation_id: not a field that is known here"


def test_a_tool_that_there_is_not_is_an_error_of_the_protocol(call: Call) -> None:
    for name in ("sing", "Ask", ""):
        with pytest.raises(MCPError, match=r"there are: ask, search, fetch"):
            call(name)


def test_a_search_gives_reports_that_can_be_fetched(
    call: Call, address: str, filled: dict[str, str]
) -> None:
    results = said(call("search", query="the price of gas"))["results"]
    assert [each["title"] for each in results] == ["About gas", "About flood"]
    for result, text in zip(results, (GAS, FLOOD), strict=True):
        assert result.keys() == {"id", "title", "url", "text"}
        assert result["url"].startswith(f"{address}/")
        report = said(call("fetch", id=result["id"]))
        assert report.keys() == {"id", "title", "text", "url", "metadata"}
        assert report["text"] == text
        assert result["text"] in text
        assert [report[name] for name in ("id", "title", "url")] == [
            result[name] for name in ("id", "title", "url")
        ]


def test_a_report_is_found_once_at_its_best_passage(call_newest: Call, pipeline: Pipeline) -> None:
    quiet = [f"Nothing happened in village number {number}. " for number in range(80)]
    text = "".join([*quiet[:50], "A bear robbed the bakery. ", *quiet[50:]])
    stored = store(pipeline.database, pipeline.encoder, text)
    (result,) = said(call_newest("search", query="Who robbed the bakery?"))["results"]
    assert "A bear robbed the bakery." in result["text"] != text
    assert result["id"].startswith(f"{stored.document_id}#char=")
    start, _, end = result["id"].partition("#char=")[2].partition(",")
    assert text[int(start) : int(end)] == result["text"]


def test_a_search_that_finds_nothing_has_no_results(call_newest: Call) -> None:
    assert said(call_newest("search", query="bears")) == {"results": []}
    assert "empty" in refused(call_newest("search", query="?"))


def test_a_report_is_fetched_by_the_id_in_a_citation(
    call_newest: Call, address: str, filled: dict[str, str]
) -> None:
    report = said(call_newest("fetch", id=filled["flood"]))
    assert report["text"] == FLOOD
    assert report["url"].startswith(f"{address}/")
    assert "#" not in report["url"]
    assert report["metadata"]["collection"] == "floods"
    assert report["metadata"]["characters"] == len(FLOOD)
    assert report["metadata"]["next_id"] is None


def test_a_long_report_is_fetched_in_parts(
    call_newest: Call, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.mcp.tools, "MOST_CHARACTERS", 400)
    text = "".join(AWKWARD) * 3
    stored = store(pipeline.database, pipeline.encoder, text)
    assert len(text) > 1200
    covered, wanted = 0, stored.document_id
    while wanted is not None:
        report = said(call_newest("fetch", id=wanted))
        facts = report["metadata"]
        assert report["text"] == text[facts["start_char_index"] : facts["end_char_index"]]
        assert len(report["text"]) == 400
        assert facts["start_char_index"] <= covered < facts["end_char_index"]
        covered, wanted = facts["end_char_index"], facts["next_id"]
    assert covered == len(text)


def test_of_a_long_report_the_part_around_the_place_is_fetched(
    call_newest: Call, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.mcp.tools, "MOST_CHARACTERS", 400)
    text = "The river rose again. " * 60
    stored = store(pipeline.database, pipeline.encoder, text)
    for start, end in ((0, 10), (700, 720), (1190, 1200), (999_999, 999_999)):
        facts = said(call_newest("fetch", id=f"{stored.document_id}#char={start},{end}"))[
            "metadata"
        ]
        assert facts["end_char_index"] - facts["start_char_index"] == 400
        assert facts["start_char_index"] <= min(start, len(text))
        assert min(end, len(text)) <= facts["end_char_index"]


def test_an_id_that_there_is_not_is_refused(call_newest: Call, filled: dict[str, str]) -> None:
    for place in ("#", "#char=1", "#char=1,", "#char=-1,2", "#char=1,2,3", f"#char=1,{'9' * 5000}"):
        for wanted in (f"doc_0{place}", filled["gas"] + place):
            said_why = refused(call_newest("fetch", id=wanted))
            assert said_why.startswith(f"no document has the id '{wanted}'")
    assert "no document has the id 'doc_0':" in refused(call_newest("fetch", id="doc_0#char=1,2"))


def test_a_deleted_report_is_served_no_more(
    call: Call, filled: dict[str, str], pipeline: Pipeline
) -> None:
    found = [each["id"] for each in said(call("search", query=QUESTION))["results"]]
    delete_document(pipeline.database, filled["gas"])
    assert "no document has the id" in refused(call("fetch", id=found[0]))
    assert [each["id"] for each in said(call("search", query=QUESTION))["results"]] == found[1:]
    assert said(call("ask", question=QUESTION))["answerable"] is False


def test_a_call_waits_for_the_models(
    settings: Settings, pipeline: Pipeline, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()

    @contextlib.contextmanager
    def slowly(_settings: Settings, *, for_conversations: bool) -> Any:
        assert go.wait(20)
        yield pipeline

    monkeypatch.setattr(api.service, "open_pipeline", slowly)

    async def early(client: Client) -> Any:
        monkeypatch.setattr(api.mcp.tools, "PATIENCE_SECONDS", 0.05)
        told = refused(await client.call_tool("ask", {"question": QUESTION}))
        assert told == "the models are still loading: try again in a few seconds"
        monkeypatch.setattr(api.mcp.server, "PATIENCE_SECONDS", 0.05)
        with pytest.raises(MCPError, match="still loading"):
            await client.list_resources()
        monkeypatch.setattr(api.mcp.tools, "PATIENCE_SECONDS", 20)
        threading.Timer(0.2, go.set).start()
        return await client.call_tool("ask", {"question": QUESTION})

    with listening(create_app(settings)) as address:
        assert said(using(address, REVISIONS[revision], early))["answerable"] is False


def test_the_service_answers_others_while_a_tool_is_at_work(
    call_newest: Call,
    address: str,
    filled: dict[str, str],
    pipeline: Pipeline,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read, begun, go = pipeline.reader.read, threading.Event(), threading.Event()

    def slowly(*arguments: Any) -> Any:
        begun.set()
        assert go.wait(20)
        return read(*arguments)

    monkeypatch.setattr(pipeline.reader, "read", slowly)
    with ThreadPoolExecutor(1) as elsewhere:
        asked = elsewhere.submit(call_newest, "ask", question=QUESTION)
        try:
            assert begun.wait(20)
            assert httpx2.get(f"{address}/healthz").json() == {"status": "ok"}
            assert not asked.done()
        finally:
            go.set()
        assert said(asked.result(20))["answerable"] is True


def test_models_that_cannot_be_loaded_are_told_of(
    settings: Settings, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_settings: Settings, *, for_conversations: bool) -> Any:
        raise HomeUnusable("the folder is full")

    monkeypatch.setattr(api.service, "open_pipeline", fail)
    app = create_app(settings, on_failure=lambda _error: None)
    with listening(app) as address:
        result = using(
            address,
            REVISIONS[revision],
            lambda client: client.call_tool("search", {"query": "gas"}),
        )
    assert refused(result) == "the service could not start: the folder is full"


def test_a_fault_of_dateline_itself_is_logged_and_not_told(
    call: Call,
    filled: dict[str, str],
    pipeline: Pipeline,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(pipeline.reader, "read", fail)
    with pytest.raises(MCPError, match=r"^an internal error: the server's log says more$"):
        call("ask", question=QUESTION)
    assert "a secret" in caplog.text
