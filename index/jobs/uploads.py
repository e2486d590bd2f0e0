"""The folder in which uploaded bytes wait until they are stored."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from contextlib import suppress
from pathlib import Path

from index.jobs.queue import known_jobs
from index.store.database import Database

ABANDONED_SECONDS = 3600
"""A folder that no job has, untouched for so long, is of an upload that was cut off."""


class Uploads:
    """A folder a job, in which files have numbers: no name that was sent becomes a path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self) -> str:
        """An id for a new job, whose folder is there."""
        job_id = f"job_{uuid.uuid4().hex}"
        (self._folder / job_id).mkdir(parents=True)
        return job_id

    def path(self, job_id: str, number: int) -> Path:
        """Where the bytes of a job's file are."""
        return self._folder / job_id / str(number)

    def write(self, job_id: str, number: int, content: bytes) -> None:
        """Put the bytes of a job's file there, for good when this returns."""
        with self.path(job_id, number).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def drop(self, job_id: str) -> None:
        """Delete a job's folder, if it is there."""
        shutil.rmtree(self._folder / job_id, ignore_errors=True)

    def clear_abandoned(self, database: Database) -> None:
        """Delete what no job will ever read."""
        folders = [each for each in self._folder.glob("job_*") if each.is_dir()]
        with database.read() as connection:
            known = known_jobs(connection, (each.name for each in folders))
        for folder in folders:
            # One that is refused meanwhile goes by itself.
            with suppress(FileNotFoundError):
                changed = max(each.stat().st_mtime for each in (folder, *folder.iterdir()))
                if folder.name not in known and time.time() - changed > ABANDONED_SECONDS:
                    self.drop(folder.name)
