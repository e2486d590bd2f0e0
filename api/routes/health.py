"""/healthz and /readyz, for whoever starts and watches the service."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from api.errors import NotReady
from api.problems import problems
from api.service import PipelineOf


class Health(BaseModel):
    """How the service is."""

    status: str


class Readiness(Health):
    """That models are loaded and the index is at the database's generation."""

    generation: int
    encoder: str


router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> Health:
    """Whether the server runs."""
    return Health(status="ok")


@router.get("/readyz", responses=problems(503))
def readyz(pipeline: PipelineOf) -> Readiness:
    """Whether it can answer: models loaded, index at the database's generation."""
    behind = pipeline.database.generation() - pipeline.index.generation
    if behind:
        raise NotReady(f"the search index is {behind} changes behind the database: try again soon")
    return Readiness(
        status="ready", generation=pipeline.index.generation, encoder=pipeline.encoder.fingerprint
    )
