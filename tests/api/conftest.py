"""The service in this process, on the fakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from retrieval.types import Pipeline

GAS = (
    "Protests in the republic\n2022-01-05\n\nProtests began on January 2. Residents were angry "
    "because the price of gas had risen. The mayor left the city."
)
FLOOD = (
    "Flood in the valley\n2023-03-14\n\nThe river broke its dyke on Tuesday. Twelve houses were "
    "flooded. The mayor closed the schools."
)

Upload = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def _only_the_tests_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of whoever runs the tests counts, nor are their reports touched."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DATELINE_{name.upper()}", raising=False)
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home=home, max_request_bytes=400_000)


@pytest.fixture
def app(settings: Settings, pipeline: Pipeline) -> FastAPI:
    return create_app(settings, pipeline)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client of the running service, which has no reports yet."""
    with TestClient(app) as client:
        yield client


@pytest.fixture
def upload(client: TestClient) -> Upload:
    """Upload a report and return what the service says of it."""

    def upload(text: str, **fields: str) -> dict[str, Any]:
        response = client.post("/v1/documents?wait=true", json={"text": text, **fields})
        assert response.status_code == 200, response.content
        [file] = response.json()["files"]
        [stored] = file["documents"]
        document = client.get(f"/v1/documents/{stored['id']}").json()
        return {**document, "status": stored["status"]}

    return upload


@pytest.fixture
def reports(upload: Upload) -> dict[str, dict[str, Any]]:
    """Two reports in the service: `gas` of 2022-01-05 and `flood` of 2023-03-14."""
    return {
        "gas": upload(GAS, source="gas.txt", date="2022-01-05"),
        "flood": upload(FLOOD, source="flood.txt", date="2023-03-14", collection="floods"),
    }
