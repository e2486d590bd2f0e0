"""Write a conversation as a Markdown file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from api.show import safe, say_sure
from api.transcripts import StoredCitationBody, TranscriptBody, TurnBody
from retrieval.dates.say import long_day

NAME_CHARACTERS = 60
"""How much of a title is in a file's name."""

_SYNTAX = re.compile(r"[\\`*_{}\[\]<>#|~&$]")
_AT_START = re.compile(r"^(?:[-+=:]|\d+(?=[.)]))")
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


def escape(text: str) -> str:
    """The text on one line, to be read as it stands: nothing in it is Markdown or HTML."""
    line = " ".join(safe(text).split())
    escaped = _SYNTAX.sub(r"\\\g<0>", line)
    return _AT_START.sub(_shield, escaped)


def _shield(match: re.Match[str]) -> str:
    # A digit cannot be escaped; the mark after it can.
    return f"{match[0]}\\" if match[0][-1].isdigit() else f"\\{match[0]}"


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
    day = citation.document_date
    dated = "no date" if day is None else long_day(day)
    title = escape(citation.document_title)
    place = f"characters {citation.start_char_index}-{citation.end_char_index}"
    if citation.url is None:
        report = f"{title}, {dated} ({place}; this report is there no more)"
    else:
        # The host in it is what the client said it is.
        url = quote(citation.url, safe=":/?#[]@,=%")
        report = f"[{title}](<{url}>), {dated} ({escape(citation.source)}, {place})"
    indent = " " * len(f"{citation.id}. ")
    return f"{citation.id}. {report}\n\n{indent}> {escape(citation.cited_text)}\n"
