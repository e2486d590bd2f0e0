import json
from typing import Any

import httpx2
import pytest

from tests.api.conftest import GAS
from tests.api.shapes import assert_error

ACCEPTED = {"Accept": "application/json, text/event-stream"}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


def post(address: str, body: Any, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.post(f"{address}/mcp", json=body, headers={**ACCEPTED, **named})


def test_a_session_lasts_until_its_client_ends_it(address: str) -> None:
    begun = post(address, INITIALIZE)
    assert begun.status_code == 200
    assert begun.headers["content-type"] == "application/json"
    assert begun.json()["result"]["protocolVersion"] == "2025-11-25"
    session = {"mcp_session_id": begun.headers["mcp-session-id"]}
    initialized = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    assert post(address, initialized, **session).status_code == 202
    listing = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
    assert len(post(address, listing, **session).json()["result"]["tools"]) == 3
    ended = httpx2.delete(f"{address}/mcp", headers={"mcp-session-id": session["mcp_session_id"]})
    assert ended.status_code == 200
    assert post(address, listing, **session).status_code == 404


def test_in_the_stateless_revision_a_request_stands_alone(address: str) -> None:
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    call = {"name": "search", "arguments": {"query": "gas"}, "_meta": meta}
    response = post(
        address,
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
        mcp_protocol_version="2026-07-28",
        mcp_method="tools/call",
        mcp_name="search",
    )
    assert response.status_code == 200, response.content
    assert "mcp-session-id" not in response.headers
    result = response.json()["result"]
    assert (result["resultType"], result["isError"]) == ("complete", False)
    assert result["structuredContent"] == {"results": []}


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://evil.example:80"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_page_of_another_site_is_refused(address: str, origin: str, method: str) -> None:
    response = httpx2.request(
        method, f"{address}/mcp", json=INITIALIZE, headers={**ACCEPTED, "Origin": origin}
    )
    message = assert_error(response, 403, "foreign_origin")
    assert origin in message
    assert "mcp-session-id" not in response.headers


def test_a_page_of_this_server_may_ask(address: str) -> None:
    assert post(address, INITIALIZE, origin=address).status_code == 200


def test_a_name_that_was_made_to_lead_here_is_refused(address: str) -> None:
    response = post(address, INITIALIZE, host="evil.example")
    assert "'evil.example'" in assert_error(response, 421, "unknown_host")


def test_a_request_over_the_limit_is_refused(address: str) -> None:
    body = json.dumps({**INITIALIZE, "filler": "a" * 400_000}).encode()
    unannounced = iter([body[:1000], body[1000:]])
    for content in (body, unannounced):
        headers = {**ACCEPTED, "Content-Type": "application/json"}
        response = httpx2.post(f"{address}/mcp", content=content, headers=headers)
        assert_error(response, 413, "request_too_large")


def test_a_report_uploaded_over_http_is_fetched_at_once(address: str) -> None:
    sent = {"text": GAS, "source": "gas.txt"}
    stored = httpx2.post(f"{address}/v1/documents?wait=true", json=sent)
    assert stored.is_success
    session = {"mcp_session_id": post(address, INITIALIZE).headers["mcp-session-id"]}
    post(address, {"jsonrpc": "2.0", "method": "notifications/initialized"}, **session)
    call = {"name": "ask", "arguments": {"question": "Why had the price of gas risen?"}}
    result = post(
        address, {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call}, **session
    ).json()["result"]
    assert result["structuredContent"]["citations"][0]["source"] == "gas.txt"
