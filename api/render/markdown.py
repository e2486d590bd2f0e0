"""Write report text into Markdown so that it is read as it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from api.openai.schemas import Annotation, UrlCitation
from api.render.wording import (
    CLOSEST,
    NONE,
    PASSAGE_CHARACTERS,
    safe,
    say_answer_sure,
    say_day,
    say_part,
    say_sure,
)
from api.schemas.asking import Url
from api.schemas.conversations import StoredCitationBody, TranscriptBody, TurnBody
from retrieval.english.shorten import shorten
from retrieval.types import Answer, Citation, Reply

_SYNTAX = re.compile(r"[\\`*_{}\[\]<>#|~&$]")
_AT_START = re.compile(r"^(?:[-+=:]|\d+(?=[.)]))")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")

# Noncharacters of Unicode: no text may hold them, so they can stand for the marks until the end.
_OPENING, _CLOSING = "\ufdd0", "\ufdd1"


def escape(text: str) -> str:
    """The text on one line, to be read as it stands: nothing in it is Markdown or HTML."""
    line = " ".join(safe(text).split())
    escaped = _SYNTAX.sub(r"\\\g<0>", line)
    return _AT_START.sub(_shield, escaped)


def unescape(text: str) -> str:
    """The text that `escape` wrote so."""
    return _ESCAPED.sub(r"\1", text)


def escape_marked(text: str, start: int, end: int) -> str:
    """The text as `escape` writes it, with `text[start:end]` in bold."""
    parts = [
        part.replace(_OPENING, " ").replace(_CLOSING, " ")
        for part in (text[:start], text[start:end], text[end:])
    ]
    marked = escape(f"{parts[0]}{_OPENING}{parts[1]}{_CLOSING}{parts[2]}")
    return marked.replace(_OPENING, "**").replace(_CLOSING, "**")


def address(url: str) -> str:
    """The address as it can stand in a link: the host in it is what the client said it is."""
    return quote(url, safe=":/?#[]@,=%")


def _shield(match: re.Match[str]) -> str:
    # A digit cannot be escaped; the mark after it can.
    return f"{match[0]}\\" if match[0][-1].isdigit() else f"\\{match[0]}"


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


SOURCES = "**Sources**"


@dataclass(frozen=True, slots=True)
class Composed:
    """A text in pieces that make sense one after another, and the citations in all of it."""

    pieces: tuple[str, ...]
    annotations: tuple[Annotation, ...] = ()

    @property
    def content(self) -> str:
        """The whole text."""
        return "".join(self.pieces)


@dataclass(slots=True)
class _Page:
    """A text that grows block by block, and knows where its citations are."""

    reply: Reply
    url: Url
    pieces: list[str] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def begin(self, text: str = "") -> None:
        """Begin a block, apart from the one before."""
        self.add(f"\n\n{text}" if self.pieces else text)

    def cite(self, numbers: tuple[int, ...]) -> None:
        """Link to the citations of these numbers."""
        for number in numbers:
            citation = self.reply.citations[number - 1]
            url = self.address_of(citation)
            start = self.length
            self.add(f"[[{number}]]({url})")
            place = UrlCitation(
                start_index=start,
                end_index=self.length,
                url=url,
                title=citation.document_title,
            )
            self.annotations.append(Annotation(url_citation=place))

    def address_of(self, citation: Citation) -> str:
        place = (citation.document_id, citation.source, citation.start, citation.end)
        return address(self.url(*place))


def compose(reply: Reply, url: Url) -> Composed:
    """Each answer marked in its sentence with its citations, then the sources.

    How the question was understood and what Dateline remarks stand where `show_reply` has them.
    """
    page = _Page(reply, url)
    if reply.standalone_question != reply.question.strip():
        page.begin(f"*Understood as: {escape(reply.standalone_question)}*")
    if reply.note and reply.differ:
        page.begin(escape(reply.note))
    for answer in reply.answers:
        _answer(page, answer)
    if not reply.answerable and (reply.note is None or reply.citations):
        page.begin(f"**The reports do not say.** {CLOSEST if reply.citations else NONE}")
        for citation in reply.citations:
            page.begin(f"> {escape(shorten(citation.cited_text, PASSAGE_CHARACTERS, ' …'))} ")
            page.cite((citation.id,))
    if reply.note and not reply.differ:
        page.begin(escape(reply.note))
    if reply.citations:
        page.begin(SOURCES)
        page.begin("\n".join(_source(page, each) for each in reply.citations))
    return Composed(tuple(page.pieces), tuple(page.annotations))


def _answer(page: _Page, answer: Answer) -> None:
    cited = [page.reply.citations[number - 1] for number in answer.citations]
    first = cited[0]
    quote = escape_marked(first.cited_text, answer.start - first.start, answer.end - first.start)
    page.begin(f"> {quote} ")
    page.cite(answer.citations)
    page.add(f" {say_answer_sure(answer, cited, dated=page.reply.differ)}")


def _source(page: _Page, citation: Citation) -> str:
    where = "".join(f", {escape(each)}" for each in say_part(citation))
    title = f"[{escape(citation.document_title)}]({page.address_of(citation)})"
    return f"{citation.id}. {title}, {say_day(citation.document_date)}{where}"
