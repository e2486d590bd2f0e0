"""/healthz and /readyz, for whoever starts and watches the service."""

from __future__ import annotations

from fastapi import APIRouter

from api.errors import NotReady
from api.responses import problems
from api.schemas import Health, Readiness
from api.service import PipelineOf

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
