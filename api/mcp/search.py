"""The tool `search`: the reports nearest to a query."""

from __future__ import annotations

from api.mcp.places import Place
from api.mcp.schemas import Found, FoundReports, SearchArguments
from api.schemas import Url
from index.lookup import get_documents
from index.types import Filter
from retrieval.answer import Pipeline
from retrieval.find import find
from retrieval.search import CANDIDATES

RESULTS = 10


def search(asked: SearchArguments, pipeline: Pipeline, url: Url) -> FoundReports:
    """One result a report, with its best passage. Raises what `retrieval.find` does."""
    hits = find(asked.query, Filter(), CANDIDATES, pipeline)
    best = {hit.passage.document_id: hit.passage for hit in reversed(hits)}
    with pipeline.database.read() as connection:
        documents = get_documents(connection, best)
    ranked = dict.fromkeys(hit.passage.document_id for hit in hits)
    there = [(documents[each], best[each]) for each in ranked if each in documents]
    return FoundReports(
        results=[
            Found(
                id=str(Place(document.id, (passage.start, passage.end))),
                title=document.title,
                url=url(document.id, document.sources[0], passage.start, passage.end),
                text=passage.text,
            )
            for document, passage in there[:RESULTS]
        ]
    )
