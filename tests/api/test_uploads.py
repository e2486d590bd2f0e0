"""Uploads over HTTP: what is taken, refused and told."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.routes import jobs
from api.schemas.jobs import JobBody
from api.settings import Settings
from api.uploads import receive
from index.jobs.queue import delete_job
from index.store.database import Database
from retrieval.types import Pipeline
from tests.api.conftest import FLOOD, GAS
from tests.api.shapes import assert_error, text_of

FILE_KEYS = {"name", "status", "passages_done", "passages_total", "documents", "error"}
JOB_KEYS = {"id", "collection", "status", "created_at", "finished_at", "files"}

Files = dict[str, bytes | str]


def form(files: Files) -> list[tuple[str, tuple[str, bytes]]]:
    return [
        ("files", (name, content.encode() if isinstance(content, str) else content))
        for name, content in files.items()
    ]


def send(client: TestClient, files: Files, **fields: str) -> dict[str, Any]:
    """Upload files, wait for them, and return the job."""
    response = client.post("/v1/documents?wait=true", files=form(files), data=fields)
    assert response.status_code == 200, response.content
    body = dict(response.json())
    assert body.keys() == JOB_KEYS
    assert body["status"] == "done"
    assert body["finished_at"] >= body["created_at"]
    for file in body["files"]:
        assert file.keys() == FILE_KEYS
        assert file["status"] in ("done", "failed")
        assert (file["error"] is None) == (file["status"] == "done")
        if file["error"] is not None:
            assert file["error"].keys() == {"message", "type", "param", "code"}
    return body


def raw_form(*parts: tuple[bytes, bytes]) -> dict[str, Any]:
    """A body whose file names are the bytes given."""
    content = b"".join(
        b'--xyz\r\nContent-Disposition: form-data; name="files"; filename="'
        + name
        + b'"\r\n\r\n'
        + text
        + b"\r\n"
        for name, text in parts
    )
    headers = {"Content-Type": "multipart/form-data; boundary=xyz"}
    return {"content": content + b"--xyz--\r\n", "headers": headers}


@pytest.fixture
def idle(
    settings: Settings, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """A client of a service whose worker does not begin."""
    monkeypatch.setattr("api.uploads.worker.Worker.start", lambda _self: None)
    with TestClient(create_app(settings, pipeline)) as client:
        yield client


def uploads_left(home: Path) -> list[str]:
    return sorted(str(path) for path in (home / "uploads").rglob("*"))


def test_files_become_reports(client: TestClient, home: Path) -> None:
    job = send(client, {"gas.txt": GAS, "floods/flood.md": FLOOD}, collection="news")
    assert job["collection"] == "news"
    assert [file["name"] for file in job["files"]] == ["gas.txt", "floods/flood.md"]
    for file, text in zip(job["files"], (GAS, FLOOD), strict=True):
        [told] = file["documents"]
        assert told["status"] == "added"
        assert text_of(client, told["id"]) == text
        report = client.get(f"/v1/documents/{told['id']}").json()
        assert report["sources"] == [file["name"]]
        assert report["title"] == told["title"]
        assert report["collection"] == "news"
        assert file["passages_done"] == file["passages_total"] == report["passages"]
    assert uploads_left(home) == []


def test_an_upload_answers_at_once_with_a_job(idle: TestClient) -> None:
    response = idle.post("/v1/documents", files=form({"gas.txt": GAS}))
    assert response.status_code == 202
    job = response.json()
    assert (job["status"], job["finished_at"]) == ("queued", None)
    assert job["files"] == [
        {
            "name": "gas.txt",
            "status": "queued",
            "passages_done": 0,
            "passages_total": None,
            "documents": [],
            "error": None,
        }
    ]
    assert idle.get(f"/v1/jobs/{job['id']}").json() == job
    assert idle.get("/v1/jobs").json() == {"jobs": [job], "total": 1}


def test_a_job_that_waits_is_done_by_the_next_service(
    settings: Settings, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("api.uploads.worker.Worker.start", lambda _self: None)
        with TestClient(create_app(settings, pipeline)) as client:
            job_id = client.post("/v1/documents", files=form({"gas.txt": GAS})).json()["id"]
    with TestClient(create_app(settings, pipeline)) as client:
        [file] = wait_for(client, job_id)["files"]
        assert text_of(client, file["documents"][0]["id"]) == GAS


def test_a_file_that_fails_stops_no_other(client: TestClient, home: Path) -> None:
    job = send(client, {"a.txt": b"\xff\x00", "b.exe": b"MZ", "c.txt": GAS, "d.txt": b""})
    a, b, c, d = job["files"]
    assert [each["status"] for each in (a, b, c, d)] == ["failed", "failed", "done", "failed"]
    for each, message in (
        (a, "no text in any common"),
        (b, "unknown format .exe"),
        (d, "no letter or digit"),
    ):
        assert message in each["error"]["message"]
        assert each["error"]["type"] == "invalid_request_error"
        assert each["error"]["param"] == "files"
        assert each["error"]["code"] == "unreadable_report"
        assert each["documents"] == []
    assert client.get("/v1/documents").json()["total"] == 1
    assert uploads_left(home) == []


def test_a_file_past_the_limit_fails_alone(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(receive, "MAX_REPORT_BYTES", 1000)
    job = send(client, {"big.txt": b"rain " * 5000, "small.txt": GAS})
    big, small = job["files"]
    assert small["status"] == "done"
    assert big["error"]["code"] == "report_too_large"
    assert big["error"]["message"].startswith("25,000 bytes are more than a report may have")
    assert uploads_left(home) == []


def test_a_form_past_the_requests_limit_is_refused(client: TestClient, home: Path) -> None:
    response = client.post("/v1/documents", files=form({"big.txt": b"rain " * 100_000}))
    assert_error(response, 413, "request_too_large")

    def chunks() -> Iterator[bytes]:
        yield raw_form((b"big.txt", b"rain"))["content"][:90]
        for _ in range(200):
            yield b"rain " * 1000

    headers = raw_form()["headers"]
    response = client.post("/v1/documents", content=chunks(), headers=headers)
    assert_error(response, 413, "request_too_large")
    assert client.get("/v1/jobs").json()["total"] == 0
    assert uploads_left(home) == []


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (b"../../x.txt", "x.txt"),
        (b"/tmp/x.txt", "tmp/x.txt"),
        (b"..\\..\\x.txt", "x.txt"),
        ("\u00e9t\u00e9 \U0001f525.txt".encode(), "\u00e9t\u00e9 \U0001f525.txt"),
    ],
)
def test_a_name_is_never_a_path(idle: TestClient, tmp_path: Path, sent: bytes, name: str) -> None:
    before = set(tmp_path.rglob("*"))
    job = idle.post("/v1/documents", **raw_form((sent, GAS.encode()))).json()
    assert job["files"][0]["name"] == name
    made = {path for path in tmp_path.rglob("*") if path not in before}
    folder = tmp_path / "home" / "uploads"
    assert made == {folder, folder / job["id"], folder / job["id"] / "0"}


@pytest.mark.parametrize("sent", [b"", b"..", b"\xff.txt", b"a\tb.txt", b"x" * 1001 + b".txt"])
def test_a_name_that_cannot_be_kept_fails_alone(client: TestClient, sent: bytes) -> None:
    both = raw_form((sent, GAS.encode()), (b"flood.txt", FLOOD.encode()))
    response = client.post("/v1/documents?wait=true", **both)
    assert response.status_code == 200
    refused, taken = response.json()["files"]
    assert (refused["status"], taken["status"]) == ("failed", "done")
    assert "name" in refused["error"]["message"]
    assert refused["name"].isprintable()


def test_two_files_of_one_name_do_not_replace_each_other(client: TestClient) -> None:
    both = raw_form((b"a.txt", GAS.encode()), (b"./a.txt", FLOOD.encode()))
    first, second = client.post("/v1/documents?wait=true", **both).json()["files"]
    assert (first["status"], second["status"]) == ("done", "failed")
    assert "same name" in second["error"]["message"]


def test_a_file_of_a_known_name_replaces_the_report(client: TestClient) -> None:
    send(client, {"a.txt": GAS})
    job = send(client, {"a.txt": FLOOD})
    assert job["files"][0]["documents"][0]["status"] == "replaced"
    assert client.get("/v1/documents").json()["total"] == 1


@pytest.mark.parametrize(
    ("request_", "status", "code", "param"),
    [
        ({"data": {"collection": "news"}, "files": []}, 422, "invalid_value", "body"),
        ({"files": [("file", ("a.txt", b"Rain."))]}, 422, "invalid_value", "file"),
        (
            {"files": [("files", ("a.txt", b"Rain."))], "data": {"title": "A"}},
            422,
            "invalid_value",
            "title",
        ),
        (
            {"files": [("files", ("a.txt", b"Rain."))], "data": {"collection": "no name"}},
            422,
            "invalid_collection",
            "collection",
        ),
        (
            {
                "content": b"--x--\r\n",
                "headers": {"Content-Type": "multipart/form-data; boundary=x"},
            },
            422,
            "invalid_value",
            "files",
        ),
        (
            {"content": b"rain", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
            400,
            "invalid_form",
            None,
        ),
        (
            {"content": b"rain", "headers": {"Content-Type": "multipart/form-data"}},
            400,
            "invalid_form",
            None,
        ),
    ],
)
def test_a_form_that_makes_no_upload_is_refused(
    client: TestClient,
    home: Path,
    request_: dict[str, Any],
    status: int,
    code: str,
    param: str | None,
) -> None:
    assert_error(client.post("/v1/documents", **request_), status, code, param)
    assert client.get("/v1/jobs").json()["total"] == 0
    assert uploads_left(home) == []


@pytest.mark.parametrize(
    ("origin", "is_taken"),
    [
        (None, True),
        ("http://testserver", True),
        ("http://localhost:3000", True),
        ("https://allowed.example", True),
        ("https://evil.example", False),
        ("http://testserver.evil.example", False),
        ("null", False),
    ],
)
def test_the_page_of_another_site_uploads_nothing(
    settings: Settings, pipeline: Pipeline, origin: str | None, is_taken: bool
) -> None:
    allowing = settings.model_copy(update={"allowed_origins": ["https://allowed.example"]})
    headers = {} if origin is None else {"Origin": origin}
    with TestClient(create_app(allowing, pipeline)) as client:
        response = client.post("/v1/documents", files=form({"gas.txt": GAS}), headers=headers)
        if is_taken:
            assert response.status_code == 202
        else:
            assert_error(response, 403, "foreign_origin")
        assert client.get("/v1/jobs").json()["total"] == is_taken


def test_the_same_upload_twice_at_once_is_one_report(client: TestClient) -> None:
    told: list[str] = []

    def upload() -> None:
        [file] = send(client, {"gas.txt": GAS})["files"]
        told.append(file["documents"][0]["status"])

    threads = [threading.Thread(target=upload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["added", "unchanged", "unchanged", "unchanged"]
    assert client.get("/v1/documents").json()["total"] == 1


def keyed(client: TestClient, key: str, **fields: str) -> Any:
    return client.post("/v1/documents", json=fields, headers={"Idempotency-Key": key})


def test_the_same_upload_with_the_same_key_is_one_job(client: TestClient, home: Path) -> None:
    first = keyed(client, "k", text=GAS).json()
    assert keyed(client, "k", text=GAS).json()["id"] == first["id"]
    assert keyed(client, "other", text=GAS).json()["id"] != first["id"]
    assert client.post("/v1/documents", json={"text": GAS}).json()["id"] != first["id"]
    assert client.get("/v1/jobs").json()["total"] == 3
    for job in client.get("/v1/jobs").json()["jobs"]:
        assert wait_for(client, job["id"])["status"] == "done"
    assert uploads_left(home) == []


def test_a_key_with_another_upload_is_refused(client: TestClient) -> None:
    first = keyed(client, "k", text=GAS).json()
    for fields in ({"text": FLOOD}, {"text": GAS, "title": "Gas"}, {"text": GAS, "source": "a"}):
        message = assert_error(
            keyed(client, "k", **fields), 422, "idempotency_key_reused", "Idempotency-Key"
        )
        assert first["id"] in message
    response = client.post(
        "/v1/documents", files=form({"gas.txt": GAS}), headers={"Idempotency-Key": "k"}
    )
    assert_error(response, 422, "idempotency_key_reused", "Idempotency-Key")


def test_a_key_stands_for_files_too(client: TestClient) -> None:
    headers = {"Idempotency-Key": "k"}
    ids = {
        client.post("/v1/documents", files=form({"gas.txt": GAS}), headers=headers).json()["id"]
        for _ in range(3)
    }
    assert len(ids) == 1


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_a_length(client: TestClient, key: str) -> None:
    assert_error(keyed(client, key, text=GAS), 422, "invalid_value", "idempotency-key")


def wait_for(client: TestClient, job_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while (job := client.get(f"/v1/jobs/{job_id}").json())["status"] != "done":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return dict(job)


def events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """The jobs that a stream tells."""
    for line in lines:
        assert line in ("", "event: job") or line.startswith(("data: ", ": "))
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def test_a_jobs_events_end_when_it_is_done_and_can_be_followed_again(client: TestClient) -> None:
    job_id = client.post("/v1/documents", files=form({"gas.txt": GAS})).json()["id"]
    for _ in range(2):
        with client.stream("GET", f"/v1/jobs/{job_id}/events") as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            told = list(events(response.iter_lines()))
        assert told[-1] == client.get(f"/v1/jobs/{job_id}").json()
        assert told[-1]["status"] == "done"
        assert all(job["id"] == job_id for job in told)
    # The second time there is nothing more to wait for.
    assert len(told) == 1


def test_a_stream_beats_while_nothing_happens_and_ends_with_its_job(
    idle: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", -1)
    monkeypatch.setattr(jobs, "LOOK_SECONDS", 0)
    body = idle.post("/v1/documents", files=form({"gas.txt": GAS})).json()
    service = cast(FastAPI, idle.app).state.service

    async def follow() -> list[str]:
        told = []
        async for each in jobs.job_events(JobBody.model_validate(body), database, service):
            told.append(each)
            if len(told) == 3:
                with database.write() as connection:
                    delete_job(connection, body["id"])
        return told

    first, *beats = asyncio.run(follow())
    assert first.startswith("event: job\ndata: {")
    assert len(beats) == 2
    assert all(each.startswith(":") and each.endswith("\n\n") for each in beats)


def test_a_deleted_job_is_called_off(idle: TestClient, home: Path) -> None:
    job_id = idle.post("/v1/documents", files=form({"gas.txt": GAS})).json()["id"]
    assert uploads_left(home) != []
    assert idle.delete(f"/v1/jobs/{job_id}").status_code == 204
    assert uploads_left(home) == []
    for method, route in (("GET", ""), ("GET", "/events"), ("DELETE", "")):
        response = idle.request(method, f"/v1/jobs/{job_id}{route}")
        assert_error(response, 404, "unknown_job", "job_id")


def test_jobs_are_listed_a_page_at_a_time(idle: TestClient) -> None:
    ids = [idle.post("/v1/documents", json={"text": GAS}).json()["id"] for _ in range(3)]
    page = idle.get("/v1/jobs?limit=2&offset=1").json()
    assert ([job["id"] for job in page["jobs"]], page["total"]) == (ids[1::-1], 3)
    assert_error(idle.get("/v1/jobs?limit=0"), 422, "invalid_value", "limit")
