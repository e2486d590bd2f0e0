"""/v1/collections."""

from __future__ import annotations

from fastapi import APIRouter

from api.problems import problems
from api.schemas.reports import CollectionBody, CollectionList, CollectionRequest
from api.service import PipelineOf, ServiceOf
from index.store import collections
from index.store.delete import delete_collection
from index.store.lookup import count_documents
from index.store.rename_collection import rename_collection
from index.types import Filter
from retrieval.types import Pipeline

router = APIRouter(prefix="/v1", tags=["reports"], responses=problems(401))


@router.get("/collections", responses=problems(503))
def list_collections(pipeline: PipelineOf) -> CollectionList:
    """List collections."""
    with pipeline.database.read() as connection:
        return CollectionList(
            collections=[
                CollectionBody(name=name, documents=count_documents(connection, Filter(name)))
                for name in collections.list_names(connection)
            ]
        )


@router.patch("/collections/{name}", responses=problems(400, 404, 409, 413, 422, 503))
async def rename(
    name: str, body: CollectionRequest, service: ServiceOf, pipeline: PipelineOf
) -> CollectionBody:
    """Rename a collection. Its reports keep their ids."""
    return await service.run(_rename, name, body.name, pipeline)


def _rename(old: str, new: str, pipeline: Pipeline) -> CollectionBody:
    rename_collection(pipeline.database, old, new)
    pipeline.index.catch_up()
    with pipeline.database.read() as connection:
        return CollectionBody(name=new, documents=count_documents(connection, Filter(new)))


@router.delete("/collections/{name}", status_code=204, responses=problems(404, 422, 503))
async def delete(name: str, service: ServiceOf, pipeline: PipelineOf) -> None:
    """Delete a collection with all its reports. They answer nothing from then on."""
    await service.run(_delete, name, pipeline)


def _delete(name: str, pipeline: Pipeline) -> None:
    delete_collection(pipeline.database, name)
    pipeline.index.catch_up()
