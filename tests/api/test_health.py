"""Before the models are loaded, after, when they cannot be, and when it all ends."""

import contextlib
import logging
import threading
import time
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import api.service
from api.app import create_app
from api.settings import Settings
from index.errors import HomeUnusable
from index.store.delete import delete_document
from retrieval.types import Pipeline
from tests.api.conftest import GAS
from tests.api.shapes import assert_error, assert_reply
from tests.factories import store

ROUTES = [
    ("POST", "/v1/ask", {"question": "why?"}),
    ("POST", "/v1/search", {"question": "why?"}),
    ("POST", "/v1/documents", {"text": "The mayor fled."}),
    ("GET", "/v1/documents", None),
    ("GET", "/v1/documents/doc_0", None),
    ("GET", "/v1/documents/doc_0/text", None),
    ("GET", "/v1/documents/doc_0/original", None),
    ("PATCH", "/v1/documents/doc_0", {"title": "A"}),
    ("DELETE", "/v1/documents/doc_0", None),
    ("GET", "/v1/collections", None),
    ("GET", "/v1/jobs", None),
    ("GET", "/v1/jobs/job_0", None),
    ("GET", "/v1/jobs/job_0/events", None),
    ("DELETE", "/v1/jobs/job_0", None),
    ("POST", "/v1/conversations", {}),
    ("GET", "/v1/conversations", None),
    ("GET", "/v1/conversations/conv_0", None),
    ("PATCH", "/v1/conversations/conv_0", {"title": "A"}),
    ("DELETE", "/v1/conversations/conv_0", None),
    ("GET", "/v1/conversations/conv_0/export", None),
    ("GET", "/readyz", None),
]


class Loader:
    """Takes the place of open_pipeline: waits until told, then gives the pipeline or fails."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.failure: Exception | None = None
        self.begun, self.go = threading.Event(), threading.Event()
        self.opened = self.closed = 0

    @contextlib.contextmanager
    def __call__(self, settings: Settings, *, for_conversations: bool) -> Iterator[Pipeline]:
        assert for_conversations
        self.begun.set()
        assert self.go.wait(20)
        if self.failure is not None:
            raise self.failure
        self.opened += 1
        yield self.pipeline
        self.closed += 1


@pytest.fixture
def loader(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loader]:
    loader = Loader(pipeline)
    monkeypatch.setattr(api.service, "open_pipeline", loader)
    yield loader
    loader.go.set()


def wait_until_ready(client: TestClient) -> None:
    deadline = time.monotonic() + 10
    while client.get("/readyz").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_service_with_a_pipeline_is_ready_at_once(client: TestClient, pipeline: Pipeline) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {
        "status": "ready",
        "generation": 0,
        "encoder": pipeline.encoder.fingerprint,
    }


def test_while_it_loads_it_is_alive_but_not_ready(settings: Settings, loader: Loader) -> None:
    with TestClient(create_app(settings)) as client:
        assert loader.begun.wait(10)
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/docs").status_code == 200
        for method, path, body in ROUTES:
            response = client.request(method, path, json=body)
            assert "loading" in assert_error(response, 503, "not_ready")
        loader.go.set()
        wait_until_ready(client)
        response = client.post("/v1/ask", json={"question": "Why did protests start?"})
        assert assert_reply(client, response)["answerable"] is False
        assert (loader.opened, loader.closed) == (1, 0)
    assert (loader.opened, loader.closed) == (1, 1)


def test_a_wrong_request_is_refused_while_it_loads_too(settings: Settings, loader: Loader) -> None:
    with TestClient(create_app(settings)) as client:
        response = client.get("/v1/nothing")
        assert_error(response, 404, "not_found")
        loader.go.set()


def test_a_service_stopped_while_it_loads_closes_what_it_opens(
    settings: Settings, loader: Loader
) -> None:
    with TestClient(create_app(settings)):
        assert loader.begun.wait(10)
        threading.Timer(0.3, loader.go.set).start()
    assert loader.opened == loader.closed == 1


def test_a_service_stopped_while_it_catches_up_closes_afterwards(
    settings: Settings, loader: Loader, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, closed_while_busy = threading.Event(), []
    index = pipeline.index

    def catch_up() -> int:
        busy.set()
        time.sleep(0.4)
        closed_while_busy.append(loader.closed)
        return index.generation

    monkeypatch.setattr(api.service, "REFRESH_SECONDS", 0.01)
    monkeypatch.setattr(index, "catch_up", catch_up)
    loader.go.set()
    with TestClient(create_app(settings)):
        assert busy.wait(10)
    assert loader.closed == 1
    time.sleep(0.5)
    assert set(closed_while_busy) == {0}


def test_failing_to_load_is_told_to_whoever_started_it(settings: Settings, loader: Loader) -> None:
    loader.failure = HomeUnusable("the folder is full: name another with --home")
    told: list[Exception] = []
    loader.go.set()
    with TestClient(create_app(settings, on_failure=told.append)) as client:
        deadline = time.monotonic() + 10
        while not told:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert told == [loader.failure]
        assert client.get("/healthz").status_code == 200
        for method, path, body in ROUTES:
            response = client.request(method, path, json=body)
            message = assert_error(response, 503, "not_ready")
            assert message == (
                "the service could not start: the folder is full: name another with --home"
            )


def test_failing_to_load_ends_the_service_where_nobody_is_told(
    settings: Settings, loader: Loader
) -> None:
    loader.failure = HomeUnusable("the folder is full")
    loader.go.set()
    client = TestClient(create_app(settings))
    client.__enter__()
    deadline = time.monotonic() + 10
    while "could not start" not in client.get("/readyz").text:
        assert time.monotonic() < deadline
    with pytest.raises(HomeUnusable, match="the folder is full"):
        client.__exit__(None, None, None)


def test_it_is_not_ready_while_its_index_is_behind_and_then_catches_up(
    pipeline: Pipeline, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.service, "REFRESH_SECONDS", 0.3)
    with TestClient(create_app(settings, pipeline)) as client:
        time.sleep(0.05)
        store(pipeline.database, pipeline.encoder, GAS)
        message = assert_error(client.get("/readyz"), 503, "not_ready")
        assert "1 changes behind" in message
        wait_until_ready(client)
        assert client.get("/readyz").json()["generation"] == 1


def test_what_another_process_does_shows_at_the_next_question(
    client: TestClient, pipeline: Pipeline
) -> None:
    def documents() -> list[str]:
        response = client.post("/v1/ask", json={"question": "price of gas"})
        body = assert_reply(client, response)
        return [each["document_id"] for each in body["citations"]]

    assert documents() == []
    stored = store(pipeline.database, pipeline.encoder, GAS)
    assert documents() == [stored.document_id]
    delete_document(pipeline.database, stored.document_id)
    assert documents() == []


def test_it_is_ready_as_soon_as_an_upload_or_a_delete_returns(
    pipeline: Pipeline, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.service, "REFRESH_SECONDS", 60)
    with TestClient(create_app(settings, pipeline)) as client:
        job = client.post("/v1/documents?wait=true", json={"text": GAS}).json()
        assert client.get("/readyz").json()["generation"] == 1
        client.delete(f"/v1/documents/{job['files'][0]['documents'][0]['id']}")
        assert client.get("/readyz").json()["generation"] == 2


def test_it_goes_on_when_catching_up_fails(
    pipeline: Pipeline,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    failed = threading.Event()
    right = pipeline.index.catch_up

    def fail() -> int:
        failed.set()
        raise OSError("the disk is away")

    monkeypatch.setattr(api.service, "REFRESH_SECONDS", 0.01)
    monkeypatch.setattr(pipeline.index, "catch_up", fail)
    with caplog.at_level(logging.ERROR), TestClient(create_app(settings, pipeline)) as client:
        assert failed.wait(10)
        monkeypatch.setattr(pipeline.index, "catch_up", right)
        store(pipeline.database, pipeline.encoder, GAS)
        wait_until_ready(client)
    assert "could not catch up" in caplog.text


def test_an_internal_error_is_logged_and_tells_nothing_of_itself(
    app: FastAPI,
    pipeline: Pipeline,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> list[object]:
        raise RuntimeError("the secret is 1234")

    monkeypatch.setattr(pipeline.reader, "read", fail)
    with TestClient(app, raise_server_exceptions=False) as client:
        client.post("/v1/documents?wait=true", json={"text": GAS})
        response = client.post("/v1/ask", json={"question": "Why?"})
        message = assert_error(response, 500, "internal_error")
        assert "1234" not in message
        assert "RuntimeError" not in message
        assert "the secret is 1234" in caplog.text
        # The next request is answered.
        assert client.get("/v1/documents").json()["total"] == 1


def test_questions_asked_at_once_are_all_answered(client: TestClient) -> None:
    client.post("/v1/documents?wait=true", json={"text": GAS})
    confidences = []

    def ask() -> None:
        response = client.post("/v1/ask", json={"question": "What did the mayor do?"})
        confidences.append(assert_reply(client, response)["confidence"])

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(confidences) == 12
    assert len(set(confidences)) == 1
