"""Uploads to the real service, with the real models: killed, stopped, crowded, and large."""

import hashlib
import json
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.real.test_command import SEEDS, Server, environment, make_home, serve
from tests.real.test_crash import check_home

pytestmark = pytest.mark.real

WORDS = "river rose flood town bridge rain mayor left storm harbour ship police road fire".split()


def make_reports(count: int, sentences: int, seed: int) -> dict[str, bytes]:
    """Reports by name, each of its own bytes."""
    draw = random.Random(seed)
    return {
        f"report-{number:03}.txt": " ".join(
            f"{' '.join(draw.choices(WORDS, k=12)).capitalize()}." for _ in range(sentences)
        ).encode()
        for number in range(count)
    }


def send(server: Server, files: dict[str, bytes], **options: Any) -> dict[str, Any]:
    sent = [("files", item) for item in files.items()]
    response = server.client.post("/v1/documents", files=sent, **options)
    assert response.status_code in (200, 202), response.content
    return dict(response.json())


def wait_for(server: Server, job_id: str, *, done: int | None = None) -> dict[str, Any]:
    """The job when it is done, or when so many of its files are."""
    deadline = time.monotonic() + 120
    while True:
        job = dict(server.client.get(f"/v1/jobs/{job_id}").json())
        finished = sum(file["status"] == "done" for file in job["files"])
        if job["status"] == "done" or (done is not None and finished >= done):
            return job
        assert time.monotonic() < deadline, job
        time.sleep(0.02)


@pytest.fixture
def own_home(tmp_path: Path, models_folder: Path) -> Path:
    return make_home(tmp_path / "home", models_folder)


def test_a_service_killed_in_the_middle_of_an_upload_carries_on(
    own_home: Path, real_encoder: Any
) -> None:
    files = make_reports(60, sentences=40, seed=1)
    files["broken.txt"] = b"\xff\xfe"
    job_id = None
    for done in (0, 10, 30):
        with serve(own_home) as server:
            server.wait_until_ready()
            job_id = job_id or send(server, files)["id"]
            assert wait_for(server, job_id, done=done)["status"] != "done"
            server.process.kill()
            server.process.wait(5)
    with serve(own_home) as server:
        server.wait_until_ready()
        assert job_id is not None
        job = wait_for(server, job_id)
    broken = job["files"].pop()
    assert broken["status"] == "failed"
    assert "no letter or digit in it" in broken["error"]["message"]
    for file in job["files"]:
        assert (file["status"], [each["status"] for each in file["documents"]]) == (
            "done",
            ["added"],
        )
    found = check_home(own_home, real_encoder)
    assert found == {name: files[name].decode() for name in files if name != "broken.txt"}
    assert list((own_home / "uploads").iterdir()) == []


def test_a_service_told_to_stop_does_so_at_once_and_goes_on_later(own_home: Path) -> None:
    with serve(own_home) as server:
        server.wait_until_ready()
        job_id = send(server, make_reports(40, sentences=90, seed=2))["id"]
        told: list[str] = []
        waited: list[int] = []

        def follow() -> None:
            with server.client.stream("GET", f"/v1/jobs/{job_id}/events") as response:
                told.extend(response.iter_lines())

        def wait() -> None:
            sent = [("files", ("late.txt", b"It rained."))]
            response = server.client.post("/v1/documents?wait=true", files=sent)
            waited.append(response.status_code)

        threads = [threading.Thread(target=each) for each in (follow, wait)]
        for thread in threads:
            thread.start()
        wait_for(server, job_id, done=1)
        while server.client.get("/v1/jobs").json()["total"] < 2:
            time.sleep(0.02)
        # Neither a stream that is followed nor an upload that is waited for holds it up.
        assert server.stop() in (0, -15)
        for thread in threads:
            thread.join(10)
        assert waited == [202]
        assert any(line.startswith("data: ") for line in told)
    with serve(own_home) as server:
        server.wait_until_ready()
        job = wait_for(server, job_id)
        assert {file["status"] for file in job["files"]} == {"done"}


def test_two_services_on_one_home_share_the_work(own_home: Path) -> None:
    files = make_reports(12, sentences=20, seed=3)
    with serve(own_home) as one, serve(own_home) as other:
        for server in (one, other):
            server.wait_until_ready()
        jobs = [send(server, files)["id"] for server in (one, other, one)]
        seen = [wait_for(other, job_id) for job_id in jobs]
        statuses = [file["documents"][0]["status"] for job in seen for file in job["files"]]
        assert statuses == ["added"] * 12 + ["unchanged"] * 24
        # Whichever of the two has the worker, the other takes over.
        one.process.kill()
        one.process.wait(5)
        job = send(other, {"late.txt": b"It rained at last."}, params={"wait": "true"})
        assert job["files"][0]["status"] == "done"


def test_a_client_that_goes_away_does_not_lose_its_job(own_home: Path) -> None:
    files = make_reports(20, sentences=60, seed=4)
    with serve(own_home) as server:
        server.wait_until_ready()
        sent = [("files", item) for item in files.items()]
        with pytest.raises(Exception, match="timed out"):
            server.client.post("/v1/documents?wait=true", files=sent, timeout=0.5)
        [job] = server.client.get("/v1/jobs").json()["jobs"]
        assert {file["status"] for file in wait_for(server, job["id"])["files"]} == {"done"}

        def broken() -> Iterator[bytes]:
            yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
            yield b"rain " * 1000
            raise ConnectionResetError("the cable was pulled")

        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        with pytest.raises(ConnectionResetError):
            server.client.post("/v1/documents", content=broken(), headers=headers)
        assert server.client.get("/v1/jobs").json()["total"] == 1
        deadline = time.monotonic() + 10
        while list((own_home / "uploads").iterdir()):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        server.stop()
        server.process.wait()
        assert "Traceback" not in "".join(server.errors)


def peak_memory(process_id: int) -> int:
    """The most memory that a process has held, in bytes."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmHWM")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc here")
def test_a_large_upload_goes_to_the_disk_and_not_into_memory(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = environment() | {"DATELINE_MAX_REQUEST_BYTES": "2000000000"}
    monkeypatch.setattr("tests.real.test_command.environment", lambda: allowed)
    with serve(own_home) as server:
        server.wait_until_ready()
        before = peak_memory(server.process.pid)
        size = 0

        def body() -> Iterator[bytes]:
            nonlocal size
            for number in range(4):
                name = f"{number}.txt".encode()
                yield (
                    b'--x\r\nContent-Disposition: form-data; name="files"; filename="'
                    + name
                    + b'"\r\n\r\n'
                )
                for _ in range(100):
                    size += 1_000_000
                    yield b"\xff" * 1_000_000
                yield b"\r\n"
            yield b"--x--\r\n"

        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        response = server.client.post("/v1/documents?wait=true", content=body(), headers=headers)
        assert response.status_code == 200, response.content
        for file in response.json()["files"]:
            assert file["error"]["code"] == "report_too_large"
            assert "100,000,000 bytes" in file["error"]["message"]
        assert size == 400_000_000
        assert peak_memory(server.process.pid) - before < 100_000_000
        assert list((own_home / "uploads").iterdir()) == []


def test_originals_of_all_seeds_come_back_to_the_byte(own_home: Path) -> None:
    files = {
        path.name: path.read_bytes() for path in sorted(SEEDS.iterdir()) if path.suffix != ".jsonl"
    }
    with serve(own_home) as server:
        server.wait_until_ready()
        job = send(server, files, params={"wait": "true"})
        for file in job["files"]:
            [told] = file["documents"]
            document = server.client.get(f"/v1/documents/{told['id']}").json()
            content = server.client.get(document["original_url"]).content
            assert content == files[file["name"]]
            assert hashlib.sha256(content).hexdigest() == document["sha256"]
        name, data, *rest = server.client.get(f"/v1/jobs/{job['id']}/events").text.split("\n")
        assert (name, rest) == ("event: job", ["", ""])
        assert json.loads(data.removeprefix("data: ")) == job
