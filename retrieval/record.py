"""Write a reply as JSON, to be stored, and read it back."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from retrieval.types import Answer, Citation, Reply


def write_reply(reply: Reply) -> dict[str, Any]:
    """All of the reply but the two questions and the timings, in what JSON has."""
    return {
        "answerable": reply.answerable,
        "confidence": reply.confidence,
        "answers": [
            {**asdict(each), "citations": list(each.citations), "date": _text(each.date)}
            for each in reply.answers
        ],
        "citations": [
            {**asdict(each), "document_date": _text(each.document_date)} for each in reply.citations
        ],
        "note": reply.note,
        "differ": reply.differ,
    }


def read_reply(question: str, standalone_question: str, record: Mapping[str, Any]) -> Reply:
    """The reply that was written, without timings."""
    return Reply(
        question=question,
        standalone_question=standalone_question,
        answerable=record["answerable"],
        confidence=record["confidence"],
        answers=tuple(
            # Replies that were written before answers had dates are read too.
            Answer(
                **{
                    **each,
                    "citations": tuple(each["citations"]),
                    "date": _day(each.get("date")),
                }
            )
            for each in record["answers"]
        ),
        citations=tuple(
            Citation(**{**each, "document_date": _day(each["document_date"])})
            for each in record["citations"]
        ),
        timings_ms={},
        note=record["note"],
        # Replies that were written before there was such a thing lack it.
        differ=record.get("differ", False),
    )


def cited_documents(records: Iterable[Mapping[str, Any]]) -> set[str]:
    """The ids of all documents that written replies cite."""
    return {each["document_id"] for record in records for each in record["citations"]}


def _text(day: datetime.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)
