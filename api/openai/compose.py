"""Write a reply as Markdown, with places in it that citations belong to."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.markdown import address, escape, escape_marked
from api.openai.schemas import Annotation, UrlCitation
from api.schemas import Url
from api.show import (
    CLOSEST,
    NONE,
    PASSAGE_CHARACTERS,
    say_answer_sure,
    say_day,
    say_part,
)
from retrieval.shorten import shorten
from retrieval.types import Answer, Citation, Reply

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
