"""Answer with server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi.responses import StreamingResponse


def stream_events(events: AsyncIterator[str]) -> StreamingResponse:
    """A response of events as they come: a proxy must neither keep them nor hold them back."""
    return StreamingResponse(
        events,
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
