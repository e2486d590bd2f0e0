"""Open WebUI's own events, which show the passages cited; no other client knows them."""

from __future__ import annotations

from typing import Any

from api.schemas import Url
from retrieval.types import Reply


def source_events(reply: Reply, url: Url) -> tuple[dict[str, Any], ...]:
    """A source for each citation, in the order of their numbers: it counts them by that."""
    events = []
    for citation in reply.citations:
        place = url(citation.document_id, citation.source, citation.start, citation.end)
        source = {"id": place, "name": citation.document_title, "url": place}
        metadata = {"source": place, "name": citation.document_title, "url": place}
        events.append({"source": source, "document": [citation.cited_text], "metadata": [metadata]})
    return tuple(events)
