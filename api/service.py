"""What routes work with: the pipeline, loaded beside the server, and its worker threads."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Annotated, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from api.errors import NotReady
from api.pipeline import open_pipeline
from api.problems import HANDLED
from api.settings import Settings
from api.uploads.worker import Quiet, Worker
from index.jobs.uploads import Uploads
from retrieval.conversation.store import prune_conversations
from retrieval.types import Pipeline, Turn

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

REFRESH_SECONDS = 0.5
"""How often an idle service looks for what other processes have ingested or deleted."""

log = logging.getLogger("dateline")


class Service:
    """Loads the pipeline without holding up the event loop, and runs work on it off the loop."""

    def __init__(
        self,
        settings: Settings,
        pipeline: Pipeline | None,
        on_failure: Callable[[Exception], None] | None,
        *,
        is_ending: Callable[[], bool] = lambda: False,
        takes_uploads: bool = False,
    ) -> None:
        """A `pipeline` that is handed in is ready at once and stays open at the end.

        One that does not take uploads leaves those that wait to another.
        """
        self._is_ending = is_ending
        self._takes_uploads = takes_uploads
        self.settings = settings
        self._pipeline = pipeline
        self._on_failure = on_failure
        self._closing = ExitStack()
        self._failure: Exception | None = None
        self._loaded = asyncio.Event()
        self._stopping = asyncio.Event()
        self._worker: Worker | None = None
        self._quiet = Quiet()
        self.uploads = Uploads(settings.uploads_folder)
        # More models at work than cores would only wait for each other.
        self._workers = CapacityLimiter(max(2, os.cpu_count() or 1))

    def pipeline(self) -> Pipeline:
        """The pipeline. Raises NotReady while it loads or after loading has failed."""
        if self._pipeline is None:
            if self._failure is not None:
                known = isinstance(self._failure, HANDLED)
                reason = self._failure if known else "the server's log says why"
                raise NotReady(f"the service could not start: {reason}")
            raise NotReady("the models are still loading: try again in a few seconds")
        return self._pipeline

    async def ready(self, patience: float) -> Pipeline:
        """The pipeline, waited for so many seconds while it loads. Raises NotReady."""
        if self._pipeline is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._loaded.wait(), patience)
        return self.pipeline()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Load beside what is done meanwhile; closed at the end."""
        loading = asyncio.create_task(self.load())
        try:
            yield
        finally:
            self.stop()
            try:
                await loading
            finally:
                self.close()

    async def load(self) -> None:
        """Load the models and catch up, then keep the index caught up until `stop`.

        Not to be cancelled: a worker thread would not notice, and go on with what `close` closes.
        """
        if self._pipeline is None:
            try:
                self._pipeline = await to_thread.run_sync(self._open)
            except Exception as error:
                self._failure = error
                if self._on_failure is None:
                    raise
                self._on_failure(error)
                return
            finally:
                self._loaded.set()
        try:
            await to_thread.run_sync(self._prune, self._pipeline)
        except HANDLED:
            # It is tried again when the next conversation begins.
            log.exception("old conversations could not be deleted")
        if self._takes_uploads:
            self._worker = Worker(self.settings, self._pipeline, self._quiet)
            self._worker.start()
        while not await self._stops_within(REFRESH_SECONDS):
            try:
                await to_thread.run_sync(self._pipeline.index.catch_up)
            except Exception:
                # The next question catches up itself and reports what is wrong.
                log.exception("the search index could not catch up")

    async def _stops_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()

    def _prune(self, pipeline: Pipeline) -> None:
        with pipeline.database.write() as connection:
            prune_conversations(connection, self.settings.conversation_days)

    def _open(self) -> Pipeline:
        pipeline = self._closing.enter_context(open_pipeline(self.settings, for_conversations=True))
        # The first run of a model is slower: nobody's question should be it.
        pipeline.encoder.embed_question("Are you there?")
        if pipeline.finder is not None:
            pipeline.finder.find("And where?", [Turn("Are you there?")])
        return pipeline

    async def run(
        self,
        work: Callable[Parameters, Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Run `work` in a worker thread, as many at once as there are cores; uploads wait."""
        with self._quiet.disturbed():
            return await to_thread.run_sync(partial(work, *args, **kwargs), limiter=self._workers)

    def wake_worker(self) -> None:
        """Tell of a new job; where there is no worker yet, it finds the job when it starts."""
        if self._worker is not None:
            self._worker.wake()

    @property
    def is_stopping(self) -> bool:
        """Whether what waits for something should wait no more."""
        return self._stopping.is_set() or self._is_ending()

    def stop(self) -> None:
        """Let `load` come to its end, which it does when its worker thread has."""
        self._stopping.set()

    def close(self) -> None:
        """End the worker, save the index and close what `load` has opened, once it has ended."""
        if self._worker is not None:
            self._worker.stop()
        self._pipeline = None
        self._closing.close()


def get_service(request: Request) -> Service:
    """The service of the app that the request came to."""
    service: Service = request.app.state.service
    return service


def get_pipeline(service: Annotated[Service, Depends(get_service)]) -> Pipeline:
    """Its pipeline. Raises NotReady."""
    return service.pipeline()


ServiceOf = Annotated[Service, Depends(get_service)]
PipelineOf = Annotated[Pipeline, Depends(get_pipeline)]
