"""The server's key."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.settings import Settings
from retrieval.types import Pipeline
from tests.api.shapes import assert_error

KEY = "sesame-öffne-dich"


@pytest.fixture
def guarded(settings: Settings, pipeline: Pipeline) -> Iterator[TestClient]:
    with_key = settings.model_copy(update={"api_key": SecretStr(KEY)})
    with TestClient(create_app(with_key, pipeline)) as client:
        yield client


def given(value: str) -> dict[str, bytes]:
    return {"Authorization": value.encode("utf-8")}


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize("path", ["/v1/documents", "/v1/ask", "/v1/models", "/mcp", "/v1/none"])
def test_without_the_key_nothing_is_let_in(guarded: TestClient, method: str, path: str) -> None:
    response = guarded.request(method, path)
    assert "asks for a key" in assert_error(response, 401, "invalid_api_key")
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "value", ["Bearer sesame", f"Basic {KEY}", KEY, f"Bearer {KEY}x", "Bearer ", "Bearer"]
)
def test_another_key_is_refused(guarded: TestClient, value: str) -> None:
    assert_error(guarded.get("/v1/documents", headers=given(value)), 401, "invalid_api_key")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_with_the_key_all_is_as_without(guarded: TestClient, scheme: str) -> None:
    response = guarded.get("/v1/documents", headers=given(f"{scheme} {KEY}"))
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json", "/docs"])
def test_what_holds_no_report_is_open(guarded: TestClient, path: str) -> None:
    assert guarded.get(path).status_code == 200


def test_without_a_key_in_the_settings_none_is_asked_for(client: TestClient) -> None:
    assert client.get("/v1/documents").status_code == 200
    assert client.get("/v1/documents", headers=given("Bearer x")).status_code == 200
