"""Tell the reader which of the question's names a passage's report says elsewhere.

"How many vehicles were burned in Kazakhstan?" is answered by a passage that names a city alone, if
its report is about Kazakhstan; of such a passage in a report that never names it, the reader is
right to doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.database import Database
from index.lookup import documents_saying
from index.types import Passage
from retrieval.weigh import lacked_names


def add_report_names(
    question: str, passages: Sequence[Passage], database: Database
) -> list[Passage]:
    """The passages, each with those names in its title that it lacks and its report has."""
    lacking = [lacked_names(question, passage) for passage in passages]
    wanted = sorted({name for names in lacking for name in names})
    if not wanted:
        return list(passages)
    ids = sorted({passage.document_id for passage in passages})
    with database.read() as connection:
        saying = {name: documents_saying(connection, ids, name) for name in wanted}
    named = []
    for passage, names in zip(passages, lacking, strict=True):
        elsewhere = [name for name in names if passage.document_id in saying[name]]
        title = ". ".join(part for part in (" ".join(elsewhere), passage.title) if part)
        named.append(replace(passage, title=title) if elsewhere else passage)
    return named
