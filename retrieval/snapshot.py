"""Answer on one state of the database, and never from a report that is gone by then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from index.store.lookup import get_documents
from retrieval.types import Citation, Pipeline


class Citing(Protocol):
    """What cites reports."""

    @property
    def citations(self) -> Sequence[Citation]:
        """All that it cites."""
        ...


Result = TypeVar("Result", bound=Citing)


def on_snapshot(pipeline: Pipeline, work: Callable[[Pipeline], Result]) -> Result:
    """What the work gives on one state of the database, every report cited still there after it.

    Where one was deleted meanwhile, it is done again. Work that is part of other work sees the same
    state as that, which is checked once, at its end.
    """
    if pipeline.database.is_snapshot:
        return work(pipeline)
    while True:
        # Before, so that the index is not ahead of what the database is seen as.
        pipeline.index.catch_up()
        with pipeline.database.snapshot() as database:
            result = work(replace(pipeline, database=database))
        cited = {each.document_id for each in result.citations}
        with pipeline.database.read() as connection:
            if len(get_documents(connection, cited)) == len(cited):
                return result
