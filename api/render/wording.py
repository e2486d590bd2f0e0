"""Show a reply in a terminal or a text file."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from retrieval.dates.say import long_day

if TYPE_CHECKING:
    from retrieval.types import Answer, Citation

PASSAGE_CHARACTERS = 300
"""How much of a passage is shown where the reports do not say: it is all in the report."""
CLOSEST = "The closest passages:"
NONE = "There are none to ask: take some in with `dateline ingest`, or limit the question less."


def say_answer_sure(answer: Answer, cited: Sequence[Citation], *, dated: bool) -> str:
    """What `say_sure` says of an answer; where `dated`, with the day of the newest report cited."""
    days = [each.document_date for each in cited if each.document_date is not None]
    reported = say_day(max(days, default=None)) if dated else None
    return say_sure(answer.text, answer.confidence, answer.date, reported)


def say_day(day: datetime.date | None) -> str:
    """The day of a report, which may have none."""
    return "no date" if day is None else long_day(day)


def say_sure(
    text: str, confidence: float, day: datetime.date | None, reported: str | None = None
) -> str:
    """How sure an answer of this text is, in brackets, with the day that it means if it means one.

    Not where the text says so itself, year and all. `reported` is the report's day, where it is
    to be told.
    """
    sure = f"{confidence:.0%} sure" if reported is None else f"{reported}, {confidence:.0%} sure"
    if day is None or str(day.year) in text:
        return f"({sure})"
    return f"({sure}; that is {long_day(day)})"


def say_part(citation: Citation) -> list[str]:
    """Page and section, where there are any that the title does not say already."""
    page = [] if citation.page is None else [f"page {citation.page}"]
    if citation.section in (None, citation.document_title):
        return page
    return [*page, safe(citation.section or "")]


def safe(text: str) -> str:
    """The text without control characters: a report must not steer the terminal."""
    return "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) != "Cc"
    )
