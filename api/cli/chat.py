"""The command `dateline chat`."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.options import add_limits, limits
from api.problems import HANDLED
from api.render.terminal import show_passage, show_reply, show_sources
from api.render.wording import safe
from api.urls import file_url
from index.parse import is_unicode
from index.store.lookup import find_passage
from index.types import Filter
from retrieval.conversation.history import HISTORY_TURNS
from retrieval.converse import converse
from retrieval.dates.prefer import long_day
from retrieval.search.hybrid import check_limit
from retrieval.types import Citation, Exchange, Pipeline

if TYPE_CHECKING:
    from api.cli.options import Commands
    from api.settings import Settings


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


PROMPT = "> "
HISTORY_LINES = 1000


def read_lines(history: Path, *, interactive: bool) -> Iterator[str]:
    """The lines, to the end of the input.

    Someone at a terminal gets a prompt, line editing and the lines typed in earlier sessions; an
    interrupt gives up the line begun. What comes through a pipe comes as it is.
    """
    if not interactive:
        yield from sys.stdin
        return
    try:
        # Once it is imported, input() edits lines with it.
        import readline
    except ImportError:  # no such library on Windows
        yield from _typed()
        return
    with suppress(OSError):  # none yet, or it may not be read
        readline.read_history_file(history)
    readline.set_history_length(HISTORY_LINES)
    try:
        yield from _typed()
    finally:
        with suppress(OSError):
            # Questions are nobody else's business.
            history.touch(mode=0o600)
            readline.write_history_file(history)


def _typed() -> Iterator[str]:
    while True:
        try:
            yield input(PROMPT)
        except KeyboardInterrupt:
            print()  # noqa: T201
        except EOFError:
            print()  # noqa: T201
            return


def add(commands: Commands, home: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "chat",
        parents=[home],
        help="ask the reports one question after another",
        description="Ask the reports one question after another: each may refer to what was asked "
        "and answered before. Who said that? When was that? Show me the source. Anything else? Are "
        "you sure? are about the last answer. /new begins anew, /sources lists the sources of the "
        "last answer, /open N prints the passage of source N, /help lists these, /quit ends.",
        epilog="The conversation is kept nowhere; the lines typed are, for the arrow keys, in "
        "chat_history in the home. Through a pipe: a question a line comes in, its answer goes out "
        "at once.",
    )
    add_limits(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Converse until the end of the input."""
    from api.pipeline import open_pipeline

    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    if isinstance(sys.stdin, io.TextIOWrapper):
        # Bytes that are no text spoil one question, not the session.
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    with open_pipeline(settings, for_conversations=True) as pipeline:
        chat = Chat(pipeline, limits(options), interactive=interactive)
        chat.check_limit()
        chat.run(read_lines(settings.home / "chat_history", interactive=interactive))
    return 0
