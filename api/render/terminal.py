"""Show a reply in a terminal or a text file."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from collections.abc import Sequence

from api.render.wording import (
    CLOSEST,
    NONE,
    PASSAGE_CHARACTERS,
    safe,
    say_answer_sure,
    say_day,
    say_part,
)
from retrieval.english.shorten import shorten
from retrieval.types import Answer, Citation, Reply

BOLD, DIM, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_INDENT = "  "


def show_reply(reply: Reply, *, colour: bool) -> str:
    """The answers, each marked inside its sentence, then the numbered sources.

    How the question was understood stands first if that is not how it was asked, and what Dateline
    remarks itself after the answers; before them where it is that they differ, and each answer then
    has the day of its newest report. Bold marks the answer where there is `colour` (and NO_COLOR is
    not set), ** around it elsewhere.
    """
    colour = colour and not os.environ.get("NO_COLOR")
    width = _width()
    blocks = []
    if reply.standalone_question != reply.question.strip():
        understood = f"Understood as: {safe(reply.standalone_question)}"
        blocks.append(_dim(understood, colour))
    remark = [] if reply.note is None else [_wrap(safe(reply.note), width, "")]
    if reply.differ:
        blocks += remark
    if reply.answerable:
        by_id = {citation.id: citation for citation in reply.citations}
        for each in reply.answers:
            cited = [by_id[number] for number in each.citations]
            blocks.append(_answer(each, cited, width, colour=colour, dated=reply.differ))
    elif reply.note is None or reply.citations:
        blocks.append(f"The reports do not say. {CLOSEST if reply.citations else NONE}")
        blocks += [_passage(citation, width) for citation in reply.citations]
    if not reply.differ:
        blocks += remark
    if reply.citations:
        blocks.append(show_sources(reply.citations, colour=colour))
    return "\n\n".join(blocks)


def show_sources(citations: Sequence[Citation], *, colour: bool) -> str:
    """Title, day and place of each, numbered."""
    width = _width()
    return "\n".join(_source(citation, width, colour) for citation in citations)


def show_passage(text: str, start: int, end: int, *, colour: bool) -> str:
    """A passage in full, its paragraphs kept, with `text[start:end]` marked."""
    colour = colour and not os.environ.get("NO_COLOR")
    opening, closing = (BOLD, PLAIN) if colour else ("**", "**")
    # Each part is made safe by itself, for the marks are not.
    parts = (_lines(text[:start]), _lines(text[start:end]), _lines(text[end:]))
    marked = f"{parts[0]}{opening}{parts[1]}{closing}{parts[2]}"
    return "\n".join(_wrap(line, _width()) for line in marked.split("\n"))


def _lines(text: str) -> str:
    return "\n".join(map(safe, re.split(r"\r\n|\r|\n", text)))


def _width() -> int:
    return min(shutil.get_terminal_size((88, 24)).columns, 100)


def _answer(
    answer: Answer, cited: Sequence[Citation], width: int, *, colour: bool, dated: bool
) -> str:
    citation = cited[0]
    opening, closing = (BOLD, PLAIN) if colour else ("**", "**")
    start, end = answer.start - citation.start, answer.end - citation.start
    before = safe(citation.cited_text[:start])
    quote = safe(citation.cited_text[start:end])
    after = safe(citation.cited_text[end:])
    numbers = "".join(f"[{number}]" for number in answer.citations)
    sure = say_answer_sure(answer, cited, dated=dated)
    marked = f"{before}{opening}{quote}{closing}{after} {numbers} {sure}"
    return _wrap(" ".join(marked.split()), width)


def _passage(citation: Citation, width: int) -> str:
    shown = shorten(safe(citation.cited_text), PASSAGE_CHARACTERS, " \u2026")
    return _wrap(f"{shown} [{citation.id}]", width)


def _source(citation: Citation, width: int, colour: bool) -> str:
    day = say_day(citation.document_date)
    characters = f"characters {citation.start}-{citation.end}"
    place = ", ".join([safe(citation.source), *say_part(citation), characters])
    # The place stays on one line: it is there to be copied.
    title = textwrap.fill(
        f"[{citation.id}] {safe(citation.document_title)}, {day}",
        width,
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return _dim(f"{title}\n    {place}", colour)


def _dim(text: str, colour: bool) -> str:
    return f"{DIM}{text}{PLAIN}" if colour else text


def _wrap(text: str, width: int, indent: str = _INDENT) -> str:
    return textwrap.fill(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
