import datetime
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from index.errors import HomeUnusable, UnknownJob
from index.jobs.queue import Job, NewFile, create_job, delete_job, get_job
from index.jobs.run import run_job
from index.jobs.uploads import ABANDONED_SECONDS, Uploads
from index.search.search_index import LocalSearchIndex
from index.store.database import Database
from index.store.lookup import list_documents
from index.store.originals import get_original
from index.types import Document, Filter, Vectors
from tests.factories import assert_follows
from tests.fakes import HashEncoder

LONG = b"The river rose by four metres on Monday. " * 1200
DAY = datetime.date(2023, 3, 14)


class Killed(BaseException):
    """The process is killed here."""


class Queue:
    """Jobs over a folder of uploads."""

    def __init__(self, folder: Path, database: Database, index: LocalSearchIndex) -> None:
        self.uploads = Uploads(folder)
        self.folder = folder
        self.database = database
        self.index = index
        self.encoder = HashEncoder()
        self.pause: Callable[[], None] = lambda: None

    def put(self, files: dict[str, bytes], **fields: object) -> str:
        job_id = self.uploads.begin()
        for number, content in enumerate(files.values()):
            self.uploads.write(job_id, number, content)
        with self.database.write() as connection:
            new = [NewFile(name, name, **fields) for name in files]  # type: ignore[arg-type]
            return create_job(connection, job_id, "default", new, digest="")

    def run(self, job_id: str) -> None:
        run_job(
            job_id,
            database=self.database,
            encoder=self.encoder,
            index=self.index,
            uploads=self.uploads,
            describe=lambda error: {"message": str(error), "code": type(error).__name__},
            pause=self._pause,
        )

    def _pause(self) -> None:
        self.pause()

    def job(self, job_id: str) -> Job:
        with self.database.read() as connection:
            return get_job(connection, job_id)

    def documents(self) -> list[Document]:
        with self.database.read() as connection:
            return list_documents(connection, Filter())


@pytest.fixture
def queue(tmp_path: Path, database: Database, index: LocalSearchIndex) -> Queue:
    return Queue(tmp_path / "uploads", database, index)


def told(job: Job) -> list[tuple[str, str, list[str]]]:
    return [
        (file.name, file.status, [each["status"] for each in file.documents]) for file in job.files
    ]


def test_files_become_documents_and_the_folder_goes(queue: Queue) -> None:
    job_id = queue.put({"a.txt": b"Rain fell.", "b.md": b"# Fire\n\nA fire burned."})
    queue.run(job_id)
    job = queue.job(job_id)
    assert job.status == "done"
    assert told(job) == [("a.txt", "done", ["added"]), ("b.md", "done", ["added"])]
    assert [(file.passages_done, file.passages_total) for file in job.files] == [(1, 1), (1, 1)]
    assert job.files[1].documents[0]["title"] == "Fire"
    sources = {found.id: found.sources for found in queue.documents()}
    for file in job.files:
        assert sources[file.documents[0]["id"]] == (file.name,)
    assert_follows(queue.index, queue.database)
    assert list(queue.folder.iterdir()) == []


def test_the_original_is_kept_with_the_document(queue: Queue) -> None:
    job_id = queue.put({"a.txt": b"\xef\xbb\xbfRain\r\nfell."})
    queue.run(job_id)
    with queue.database.read() as connection:
        found = get_original(connection, queue.job(job_id).files[0].documents[0]["id"])
    assert (found.content, found.name) == (b"\xef\xbb\xbfRain\r\nfell.", "a.txt")


def test_a_given_title_and_date_stand_over_the_texts(queue: Queue) -> None:
    queue.run(queue.put({"a.txt": b"Rain fell."}, title="Storm", date=DAY))
    [found] = queue.documents()
    assert (found.title, found.date, found.date_evidence) == ("Storm", DAY, "given")


def test_the_day_of_the_upload_dates_no_report(queue: Queue) -> None:
    queue.run(queue.put({"a.txt": b"Rain fell."}))
    assert queue.documents()[0].date is None


def test_a_file_that_fails_stops_no_other(queue: Queue) -> None:
    files = {
        "a.txt": b"\xff\x00",
        "b.txt": b"Rain fell.",
        "c.exe": b"MZ",
        "d.txt": b"",
        "e.txt": b"A.",
    }
    job_id = queue.put(files)
    queue.run(job_id)
    job = queue.job(job_id)
    assert [file.status for file in job.files] == ["failed", "done", "failed", "failed", "done"]
    assert job.files[0].error is not None
    assert job.files[0].error["code"] == "UnreadableReport"
    assert "no text in any common encoding" in str(job.files[0].error["message"])
    assert job.files[1].error is None
    assert job.status == "done"


def test_an_error_of_one_files_own_making_stops_no_other(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(HashEncoder):
        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            if any("poison" in text for text in texts):
                raise ZeroDivisionError("by zero")
            return super().embed_passages(texts)

    queue.encoder = Failing()
    job_id = queue.put({"a.txt": b"Rain fell.", "b.txt": b"A poison.", "c.txt": b"A fire."})
    queue.run(job_id)
    job = queue.job(job_id)
    assert told(job) == [
        ("a.txt", "done", ["added"]),
        ("b.txt", "failed", []),
        ("c.txt", "done", ["added"]),
    ]
    assert job.files[1].error == {"message": "by zero", "code": "ZeroDivisionError"}


def test_the_same_bytes_twice_are_one_document(queue: Queue) -> None:
    first = queue.put({"a.txt": b"Rain fell."})
    second = queue.put({"b.txt": b"Rain fell.", "a.txt": b"Rain fell."})
    queue.run(first)
    queue.run(second)
    assert told(queue.job(second)) == [
        ("b.txt", "done", ["unchanged"]),
        ("a.txt", "done", ["unchanged"]),
    ]
    assert [found.sources for found in queue.documents()] == [("a.txt", "b.txt")]


def test_a_file_of_a_known_name_replaces_the_report(queue: Queue) -> None:
    queue.run(queue.put({"a.txt": b"Rain fell."}))
    job_id = queue.put({"a.txt": b"Snow fell."})
    queue.run(job_id)
    assert told(queue.job(job_id)) == [("a.txt", "done", ["replaced"])]
    assert len(queue.documents()) == 1


def test_progress_shows_to_others_while_it_goes_on(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.jobs.run.WRITE_SECONDS", -1)
    job_id = queue.put({"a.txt": LONG, "b.txt": b"Rain fell."})
    seen: list[tuple[str, str, int, int | None, str]] = []

    def look() -> None:
        job = queue.job(job_id)
        first, second = job.files
        seen.append(
            (job.status, first.status, first.passages_done, first.passages_total, second.status)
        )

    queue.pause = look
    queue.run(job_id)
    total = queue.job(job_id).files[0].passages_total
    assert total is not None
    assert total > 8
    assert seen[0] == ("running", "embedding", 0, total, "queued")
    assert seen[1] == ("running", "embedding", 8, total, "queued")
    assert [each[2] for each in seen[:-1]] == list(range(0, total, 8))


@pytest.mark.parametrize("at", [0, 1, 9, 11, 18])
def test_a_job_that_was_cut_off_anywhere_is_carried_on(queue: Queue, at: int) -> None:
    files = {
        "a.txt": LONG,
        "b.txt": b"Rain fell.",
        "c.txt": LONG + b"On Tuesday it fell.",
        "d.txt": b"\xff\x00",
        "e.txt": b"A fire.",
    }
    job_id = queue.put(files)
    calls = 0

    def kill() -> None:
        nonlocal calls
        calls += 1
        if calls == at + 1:
            raise Killed

    queue.pause = kill
    with pytest.raises(Killed):
        queue.run(job_id)
    assert queue.job(job_id).status == "running"
    stored = {each["id"] for file in queue.job(job_id).files for each in file.documents}
    assert stored == {found.id for found in queue.documents()}
    queue.pause = lambda: None
    queue.run(job_id)
    job = queue.job(job_id)
    assert told(job) == [
        ("a.txt", "done", ["added"]),
        ("b.txt", "done", ["added"]),
        ("c.txt", "done", ["added"]),
        ("d.txt", "failed", []),
        ("e.txt", "done", ["added"]),
    ]
    assert {each["id"] for file in job.files for each in file.documents} == {
        found.id for found in queue.documents()
    }
    assert_follows(queue.index, queue.database)
    assert list(queue.folder.iterdir()) == []


def test_a_job_that_is_deleted_while_it_runs_stores_nothing_more(queue: Queue) -> None:
    job_id = queue.put({"a.txt": LONG, "b.txt": b"Rain fell."})

    def cancel() -> None:
        queue.pause = lambda: None
        with queue.database.write() as connection:
            delete_job(connection, job_id)

    queue.pause = cancel
    queue.run(job_id)
    with pytest.raises(UnknownJob):
        queue.job(job_id)
    assert queue.documents() == []
    assert list(queue.folder.iterdir()) == []
    assert_follows(queue.index, queue.database)


def test_a_home_that_cannot_be_written_is_told_and_the_job_stays(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = queue.put({"a.txt": b"Rain fell."})

    def full(*_: object, **__: object) -> None:
        raise HomeUnusable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("index.ingest.store_report", full)
        with pytest.raises(HomeUnusable):
            queue.run(job_id)
    assert queue.job(job_id).status == "running"
    queue.run(job_id)
    assert told(queue.job(job_id)) == [("a.txt", "done", ["added"])]


def test_a_file_whose_bytes_are_gone_fails_alone(queue: Queue) -> None:
    job_id = queue.put({"a.txt": b"Rain fell.", "b.txt": b"A fire."})
    queue.uploads.path(job_id, 0).unlink()
    queue.run(job_id)
    assert [file.status for file in queue.job(job_id).files] == ["failed", "done"]


def test_only_abandoned_folders_are_cleared(queue: Queue) -> None:
    job_id = queue.put({"a.txt": b"Rain fell."})
    fresh, abandoned = queue.uploads.begin(), queue.uploads.begin()
    queue.uploads.write(abandoned, 0, b"half a fi")
    long_ago = time.time() - 2 * ABANDONED_SECONDS
    for name in (job_id, abandoned):
        for path in (*(queue.folder / name).iterdir(), queue.folder / name):
            os.utime(path, (long_ago, long_ago))
    queue.uploads.clear_abandoned(queue.database)
    assert {path.name for path in queue.folder.iterdir()} == {job_id, fresh}
