"""The JSON of jobs."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from api.problems import ErrorDetail
from index.jobs.queue import Job


class JobDocumentBody(BaseModel):
    """A report that a file became."""

    id: str
    title: str
    status: Literal["added", "replaced", "unchanged"]


class JobFileBody(BaseModel):
    """A file of an upload, and how far it has come."""

    name: str = Field(description="The source that its reports are kept under.")
    status: Literal["queued", "parsing", "embedding", "done", "failed"]
    passages_done: int
    passages_total: int | None = Field(description="None until the file is parsed.")
    documents: list[JobDocumentBody] = Field(description="What is stored of it so far.")
    error: ErrorDetail | None = Field(description="Why it failed.")


class JobBody(BaseModel):
    """An upload being worked through."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "job_0f3c9a52e1b84c0f9d6f1c3b2a7e5d40",
                    "collection": "default",
                    "status": "running",
                    "created_at": "2023-04-03T09:12:44.513201+00:00",
                    "finished_at": None,
                    "files": [
                        {
                            "name": "harbour.txt",
                            "status": "done",
                            "passages_done": 1,
                            "passages_total": 1,
                            "documents": [
                                {
                                    "id": "doc_68a6b869514caa22",
                                    "title": "Harbour closed",
                                    "status": "added",
                                }
                            ],
                            "error": None,
                        },
                        {
                            "name": "storm.txt",
                            "status": "embedding",
                            "passages_done": 48,
                            "passages_total": 211,
                            "documents": [],
                            "error": None,
                        },
                    ],
                }
            ]
        }
    )

    id: str
    collection: str
    status: Literal["queued", "running", "done"]
    created_at: str
    finished_at: str | None
    files: list[JobFileBody]

    @classmethod
    def of(cls, job: Job) -> Self:
        """From the stored record."""
        return cls.model_validate(job, from_attributes=True)


class JobList(BaseModel):
    """A page of jobs; `total` counts all."""

    jobs: list[JobBody]
    total: int
