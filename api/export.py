"""Write a conversation as a Markdown file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from api.markdown import address, escape
from api.show import say_day, say_sure
from api.transcripts import StoredCitationBody, TranscriptBody, TurnBody

NAME_CHARACTERS = 60
"""How much of a title is in a file's name."""

_EXTENSIONS = {"json": "json", "markdown": "md"}


def file_name(transcript: TranscriptBody, kind: str) -> str:
    """A name that any file system takes and no header stumbles over: ASCII letters and digits."""
    plain = unicodedata.normalize("NFKD", transcript.title or "").encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    name = words[:NAME_CHARACTERS].rstrip("-") or transcript.id.replace("_", "-")
    return f"dateline-{name}.{_EXTENSIONS[kind]}"


def write_markdown(transcript: TranscriptBody) -> str:
    """Every question with its answers, and under them the numbered quotes and where they stand."""
    title = escape(transcript.title or "A conversation")
    begun = f"Asked of Dateline, {transcript.created_at[:10]}. Answers are quotes of reports."
    blocks = [f"# {title}", begun]
    for turn in transcript.turns:
        blocks += _turn(turn)
    return "\n\n".join(blocks) + "\n"


def _turn(turn: TurnBody) -> Iterator[str]:
    yield f"## {turn.number}. {escape(turn.question)}"
    if turn.standalone_question != turn.question.strip():
        yield f"Understood as: {escape(turn.standalone_question)}"
    if turn.note:
        yield escape(turn.note)
    if turn.answers:
        for answer in turn.answers:
            numbers = "".join(f"[{number}]" for number in answer.citations)
            sure = say_sure(answer.text, answer.confidence, answer.date)
            yield f"**{escape(answer.text)}** {numbers} {sure}"
    elif not turn.answerable and (turn.citations or not turn.note):
        closest = "The closest passages:" if turn.citations else ""
        yield f"The reports do not say. {closest}".strip()
    if turn.citations:
        yield "\n".join(_citation(each) for each in turn.citations)


def _citation(citation: StoredCitationBody) -> str:
    dated = say_day(citation.document_date)
    title = escape(citation.document_title)
    place = f"characters {citation.start_char_index}-{citation.end_char_index}"
    if citation.url is None:
        report = f"{title}, {dated} ({place}; this report is there no more)"
    else:
        report = (
            f"[{title}](<{address(citation.url)}>), {dated} ({escape(citation.source)}, {place})"
        )
    indent = " " * len(f"{citation.id}. ")
    return f"{citation.id}. {report}\n\n{indent}> {escape(citation.cited_text)}\n"
