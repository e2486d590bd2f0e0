"""A conversation at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from api.problems import HANDLED
from api.render.terminal import show_passage, show_reply, show_sources
from api.render.wording import safe
from api.urls import file_url
from index.parse import is_unicode
from index.store.lookup import find_passage
from index.types import Filter
from retrieval.conversation.history import HISTORY_TURNS
from retrieval.converse import converse
from retrieval.dates.say import long_day
from retrieval.search.hybrid import check_limit
from retrieval.types import Citation, Exchange, Pipeline

if TYPE_CHECKING:
    pass


HELP = """\
Ask in your own words; a question may refer to what was said before, or be about
the last answer: who said that? when was that? anything else? are you sure?
  /new      begin a new conversation
  /sources  list the sources of the last answer
  /open N   print the passage that source N is in, with its address
  /help     show this
  /quit     end (as Ctrl-D does; Ctrl-C gives up a question)"""


QUIT = {"/quit", "/exit", "/q", "quit", "exit"}
"""Lines that end it: none of them could be a question."""


class Chat:
    """Answers line by line; what goes wrong with one line does not end it."""

    def __init__(self, pipeline: Pipeline, limit: Filter, *, interactive: bool) -> None:
        """With `interactive`, a person reads along: greeting, colour, and interrupts to go on."""
        self._pipeline = pipeline
        self._limit = limit
        self._interactive = interactive
        self._history: list[Exchange] = []

    def check_limit(self) -> None:
        """Raise, as a question would, for a limit that no question can have."""
        with self._pipeline.database.read() as connection:
            check_limit(connection, self._limit)

    def run(self, lines: Iterable[str]) -> None:
        """Answer each line until there is none left or one says /quit."""
        if self._interactive:
            _print("Ask the reports. /help lists the commands, /quit ends.")
        for line in lines:
            line = line.strip()  # noqa: PLW2901
            if line.casefold() in QUIT:
                return
            try:
                if line.startswith("/"):
                    self._command(line)
                elif line:
                    self._ask(line)
            except HANDLED as error:
                _complain(str(error))
            except KeyboardInterrupt:
                if not self._interactive:
                    raise
                _print("(given up)")

    def _ask(self, question: str) -> None:
        if not is_unicode(question):
            _complain("that line is no Unicode text: type it again")
            return
        reply = converse(question, self._limit, self._pipeline, history=self._history)
        self._history = [*self._history, Exchange(question, reply)][-HISTORY_TURNS:]
        _print(f"{show_reply(reply, colour=self._interactive)}\n")

    def _command(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        name = name.casefold()
        if name == "/new" and not rest:
            self._history = []
            if self._interactive:
                _print("A new conversation.")
        elif name == "/sources" and not rest:
            cited = self._cited()
            _print(f"{show_sources(cited, colour=self._interactive)}\n" if cited else "None yet.\n")
        elif name == "/open":
            self._open(rest.strip().strip("[]"))
        elif name == "/help":
            _print(HELP)
        else:
            _complain(f"{safe(line)} is no command: /help lists those there are")

    def _cited(self) -> tuple[Citation, ...]:
        """The citations of the last reply that has any."""
        replies = [each.reply for each in reversed(self._history) if each.reply is not None]
        return next((reply.citations for reply in replies if reply.citations), ())

    def _open(self, number: str) -> None:
        cited = {str(each.id): each for each in self._cited()}
        if not number and len(cited) == 1:
            number = next(iter(cited))
        if number not in cited:
            missing = f"there is no source {safe(number)!r}:" if number else "which source?"
            have = f"/open 1 to /open {len(cited)}" if cited else "ask something first"
            _complain(f"{missing} {have}")
            return
        citation = cited[number]
        with self._pipeline.database.read() as connection:
            passage = find_passage(connection, citation.document_id, citation.start, citation.end)
        if passage is None:
            _complain(f"the report of source {number} is there no more")
            return
        day = "no date" if citation.document_date is None else long_day(citation.document_date)
        marked = show_passage(
            passage.text,
            citation.start - passage.start,
            citation.end - passage.start,
            colour=self._interactive,
        )
        url = file_url(citation.document_id, citation.source, citation.start, citation.end)
        title = safe(citation.document_title)
        _print(f"{title}, {day}\n\n{marked}\n\n{safe(url)}\n")


def _print(text: str) -> None:
    # At once: whoever reads from a pipe waits for it before the next question.
    print(text, flush=True)  # noqa: T201


def _complain(text: str) -> None:
    print(f"dateline: {text}", file=sys.stderr, flush=True)  # noqa: T201
