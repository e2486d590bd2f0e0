"""The HTTP service."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from importlib.metadata import version

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.routing import Route

from api import problems as responses
from api.mcp.server import create_sessions
from api.middleware import CheckOrigin, LimitRequestSize, RequireKey
from api.openai import routes as openai
from api.routes import ask, collections, conversations, documents, health, jobs, page, places
from api.service import Service
from api.settings import Settings
from retrieval.types import Pipeline


def create_app(
    settings: Settings,
    pipeline: Pipeline | None = None,
    on_failure: Callable[[Exception], None] | None = None,
    is_ending: Callable[[], bool] = lambda: False,
) -> FastAPI:
    """The app. Without a `pipeline` it loads the one that the settings describe when it starts.

    `on_failure` is called if that fails; without it the error ends the app's start-up task.
    `is_ending` tells whether the server wants to stop, which waits for open responses.
    """
    service = Service(settings, pipeline, on_failure, is_ending=is_ending, takes_uploads=True)
    sessions = create_sessions(service)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with service.running(), sessions.run():
            yield

    app = FastAPIOffline(
        title="Dateline",
        version=version("dateline"),
        summary="Answers questions about reports in the reports' own words.",
        lifespan=lifespan,
        redoc_url=None,  # its script takes a picture from another host
    )
    app.state.service = service
    app.add_middleware(LimitRequestSize, most=settings.max_request_bytes)
    if settings.api_key is not None:
        app.add_middleware(RequireKey, key=settings.api_key.get_secret_value())
    responses.install(app)
    for routes in (
        ask,
        conversations,
        documents,
        places,
        collections,
        jobs,
        openai,
        health,
    ):
        app.include_router(routes.router)
    page.install(app)
    # A class of ASGI's is asked whatever the method is.
    app.router.routes.append(Route("/mcp", CheckOrigin(sessions.handle_request, settings)))

    return app
