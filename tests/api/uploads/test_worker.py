import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from api.settings import Settings
from api.uploads import worker as module
from api.uploads.worker import Quiet, Worker
from index.jobs.queue import NewFile, create_job, get_job
from index.jobs.uploads import Uploads
from index.store.database import Database
from retrieval.types import Pipeline


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)


def put(database: Database, settings: Settings, content: bytes = b"Rain fell.") -> str:
    uploads = Uploads(settings.uploads_folder)
    job_id = uploads.begin()
    uploads.write(job_id, 0, content)
    with database.write() as connection:
        return create_job(connection, job_id, "default", [NewFile("a.txt", "a.txt")], digest="")


def status(database: Database, job_id: str) -> str:
    with database.read() as connection:
        return get_job(connection, job_id).status


def until(is_so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(2000):
        if is_so():
            return
        pause.wait(0.01)
    raise AssertionError("it never was so")


def test_uploads_wait_for_questions() -> None:
    quiet = Quiet()
    went_on = threading.Event()

    def wait() -> None:
        quiet.wait(60)
        went_on.set()

    quiet.wait(60)  # nobody asks: at once
    with quiet.disturbed():
        with quiet.disturbed():
            waiting = threading.Thread(target=wait)
            waiting.start()
        # One of two questions is answered.
        assert not went_on.wait(0.2)
    assert went_on.wait(20)
    waiting.join()


def test_uploads_do_not_wait_for_ever() -> None:
    quiet = Quiet()
    with quiet.disturbed():
        quiet.wait(0.01)


def test_questions_without_end_do_not_keep_an_upload_from_being_done(
    settings: Settings, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "YIELD_SECONDS", 0.01)
    quiet = Quiet()
    job_id = put(pipeline.database, settings)
    worker = Worker(settings, pipeline, quiet)
    with quiet.disturbed():
        worker.start()
        until(lambda: status(pipeline.database, job_id) == "done")
    worker.stop()


def test_what_goes_wrong_with_one_job_does_not_stop_those_after_it(
    settings: Settings,
    pipeline: Pipeline,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    right, times = module.run_job, 0

    def fail_twice(*arguments: object, **options: object) -> None:
        nonlocal times
        times += 1
        if times <= 2:
            raise OSError("the disk is away")
        right(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "run_job", fail_twice)
    jobs = [put(pipeline.database, settings) for _ in range(2)]
    worker = Worker(settings, pipeline, Quiet())
    worker.start()
    until(lambda: all(status(pipeline.database, job_id) == "done" for job_id in jobs))
    worker.stop()
    assert "the disk is away" in caplog.text


def test_of_two_workers_on_a_home_the_second_takes_over_when_the_first_ends(
    settings: Settings, pipeline: Pipeline
) -> None:
    first, second = (Worker(settings, pipeline, Quiet()) for _ in range(2))
    first.start()
    until(lambda: Path(settings.home / "uploads.lock").exists())
    second.start()
    first.stop()
    job_id = put(pipeline.database, settings)
    second.wake()
    until(lambda: status(pipeline.database, job_id) == "done")
    second.stop()


def test_a_worker_told_to_stop_leaves_the_job_to_the_next(
    settings: Settings, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "YIELD_SECONDS", 0.01)
    begun = threading.Event()
    right = Quiet.wait

    def wait(quiet: Quiet, seconds: float) -> None:
        begun.set()
        right(quiet, seconds)

    monkeypatch.setattr(Quiet, "wait", wait)
    job_id = put(pipeline.database, settings, b"The river rose on Monday. " * 20_000)
    worker = Worker(settings, pipeline, Quiet())
    worker.start()
    assert begun.wait(20)
    worker.stop()
    assert status(pipeline.database, job_id) == "running"
    following = Worker(settings, pipeline, Quiet())
    following.start()
    until(lambda: status(pipeline.database, job_id) == "done")
    following.stop()
