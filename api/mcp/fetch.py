"""The tool `fetch`: a report's text, or the part of a long one that is asked for."""

from __future__ import annotations

from api.mcp.places import Place, read_place
from api.mcp.schemas import FetchArguments, FetchedReport, ReportFacts
from api.schemas import Url
from index.lookup import get_document, get_text
from retrieval.answer import Pipeline

MOST_CHARACTERS = 40_000
"""Of a text given at once: about 10,000 tokens, well below what clients cut off by themselves."""


def fetch(asked: FetchArguments, pipeline: Pipeline, url: Url) -> FetchedReport:
    """The report with this id, or the part around the place. Raises UnknownDocument."""
    place = read_place(asked.id)
    with pipeline.database.read() as connection:
        document = get_document(connection, place.document_id)
        text = get_text(connection, place.document_id)
    start, end = _around(place.range or (0, 0), len(text))
    source = document.sources[0]
    address = url(document.id, source, *(place.range or (0, 0)))
    follows = Place(document.id, (end, min(end + MOST_CHARACTERS, len(text))))
    return FetchedReport(
        id=asked.id,
        title=document.title,
        text=text[start:end],
        url=address if place.range else address.partition("#")[0],
        metadata=ReportFacts(
            date=document.date,
            collection=document.collection,
            source=source,
            characters=len(text),
            start_char_index=start,
            end_char_index=end,
            next_id=str(follows) if end < len(text) else None,
        ),
    )


def _around(wanted: tuple[int, int], length: int) -> tuple[int, int]:
    """The range of at most `MOST_CHARACTERS`, as near as can be with the wanted one amid it."""
    start = max(0, sum(wanted) // 2 - MOST_CHARACTERS // 2)
    end = min(start + MOST_CHARACTERS, length)
    return max(0, end - MOST_CHARACTERS), end
