"""Open WebUI's own events, which show the passages cited; no other client knows them."""

from __future__ import annotations

from typing import Any

from api.places import fragment
from api.schemas import Url
from retrieval.types import Reply


def source_events(reply: Reply, url: Url) -> tuple[dict[str, Any], ...]:
    """A source for each citation, in the order of their numbers: it counts them by that.

    It takes sources with one `metadata.source` for one, and shows that in place of the name if it
    is an address: so this is the place in the report.
    """
    events = []
    for citation in reply.citations:
        start, end = citation.start, citation.end
        place = f"{citation.document_id}#{fragment(start, end)}"
        address = url(citation.document_id, citation.source, start, end)
        source = {"id": place, "name": citation.document_title, "url": address}
        metadata = {"source": place, "name": citation.document_title, "url": address}
        events.append({"source": source, "document": [citation.cited_text], "metadata": [metadata]})
    return tuple(events)
