"""What every response over HTTP must look like."""

from __future__ import annotations

import datetime
from typing import Any, Protocol

from api.problems import PROBLEMS

TYPES = {400: "invalid_request_error", 413: "invalid_request_error", 405: "invalid_request_error"}
TYPES |= {422: "invalid_request_error", 404: "not_found_error", 503: "not_ready_error"}
TYPES |= {401: "authentication_error"}
TYPES |= {500: "server_error", 403: "permission_error", 421: "invalid_request_error"}
TYPES |= {409: "invalid_request_error"}

DOCUMENT_KEYS = {
    *("id", "collection", "title", "date", "date_evidence", "media_type", "sha256"),
    *("characters", "passages", "added_at", "sources", "duplicates", "original_url"),
    *("title_evidence", "author", "url"),
}


class Response(Protocol):
    """As much of a response as is looked at here."""

    status_code: int
    headers: Any
    content: bytes

    def json(self) -> Any: ...


class Client(Protocol):
    """As much of a client as is used here."""

    def get(self, url: str) -> Response: ...


def assert_error(response: Response, status: int, code: str, param: str | None = None) -> str:
    """Assert the one shape of errors, all of it, and return the message."""
    assert response.status_code == status, response.content
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert body.keys() == {"error"}
    error = body["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["code"] == code, error
    assert error["param"] == param, error
    assert error["type"] == TYPES[status]
    assert code not in {each.code for each in PROBLEMS.values() if each.status != status}
    assert isinstance(error["message"], str)
    assert error["message"].strip()
    assert "Traceback" not in error["message"]
    assert ("retry-after" in response.headers) == (status == 503)
    return str(error["message"])


def text_of(client: Client, document_id: str) -> str:
    """A document's text as the service gives it, to the code point."""
    response = client.get(f"/v1/documents/{document_id}/text")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    return response.content.decode("utf-8")


def assert_reply(client: Client, response: Response) -> dict[str, Any]:
    """Assert design.md's shape of /v1/ask's reply and that its quotes hold; return the body."""
    assert response.status_code == 200, response.content
    body = response.json()
    assert body.keys() == {
        *("question", "standalone_question", "answerable", "confidence", "answers"),
        *("citations", "conversation_id", "timings_ms", "note"),
    }
    assert isinstance(body["question"], str)
    assert isinstance(body["standalone_question"], str)
    assert body["answerable"] is bool(body["answers"])
    assert isinstance(body["confidence"], float)
    assert 0 <= body["confidence"] <= 1
    assert body["conversation_id"] is None or isinstance(body["conversation_id"], str)
    assert body["note"] is None or body["note"]
    assert {"search", "read", "cite", "total"} <= body["timings_ms"].keys()
    assert all(isinstance(spent, float) for spent in body["timings_ms"].values())
    cited = [each["id"] for each in body["citations"]]
    assert cited == list(range(1, len(cited) + 1))
    for citation in body["citations"]:
        _assert_citation(client, citation)
    for answer in body["answers"]:
        _assert_answer(client, answer, body["citations"])
    confidences = [answer["confidence"] for answer in body["answers"]]
    assert confidences == sorted(confidences, reverse=True)
    return dict(body)


def _assert_citation(client: Client, citation: dict[str, Any]) -> None:
    assert citation.keys() == {
        *(
            "id",
            "document_id",
            "document_title",
            "document_date",
            "source",
            "url",
            "page",
            "section",
        ),
        *("cited_text", "start_char_index", "end_char_index"),
    }
    for name in ("document_id", "document_title", "source", "url", "cited_text"):
        assert isinstance(citation[name], str)
        assert citation[name]
    if citation["document_date"] is not None:
        datetime.date.fromisoformat(citation["document_date"])
    assert citation["page"] is None or citation["page"] >= 1
    start, end = citation["start_char_index"], citation["end_char_index"]
    assert text_of(client, citation["document_id"])[start:end] == citation["cited_text"]
    path, _, fragment = citation["url"].partition("#")
    assert path.endswith(f"/documents/{citation['document_id']}")
    assert "/v1/" not in path
    assert fragment == f"char={start},{end}"


def _assert_answer(client: Client, answer: dict[str, Any], citations: list[dict[str, Any]]) -> None:
    assert answer.keys() == {
        *("text", "confidence", "citation", "citations", "start_char_index", "end_char_index"),
        "date",
    }
    if answer["date"] is not None:
        datetime.date.fromisoformat(answer["date"])
    assert isinstance(answer["confidence"], float)
    assert 0 <= answer["confidence"] <= 1
    assert answer["citation"] == answer["citations"][0]
    assert set(answer["citations"]) <= {each["id"] for each in citations}
    citation = citations[answer["citation"] - 1]
    start, end = answer["start_char_index"], answer["end_char_index"]
    assert text_of(client, citation["document_id"])[start:end] == answer["text"] != ""
    assert citation["start_char_index"] <= start < end <= citation["end_char_index"]
