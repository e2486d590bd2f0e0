"""The command `dateline chat`, on the fakes."""

import builtins
import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import api.cli.session
import api.pipeline
from api.cli.chat import PROMPT, read_lines
from api.cli.session import HELP, Chat
from api.main import main
from api.render.terminal import BOLD, DIM
from api.settings import Settings
from index.store.delete import delete_document
from index.types import Filter
from retrieval.types import Pipeline
from tests.api.conftest import FLOOD, GAS
from tests.factories import store

WHICH = "Which houses were flooded?"
SENTENCE = "Twelve houses were flooded."


@pytest.fixture
def filled(pipeline: Pipeline, tmp_path: Path) -> Pipeline:
    for name, text in (("flood", FLOOD), ("gas", GAS)):
        store(
            *(pipeline.database, pipeline.encoder, text),
            source=str(tmp_path / f"{name}.txt"),
            collection=name,
            title=f"About {name}",
        )
    return pipeline


Feed = Callable[[str], int]


@pytest.fixture
def feed(filled: Pipeline, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run the command on lines that come through a pipe."""

    @contextlib.contextmanager
    def open_pipeline(_settings: Settings, *, for_conversations: bool) -> Iterator[Pipeline]:
        assert for_conversations
        yield filled

    monkeypatch.setattr(api.pipeline, "open_pipeline", open_pipeline)

    def feed(text: str, *arguments: str) -> int:
        raw = text.encode("utf-8", "surrogateescape")
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="ascii"))
        return main(["chat", *arguments])

    return feed


def test_each_line_of_a_pipe_is_answered(
    feed: Feed, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert feed(f"{WHICH}\n\nWho won the cup?\n") == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith(f"  **{SENTENCE}** [1] (100% sure)\n\n[1] About flood, no date\n")
    assert out.count("The reports do not say.") == 1
    assert "\x1b" not in out
    assert PROMPT not in out
    assert not (tmp_path / "home" / "chat_history").exists()


def test_a_line_without_an_end_is_answered_too(
    feed: Feed, capsys: pytest.CaptureFixture[str]
) -> None:
    assert feed(WHICH) == 0
    assert SENTENCE in capsys.readouterr().out


def test_later_questions_may_be_about_earlier_answers(
    feed: Feed, capsys: pytest.CaptureFixture[str]
) -> None:
    feed(f"{WHICH}\nare you sure?\n/new\nare you sure?\n")
    out = capsys.readouterr().out
    assert "Understood as: Which houses were flooded?" in out
    assert out.count("Very sure: 100%.") == 1
    assert out.count("The reports do not say.") == 1


def test_sources_are_listed_and_opened(
    feed: Feed, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    feed(f"/sources\n{WHICH}\nwho said that?\n/sources\n/open 1\n/open [1]\n")
    out, err = capsys.readouterr()
    assert err == ""
    blocks = out.split("\n\n")
    assert blocks[0] == "None yet."
    # The last reply has no source: the one before it is meant.
    start, end = FLOOD.index(SENTENCE), FLOOD.index(SENTENCE) + len(SENTENCE)
    assert out.count(f"{tmp_path / 'flood.txt'}, characters {start}-{end}") == 2
    assert out.count(f"{(tmp_path / 'flood.txt').as_uri()}#char={start},{end}") == 2
    passage = f"on Tuesday. **{SENTENCE}** The mayor closed the schools."
    assert " ".join(out.split()).count(passage) == 2
    assert out.count("About flood, no date\n\n  Flood in the valley\n  2023-03-14\n") == 2


def test_what_goes_wrong_does_not_end_it(feed: Feed, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["?", "why " * 600, "/open 1", "/opne", "/new now", "why \udcff?", "/help", WHICH]
    assert feed("\n".join([*lines, "/open 2", "/open x\x1b[2J"])) == 0
    out, err = capsys.readouterr()
    assert out.startswith(HELP)
    assert SENTENCE in out
    told = err.splitlines()
    assert all(line.startswith("dateline: ") for line in told)
    assert "the question is empty" in told[0]
    assert "ask more briefly" in told[1]
    assert told[2:5] == [
        "dateline: there is no source '1': ask something first",
        "dateline: /opne is no command: /help lists those there are",
        "dateline: /new now is no command: /help lists those there are",
    ]
    assert "no Unicode text" in told[5]
    assert told[6] == "dateline: there is no source '2': /open 1 to /open 1"
    assert len(told) == 8
    assert "\x1b" not in err


@pytest.mark.parametrize("line", ["/quit", "/exit", "/QUIT", "quit", "exit"])
def test_quit_ends_it(feed: Feed, capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert feed(f"{line}\n{WHICH}\n") == 0
    assert capsys.readouterr().out == ""


def test_the_one_source_there_is_needs_no_number(
    feed: Feed, capsys: pytest.CaptureFixture[str]
) -> None:
    feed(f"/open\n{WHICH}\n/OPEN\n")
    out, err = capsys.readouterr()
    assert err == "dateline: which source? ask something first\n"
    assert "#char=" in out


def test_a_courtesy_gets_a_remark_and_changes_nothing(
    feed: Feed, capsys: pytest.CaptureFixture[str]
) -> None:
    feed(f"hi\n{WHICH}\nthanks!\nare you sure?\n")
    out = capsys.readouterr().out
    assert out.startswith("Hello.")
    assert "\nYou are welcome.\n\nUnderstood as: Which houses" in out
    assert "do not say" not in out


def test_limits_hold_for_every_question(
    feed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    feed("What did the mayor do?\nWhat did the mayor do?\n", "--collection", "gas")
    out = capsys.readouterr().out
    assert out.count("[1] About gas") == 2
    assert "About flood" not in out


def test_limits_that_no_question_can_have_are_told_at_once(
    feed: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert feed(WHICH, "--collection", "fires") == 1
    assert feed(WHICH, "--since", "2022-01-02", "--until", "2022-01-01") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "no collection is named 'fires'" in err
    assert "exchange the two" in err


def test_a_deleted_report_cannot_be_opened(
    filled: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    chat = Chat(filled, Filter(), interactive=False)

    def lines() -> Iterator[str]:
        yield WHICH
        reply = chat._history[-1].reply
        assert reply is not None
        delete_document(filled.database, reply.citations[0].document_id)
        yield "/open 1"

    chat.run(lines())
    assert "the report of source 1 is there no more" in capsys.readouterr().err


def test_a_person_gets_a_greeting_and_colour(
    filled: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    Chat(filled, Filter(), interactive=True).run([WHICH, "are you sure?", "/new", "/open 1"])
    out, err = capsys.readouterr()
    assert out.startswith("Ask the reports.")
    assert f"{BOLD}{SENTENCE}" in out
    assert f"{DIM}Understood as: {WHICH}" in out
    assert "A new conversation." in out
    assert "ask something first" in err


def test_an_interrupt_gives_up_the_question_for_a_person(
    filled: Pipeline, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = api.cli.session.converse

    def interrupted(question: str, *arguments: object, **options: object) -> object:
        if question == "Stop?":
            raise KeyboardInterrupt
        return ask(question, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(api.cli.session, "converse", interrupted)
    Chat(filled, Filter(), interactive=True).run(["Stop?", WHICH])
    out = capsys.readouterr().out
    assert "(given up)" in out
    assert SENTENCE in out
    with pytest.raises(KeyboardInterrupt):
        Chat(filled, Filter(), interactive=False).run(["Stop?", WHICH])


def test_each_answer_is_out_before_the_next_question_is_read(
    filled: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []

    class Stream(io.StringIO):
        def flush(self) -> None:
            flushed.append(self.getvalue())

    monkeypatch.setattr(sys, "stdout", Stream())

    def lines() -> Iterator[str]:
        yield WHICH
        assert SENTENCE in flushed[-1]
        yield "/sources"
        assert flushed[-1].count("About flood") == 2

    Chat(filled, Filter(), interactive=False).run(lines())


class Keyboard:
    """Takes the place of `input`: gives what is typed, raises what is raised."""

    def __init__(self, *typed: str | BaseException) -> None:
        self._typed = list(typed)
        self.prompts: list[str] = []

    def __call__(self, prompt: str) -> str:
        self.prompts.append(prompt)
        given = self._typed.pop(0)
        if isinstance(given, BaseException):
            raise given
        return given


def test_a_person_is_prompted_until_the_end_of_input(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keyboard = Keyboard("one", KeyboardInterrupt(), "two", EOFError())
    monkeypatch.setattr(builtins, "input", keyboard)
    history = tmp_path / "chat_history"
    assert list(read_lines(history, interactive=True)) == ["one", "two"]
    assert keyboard.prompts == [PROMPT] * 4
    assert history.stat().st_mode & 0o777 == 0o600


def test_lines_typed_are_there_again_in_the_next_session(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    readline = pytest.importorskip("readline")
    history = tmp_path / "chat_history"
    history.write_text("earlier\n")
    monkeypatch.setattr(builtins, "input", Keyboard("one", EOFError()))
    readline.clear_history()
    for _ in read_lines(history, interactive=True):
        assert readline.get_history_item(1) == "earlier"
        # As input() does at a terminal.
        readline.add_history("one")
    assert history.read_text().splitlines()[-2:] == ["earlier", "one"]
    readline.clear_history()


def test_a_history_that_cannot_be_kept_does_not_matter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(builtins, "input", Keyboard("one", EOFError()))
    assert list(read_lines(tmp_path / "none" / "history", interactive=True)) == ["one"]
