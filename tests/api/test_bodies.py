"""Bodies that are no request, and requests to no route: each is refused in the one shape."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message

from tests.api.conftest import GAS
from tests.api.shapes import assert_error

POSTED = ["/v1/ask", "/v1/search", "/v1/documents"]
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("route", POSTED)
@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"question": "why?"',
        b'{"question": why}',
        b"{'question': 'why?'}",
        b"\xff\xfe\xfd",
        b'{"question": "\xe9t\xe9", "text": "\xe9"}',
        b"[" * 100_000,
        b'{"question": ' * 20_000,
        b"[" * 100_000 + b"]" * 100_000,
    ],
    ids=range(9),
)
def test_what_is_no_json_is_refused(client: TestClient, route: str, content: bytes) -> None:
    response = client.post(route, content=content, headers=JSON)
    message = assert_error(response, 400, "invalid_json")
    assert message.startswith("the body is not JSON: ")


@pytest.mark.parametrize("route", POSTED)
@pytest.mark.parametrize("content", [b"[]", b'["why?"]', b'"why?"', b"5", b"null", b""])
def test_json_that_is_no_object_is_refused(client: TestClient, route: str, content: bytes) -> None:
    response = client.post(route, content=content, headers=JSON)
    assert_error(response, 422, "invalid_value", "body")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize("route", POSTED)
def test_a_body_that_is_not_called_json_is_refused(
    client: TestClient, route: str, kind: str
) -> None:
    content = b'{"question": "why?"}'
    response = client.post(route, content=content, headers={"Content-Type": kind})
    assert_error(response, 422, "invalid_value", "body")


@pytest.mark.parametrize(
    ("route", "field"),
    [
        ("/v1/ask", "question"),
        ("/v1/ask", "collection"),
        ("/v1/ask", "conversation_id"),
        ("/v1/ask", "since"),
        ("/v1/search", "question"),
        ("/v1/documents", "text"),
        ("/v1/documents", "title"),
        ("/v1/documents", "source"),
        ("/v1/documents", "collection"),
    ],
)
def test_half_a_surrogate_pair_is_refused(client: TestClient, route: str, field: str) -> None:
    body = {"question": "why?"} if route != "/v1/documents" else {"text": GAS}
    content = json.dumps(body | {field: "a\ud800b"}).encode()
    assert_error(client.post(route, content=content, headers=JSON), 422, "invalid_value", field)


def test_a_whole_surrogate_pair_is_one_character(client: TestClient) -> None:
    content = b'{"question": "why \\ud83d\\ude00?"}'
    response = client.post("/v1/ask", content=content, headers=JSON)
    assert response.json()["question"] == "why \U0001f600?"


def test_a_field_whose_name_is_no_unicode_is_refused(client: TestClient) -> None:
    content = b'{"question": "why?", "\\ud800": 1}'
    response = client.post("/v1/ask", content=content, headers=JSON)
    assert_error(response, 422, "invalid_value", "body")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", "1" * 4000])
def test_a_number_that_is_none_is_refused(client: TestClient, value: str) -> None:
    content = f'{{"question": "why?", "max_answers": {value}}}'.encode()
    response = client.post("/v1/ask", content=content, headers=JSON)
    assert_error(response, 422, "invalid_value", "max_answers")


def test_a_number_too_long_to_read_is_refused(client: TestClient) -> None:
    content = b'{"question": "why?", "max_answers": ' + b"1" * 10_000 + b"}"
    response = client.post("/v1/ask", content=content, headers=JSON)
    assert_error(response, 400, "invalid_json")


@pytest.mark.parametrize("path", ["/v1", "/v1/asks", "/v1/documents/a/b", "/static-offline-docs/x"])
def test_an_unknown_route_is_not_found(client: TestClient, path: str) -> None:
    assert_error(client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/ask", "POST"),
        ("GET", "/v1/search", "POST"),
        ("PUT", "/v1/documents", "GET"),
        ("POST", "/v1/documents/doc_0", "GET"),
        ("POST", "/v1/documents/doc_0/text", "GET"),
        ("DELETE", "/v1/collections", "GET"),
        ("POST", "/healthz", "GET"),
    ],
)
def test_a_wrong_method_is_refused(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    response = client.request(method, path)
    assert_error(response, 405, "method_not_allowed")
    assert allowed in response.headers["allow"]


@pytest.mark.parametrize("route", POSTED)
def test_a_body_announced_over_the_limit_is_refused(client: TestClient, route: str) -> None:
    content = json.dumps({"text": "rain " * 100_000}).encode()
    message = assert_error(
        client.post(route, content=content, headers=JSON), 413, "request_too_large"
    )
    assert "400,000 bytes" in message


@pytest.mark.parametrize("route", POSTED)
def test_a_body_that_grows_over_the_limit_is_refused(client: TestClient, route: str) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(100):
            yield b"rain " * 1000
        yield b'"}'

    response = client.post(route, content=chunks(), headers=JSON)
    assert_error(response, 413, "request_too_large")
    assert client.get("/v1/documents").json()["total"] == 0


def test_no_more_is_read_of_a_body_than_the_limit(app: FastAPI) -> None:
    read = 0
    sent: list[Message] = []

    async def receive() -> Message:
        nonlocal read
        read += 50_000
        return {"type": "http.request", "body": b" " * 50_000, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "scheme": "http",
        "method": "POST",
        "path": "/v1/ask",
        "raw_path": b"/v1/ask",
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 413
    assert read <= 500_000


def test_a_body_just_at_the_limit_is_taken(client: TestClient) -> None:
    content = json.dumps({"text": "The mayor fled."}).encode()
    content += b" " * (400_000 - len(content))
    assert client.post("/v1/documents", content=content, headers=JSON).status_code == 202
    assert_error(
        client.post("/v1/documents", content=content + b" ", headers=JSON),
        413,
        "request_too_large",
    )


@pytest.mark.parametrize("host", ["[", "[::1", "a b", "", "\x7f", "x" * 5000])
def test_a_host_that_is_none_does_no_harm(client: TestClient, host: str) -> None:
    client.post("/v1/documents", json={"text": GAS})
    fields = {"question": "What did the mayor do?"}
    response = client.post("/v1/ask", json=fields, headers={"Host": host})
    assert response.status_code in (200, 400)
