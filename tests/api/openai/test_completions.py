"""Chat completions, as any HTTP client sees them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from retrieval.types import Pipeline
from tests.api.conftest import Upload
from tests.api.shapes import assert_error

ASKED = "why had the price of gas risen?"
Complete = Callable[..., dict[str, Any]]


@pytest.fixture
def complete(client: TestClient, reports: object) -> Complete:
    def complete(*said: str, **fields: Any) -> dict[str, Any]:
        """The completion of what was said, user and assistant in turn."""
        roles = ["user", "assistant"] * len(said)
        messages = [
            {"role": role, "content": text} for role, text in zip(roles, said, strict=False)
        ]
        body = {"model": "dateline", "messages": messages, **fields}
        response = client.post("/v1/chat/completions", json=body)
        assert response.status_code == 200, response.content
        return dict(response.json())

    return complete


def streamed(client: TestClient, headers: dict[str, str] | None = None, **body: Any) -> list[Any]:
    """The objects of a stream, which must end as the protocol says."""
    body = {"model": "dateline", "stream": True, **body}
    response = client.post("/v1/chat/completions", json=body, headers=headers)
    assert response.status_code == 200, response.content
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    events = response.text.split("\n\n")
    assert events.pop() == ""
    assert all(event.startswith("data: ") for event in events)
    if "error" not in events[-1]:
        assert events.pop() == "data: [DONE]"
    return [json.loads(event.removeprefix("data: ")) for event in events]


def ask(text: Any, role: str = "user") -> dict[str, Any]:
    return {"messages": [{"role": role, "content": text}]}


def content_of(completion: dict[str, Any]) -> str:
    return str(completion["choices"][0]["message"]["content"])


def test_a_completion_has_the_protocols_shape(complete: Complete) -> None:
    made = complete(ASKED)
    assert made.keys() == {"id", "object", "created", "model", "choices", "usage"}
    assert made["object"] == "chat.completion"
    assert made["model"] == "dateline"
    [choice] = made["choices"]
    assert choice.keys() == {"index", "message", "finish_reason", "logprobs"}
    assert choice["message"].keys() == {"role", "content", "refusal", "annotations"}
    assert (choice["index"], choice["finish_reason"]) == (0, "stop")


def test_an_answer_is_bold_in_its_sentence_with_links_and_sources(complete: Complete) -> None:
    content = content_of(complete(ASKED))
    assert content.startswith(
        "> **Residents were angry because the price of gas had risen.** [[1]]("
    )
    assert "\n\n**Sources**\n\n1. [Protests in the republic](" in content
    assert "5 January 2022" in content


def test_annotations_point_at_the_links_in_the_content(
    complete: Complete, client: TestClient
) -> None:
    message = complete(ASKED)["choices"][0]["message"]
    [annotation] = message["annotations"]
    assert annotation["type"] == "url_citation"
    place = annotation["url_citation"]
    link = message["content"][place["start_index"] : place["end_index"]]
    assert link == f"[[1]]({place['url']})"
    assert place["title"] == "Protests in the republic"
    asked = client.post("/v1/ask", json={"question": ASKED}).json()
    assert place["url"] == asked["citations"][0]["url"]


def test_what_the_reports_do_not_say_is_said_with_the_closest_passages(complete: Complete) -> None:
    message = complete("Which cake recipe won?")["choices"][0]["message"]
    assert message["content"].startswith("**The reports do not say.** The closest passages:\n\n> ")
    assert len(message["annotations"]) == message["content"].count("](") // 2


def test_nothing_to_ask_is_said(client: TestClient) -> None:
    response = client.post("/v1/chat/completions", json={"model": "dateline", **ask(ASKED)})
    assert content_of(response.json()).startswith("**The reports do not say.** There are none")


def test_a_model_of_a_collection_answers_from_it_alone(complete: Complete) -> None:
    assert "gas" in content_of(complete(ASKED, model="dateline/default"))
    assert "The reports do not say" in content_of(complete(ASKED, model="dateline/floods"))


def test_days_limit_the_reports(complete: Complete) -> None:
    assert "do not say" in content_of(complete(ASKED, since="2023-01-01"))


def test_a_model_that_is_not_there_is_named_with_those_that_are(
    client: TestClient, reports: object
) -> None:
    for model in ("gpt-4o", "dateline/", "dateline/none", "default"):
        body = {"model": model, **ask(ASKED)}
        response = client.post("/v1/chat/completions", json=body)
        message = assert_error(response, 404, "model_not_found", "model")
        assert "dateline/floods" in message


def test_content_may_be_parts_of_which_text_is_read(complete: Complete, client: TestClient) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    parts = [{"type": "text", "text": "why had the price"}, image]
    body = ask([*parts, {"type": "text", "text": "of gas risen?"}])
    response = client.post("/v1/chat/completions", json={"model": "dateline", **body})
    assert content_of(response.json()) == content_of(complete(ASKED))


def test_other_roles_and_unknown_parameters_are_ignored(complete: Complete) -> None:
    plain = content_of(complete(ASKED))
    messages = [
        {"role": "system", "content": "You are a pirate who talks of floods."},
        {"role": "developer", "content": "houses"},
        {"role": "user", "content": ASKED, "name": "anna"},
        {"role": "tool", "content": "x", "tool_call_id": "1"},
        {"role": "assistant", "content": None, "tool_calls": []},
    ]
    fields = {"temperature": 0.3, "presence_penalty": 1, "user": "u", "max_tokens": 5, "seed": 1}
    assert content_of(complete(messages=messages, **fields)) == plain


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "system", "content": "hello"}],
        [{"role": "user", "content": "  "}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}],
        [{"role": "user"}],
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_no_question_is_an_error_before_anything_is_sent(
    client: TestClient, messages: list[Any], stream: bool
) -> None:
    body = {"model": "dateline", "messages": messages, "stream": stream}
    response = client.post("/v1/chat/completions", json=body)
    assert_error(response, 422, "no_question", "messages")


def test_a_question_that_is_too_long_is_an_error_with_its_status(client: TestClient) -> None:
    body = {"model": "dateline", "stream": True, **ask("gas " * 400)}
    response = client.post("/v1/chat/completions", json=body)
    assert_error(response, 422, "question_too_long", "question")


def test_a_stream_says_the_same_in_pieces(complete: Complete, client: TestClient) -> None:
    chunks = streamed(client, **ask(ASKED))
    assert len({(chunk["id"], chunk["created"], chunk["object"]) for chunk in chunks}) == 1
    assert chunks[0]["object"] == "chat.completion.chunk"
    assert all("usage" not in chunk for chunk in chunks)
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": ""}
    whole = complete(ASKED)["choices"][0]["message"]
    assert "".join(delta.get("content", "") for delta in deltas) == whole["content"]
    assert [delta["annotations"] for delta in deltas if "annotations" in delta] == [
        whole["annotations"]
    ]
    reasons = [chunk["choices"][0]["finish_reason"] for chunk in chunks]
    assert reasons == [None] * (len(chunks) - 1) + ["stop"]


def test_usage_is_streamed_last_if_asked_for(complete: Complete, client: TestClient) -> None:
    *chunks, last = streamed(client, **ask(ASKED), stream_options={"include_usage": True})
    assert all(chunk["usage"] is None for chunk in chunks)
    assert last["choices"] == []
    assert last["usage"] == complete(ASKED)["usage"]


def test_usage_counts_the_encoders_word_pieces(complete: Complete, pipeline: Pipeline) -> None:
    made = complete("where is the mayor?", "In the city.", ASKED)
    count = pipeline.encoder.piece_offsets
    prompt = sum(len(count(text)) for text in ("where is the mayor?", "In the city.", ASKED))
    answer = len(count(content_of(made)))
    assert made["usage"] == {
        "prompt_tokens": prompt,
        "completion_tokens": answer,
        "total_tokens": prompt + answer,
    }


def test_an_error_in_mid_stream_is_an_event_without_choices(
    client: TestClient, reports: object
) -> None:
    limits = {"since": "2023-01-02", "until": "2023-01-01"}
    [first, error] = streamed(client, **ask(ASKED), **limits)
    assert first["choices"]
    assert error.keys() == {"error"}
    assert error["error"].keys() == {"message", "type", "param", "code"}
    assert error["error"]["code"] == "period_empty"


def test_a_fault_in_mid_stream_tells_nothing_of_the_inside(
    client: TestClient, reports: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("api.openai.routes.converse", fail)
    [_, error] = streamed(client, **ask(ASKED))
    assert error["error"]["code"] == "internal_error"
    assert "secret" not in json.dumps(error)


def test_open_webuis_events_are_sent_only_if_asked_for(
    client: TestClient, reports: object, pipeline: Pipeline, settings: Settings
) -> None:
    assert all("event" not in each for each in streamed(client, **ask(ASKED)))
    headers = {"X-Dateline-Source-Events": "true"}
    chunks = streamed(client, headers, **ask(ASKED))
    [event] = [each["event"] for each in chunks if "event" in each]
    assert event["type"] == "source"
    data = event["data"]
    assert data["document"] == ["Residents were angry because the price of gas had risen."]
    assert data["source"]["name"] == data["metadata"][0]["name"] == "Protests in the republic"
    # An address there would be shown in place of the title.
    assert data["source"]["id"] == data["metadata"][0]["source"]
    assert data["source"]["id"].startswith("doc_")
    assert data["source"]["url"].startswith("http")
    assert all("annotations" not in each["choices"][0]["delta"] for each in chunks[2:])
    always = settings.model_copy(update={"source_events": True})
    with TestClient(create_app(always, pipeline)) as other:
        assert any("event" in each for each in streamed(other, **ask(ASKED)))
        off = {"X-Dateline-Source-Events": "false"}
        assert all("event" not in each for each in streamed(other, off, **ask(ASKED)))


def test_a_follow_up_is_understood_by_datelines_own_words_sent_back(complete: Complete) -> None:
    first = content_of(complete(ASKED))
    content = content_of(complete(ASKED, first, "show me the source"))
    assert "Residents were angry" in content
    assert content.startswith(f"*Understood as: {ASKED}*\n\n> Protests in the republic")


def test_report_text_cannot_become_markup(client: TestClient, upload: Upload) -> None:
    upload("<script>alert(1)</script>\n\nThe [link](http://evil) and ![x](y) *hit* `Selmouth`.")
    completion = client.post(
        "/v1/chat/completions", json={"model": "dateline", **ask("what hit Selmouth?")}
    ).json()
    content = content_of(completion)
    assert "Selmouth" in content
    assert "<script>" not in content
    assert r"\[link\](http://evil)" in content
    assert r"!\[x\](y)" in content
    assert r"\<script\>" in content


def test_a_model_per_collection_is_listed_after_all(client: TestClient, reports: object) -> None:
    body = client.get("/v1/models").json()
    assert body["object"] == "list"
    assert [each["id"] for each in body["data"]] == [
        *("dateline", "dateline/default", "dateline/floods")
    ]
    for each in body["data"]:
        assert each.keys() == {"id", "object", "created", "owned_by"}
        assert client.get(f"/v1/models/{each['id']}").json() == each
    assert_error(client.get("/v1/models/gpt-4o"), 404, "model_not_found", "model")


def test_before_the_models_are_loaded_it_says_so(settings: Settings) -> None:
    app: FastAPI = create_app(settings)
    client = TestClient(app)  # not started
    response = client.post("/v1/chat/completions", json={"model": "dateline", **ask(ASKED)})
    assert_error(response, 503, "not_ready")
