"""The one thread that turns uploads into documents, in the order they came."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from api.problems import HANDLED, PROBLEMS, error_object
from api.settings import Settings
from index.jobs.queue import next_job, prune_jobs
from index.jobs.run import run_job
from index.jobs.uploads import Uploads
from retrieval.types import Pipeline

POLL_SECONDS = 0.5
"""How often it looks for jobs of other processes, and for the lock of one that ended."""

RETRY_SECONDS = 5.0
"""How long it waits when the home cannot be written: a full disk, for one."""

YIELD_SECONDS = 1.0
"""How long uploads wait for questions at the most, before the next few passages."""

log = logging.getLogger("dateline")


class Stopped(BaseException):
    """The service ends: the job goes on when it starts again."""


class Quiet:
    """Tells whether questions are being answered: uploads wait for them."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._busy = 0

    @contextmanager
    def disturbed(self) -> Iterator[None]:
        """A question is being answered."""
        with self._condition:
            self._busy += 1
        try:
            yield
        finally:
            with self._condition:
                self._busy -= 1
                self._condition.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait until no question is being answered, but no longer than so many seconds."""
        with self._condition:
            self._condition.wait_for(lambda: not self._busy, seconds)


class Worker:
    """Runs jobs until it is stopped. Of several services on one home, one at a time has a worker.

    The lock that sees to it goes with the process, however that ends.
    """

    def __init__(self, settings: Settings, pipeline: Pipeline, quiet: Quiet) -> None:
        self._pipeline = pipeline
        self._quiet = quiet
        self._uploads = Uploads(settings.uploads_folder)
        self._lock = FileLock(settings.home / "uploads.lock", thread_local=False)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="uploads")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is a new job."""
        self._wake.set()

    def stop(self) -> None:
        """End after the passages being embedded, and return when it has."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._lock.acquire(timeout=0):
                    self._drain()
            except Timeout:
                self._stopping.wait(POLL_SECONDS)
            except Stopped:
                return
            except Exception:
                # Whatever it is, uploads that come later must not wait for ever.
                log.exception("uploads cannot be worked through; it is tried again")
                self._stopping.wait(RETRY_SECONDS)

    def _drain(self) -> None:
        """Run jobs as they come, until stopped."""
        database = self._pipeline.database
        with database.write() as connection:
            prune_jobs(connection)
        self._uploads.clear_abandoned(database)
        while not self._stopping.is_set():
            self._wake.clear()
            with database.read() as connection:
                job_id = next_job(connection)
            if job_id is None:
                self._wake.wait(POLL_SECONDS)
                continue
            run_job(
                job_id,
                database=database,
                encoder=self._pipeline.encoder,
                index=self._pipeline.index,
                uploads=self._uploads,
                describe=_describe,
                pause=self._pause,
            )

    def _pause(self) -> None:
        if self._stopping.is_set():
            raise Stopped
        self._quiet.wait(YIELD_SECONDS)


def _describe(error: Exception) -> dict[str, str | None]:
    if isinstance(error, HANDLED):
        problem = PROBLEMS[type(error)]
        return error_object(str(error), problem.type, problem.code, "files")
    log.error("a file that was uploaded failed", exc_info=error)
    message = "an internal error: the server's log says more"
    return error_object(message, "server_error", "internal_error")
