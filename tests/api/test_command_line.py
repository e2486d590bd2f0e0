import contextlib
import datetime
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import api.pipeline
from api.main import main, parser
from api.settings import Settings
from index.store.database import Database
from index.store.lookup import count_documents, get_text
from index.types import Filter
from retrieval.types import Pipeline
from tests.api.conftest import FLOOD, GAS
from tests.factories import store

ROOT = Path(__file__).parent.parent.parent
HEAVY = set(
    "torch transformers numpy fastapi onnxruntime sqlalchemy pydantic faiss tantivy "
    "matplotlib".split()
)


@pytest.fixture
def opened(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Commands get the fakes' pipeline; the settings that they ask for are noted."""
    asked: list[Settings] = []

    @contextlib.contextmanager
    def open_pipeline(settings: Settings) -> Iterator[Pipeline]:
        asked.append(settings)
        yield pipeline

    monkeypatch.setattr(api.pipeline, "open_pipeline", open_pipeline)
    return asked


@pytest.fixture
def filled(pipeline: Pipeline, tmp_path: Path) -> list[str]:
    """Two reports in the home that the environment names; returns their ids, newest first."""
    ids = []
    for text, name, day in ((FLOOD, "flood", 14), (GAS, "gas", 5)):
        stored = store(
            pipeline.database,
            pipeline.encoder,
            text,
            source=str(tmp_path / f"{name}.txt"),
            collection=name,
            title=f"About {name}",
            date=datetime.date(2022, 1, day),
        )
        ids.append(stored.document_id)
    return ids


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Assert that the command is wrong usage; return what is said of it."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["answer"], "invalid choice: 'answer'"),
        (["ask"], "the following arguments are required: QUESTION"),
        (
            ["ask", "why?", "--since", "2022-02-30"],
            "'2022-02-30' is no day: write it as 2022-01-05",
        ),
        (["ask", "why?", "--until", "yesterday"], "'yesterday' is no day: write it as 2022-01-05"),
        (["ask", "why?", "--until", ""], "'' is no day"),
        (["ask", "why?", "--threshold", "1.5"], "'1.5' is no number from 0 to 1"),
        (["ask", "why?", "--threshold", "-0.1"], "'-0.1' is no number from 0 to 1"),
        (["ask", "why?", "--threshold", "nan"], "'nan' is no number from 0 to 1"),
        (["ask", "why?", "--threshold", "half"], "'half' is no number from 0 to 1"),
        (["chat", "why?"], "unrecognized arguments: why?"),
        (["chat", "--since", "now"], "'now' is no day"),
        (["ask", "why?", "--answers"], "unrecognized arguments: --answers"),
        (["ingest"], "the following arguments are required: PATH"),
        (["documents"], "the following arguments are required: ACTION"),
        (["documents", "show"], "the following arguments are required: ID"),
        (["documents", "list", "--since", "now"], "'now' is no day"),
        (["serve", "--port", "http"], "invalid int value: 'http'"),
        (["serve", "--port", "70000"], "--port or DATELINE_PORT: "),
        (["serve", "--port", "-1"], "--port or DATELINE_PORT: "),
    ],
)
def test_wrong_usage_is_told_with_exit_status_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refused(arguments, capsys)


@pytest.mark.parametrize(
    ("variable", "value"), [("PORT", "http"), ("PORT", "70000"), ("THRESHOLD", "2")]
)
def test_a_wrong_setting_in_the_environment_is_named(
    variable: str,
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(f"DATELINE_{variable}", value)
    said = refused(["ask", "why?"], capsys)
    assert said.startswith(f"dateline: --{variable.lower()} or DATELINE_{variable}: ")


def test_the_home_is_the_options_else_the_environments(
    opened: list[Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["ask", "why?"]) == 0
    assert main(["--home", str(tmp_path / "before"), "ask", "why?"]) == 0
    assert main(["ask", "why?", "--home", str(tmp_path / "after")]) == 0
    monkeypatch.delenv("DATELINE_HOME")
    assert main(["ask", "why?"]) == 0
    homes = [settings.home for settings in opened]
    assert homes[:3] == [tmp_path / "home", tmp_path / "before", tmp_path / "after"]
    assert homes[3].name == "dateline"
    assert homes[3].is_absolute()


def test_options_stand_over_the_environment(
    opened: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_THRESHOLD", "0.25")
    main(["ask", "why?"])
    main(["ask", "why?", "--threshold", "0"])
    assert [settings.threshold for settings in opened] == [0.25, 0.0]


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["ask", "--help"], ["chat", "--help"], ["serve", "--help"], ["mcp", "--help"]],
)
def test_help_answers_without_heavy_packages(arguments: list[str]) -> None:
    program = (
        "import atexit, sys\n"
        "from api.main import main\n"
        "atexit.register(lambda: print('imported:', *sorted(sys.modules), file=sys.stderr))\n"
        f"main({arguments!r})\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert "usage: dateline" in finished.stdout
    imported = {name.partition(".")[0] for name in finished.stderr.split()}
    assert "api" in imported
    assert not imported & HEAVY


def test_every_command_of_the_parser_describes_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("ingest", "ask", "chat", "serve", "mcp", "documents", "documents list"):
        with pytest.raises(SystemExit) as caught:
            parser().parse_args([*command.split(), "--help"])
        assert caught.value.code == 0
        assert f"usage: dateline {command}" in capsys.readouterr().out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert re.fullmatch(r"dateline \d+\.\d+\S*\n", capsys.readouterr().out)


@pytest.mark.usefixtures("opened", "filled")
def test_ask_prints_the_answer_in_its_sentence_and_its_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["ask", "Why had the price of gas risen?"]) == 0
    out, err = capsys.readouterr()
    assert "**Residents were angry because the price of gas had risen.** [1] (100%" in out
    assert "[1] About gas, 5 January 2022" in out
    assert err == ""


@pytest.mark.usefixtures("opened", "filled")
@pytest.mark.parametrize(
    ("said", "remark"),
    [
        ("thanks", "You are welcome."),
        ("Hello!", "Hello. Ask what the reports say."),
        ("ok, thanks, bye!", "Goodbye."),
    ],
)
def test_ask_replies_to_a_courtesy_with_a_remark_alone(
    said: str, remark: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", said]) == 0
    assert capsys.readouterr() == (f"{remark}\n", "")
    assert main(["ask", said, "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert (body["note"], body["answerable"], body["citations"]) == (remark, False, [])
    assert main(["ask", said, "--collection", "none"]) == 1
    assert "none" in capsys.readouterr().err


@pytest.mark.usefixtures("opened", "filled")
def test_ask_prints_as_json_what_http_returns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "Which houses were flooded?", "--json", "--collection", "flood"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["answers"][0]["text"] == "Twelve houses were flooded."
    citation = body["citations"][0]
    start, end = citation["start_char_index"], citation["end_char_index"]
    assert FLOOD[start:end] == citation["cited_text"]
    assert citation["url"] == f"{Path(citation['source']).as_uri()}#char={start},{end}"


@pytest.mark.usefixtures("opened", "filled")
def test_ask_heeds_its_limits(capsys: pytest.CaptureFixture[str]) -> None:
    main(["ask", "What did the mayor do?", "--since", "2022-01-06", "--until", "2022-01-31"])
    out = capsys.readouterr().out
    assert "About flood" in out
    assert "About gas" not in out


@pytest.mark.usefixtures("opened", "filled")
@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["ask", ""], 2, "the question is empty"),
        (["ask", "why " * 600], 2, "ask more briefly"),
        (["ask", "why?", "--since", "2022-01-02", "--until", "2022-01-01"], 2, "exchange the two"),
        (["ask", "why?", "--collection", "fires"], 1, "no collection is named 'fires'"),
        (["documents", "list", "--collection", "fires"], 1, "no collection is named 'fires'"),
        (["documents", "list", "--since", "2022-01-02", "--until", "2022-01-01"], 2, "exchange"),
        (["documents", "show", "doc_0"], 1, "no document has the id 'doc_0'"),
        (["documents", "show", "doc_0", "--json"], 1, "no document has the id 'doc_0'"),
        (["documents", "delete", "doc_0"], 1, "no document has the id 'doc_0'"),
        (["ingest", "/no/such/folder"], 1, "/no/such/folder: no such file or folder"),
        (
            ["ingest", str(ROOT / "README.md"), "--collection", "a b"],
            2,
            "'a b' is no name for a coll",
        ),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(
    arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("dateline: ")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.usefixtures("opened", "filled")
@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "why \udcff?"],
        ["ask", "why?", "--collection", "a\udcff"],
        ["documents", "show", "doc_\udcff"],
        ["documents", "delete", "doc_\udcff"],
    ],
)
def test_an_argument_that_is_no_text_is_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(arguments)
    except SystemExit as ended:
        status = int(ended.code or 0)
    assert status in (1, 2)
    assert "dateline" in capsys.readouterr().err


def test_a_home_that_cannot_be_used_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    for command in (["documents", "list"], ["mcp"]):
        assert main([*command, "--home", str(tmp_path / "file")]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert "cannot be used as the database" in err
        assert "--home" in err


def test_a_fault_of_dateline_itself_is_not_hidden(
    pipeline: Pipeline, opened: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pipeline.reader, "read", fail)
    with pytest.raises(ZeroDivisionError):
        main(["ask", "why?"])


@pytest.mark.usefixtures("opened")
def test_ingest_counts_what_became_of_each_file(
    tmp_path: Path, pipeline: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "reports"
    (folder / "inner").mkdir(parents=True)
    (folder / "gas.txt").write_text(GAS)
    (folder / "inner" / "flood.md").write_text(FLOOD)
    (folder / "picture.png").write_bytes(b"\x89PNG")
    assert main(["ingest", str(folder), str(folder / "gas.txt")]) == 0
    assert capsys.readouterr() == ("2 added, 0 replaced, 0 unchanged, 0 failed\n", "")
    (folder / "gas.txt").write_text(GAS + " So be it.")
    (folder / "broken.txt").write_bytes(b"The mayor \xff\x00 fled.")
    assert main(["ingest", str(folder), str(folder / "none.txt")]) == 1
    out, err = capsys.readouterr()
    assert out == "0 added, 1 replaced, 1 unchanged, 2 failed\n"
    assert (
        f"dateline: {folder / 'broken.txt'}: no text in any common encoding (byte 0xff at 10)"
        in err
    )
    assert f"dateline: {folder / 'none.txt'}: no such file or folder" in err
    with pipeline.database.read() as connection:
        assert count_documents(connection, Filter("default")) == 2


def test_documents_are_listed_newest_first(
    filled: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["documents", "list"]) == 0
    flood, gas = filled
    assert capsys.readouterr().out.splitlines() == [
        f"{flood}  2022-01-14  flood  About flood",
        f"{gas}  2022-01-05  gas  About gas",
    ]
    assert main(["documents", "list", "--json", "--collection", "gas"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [gas]
    assert json.loads(lines[0])["date"] == "2022-01-05"


@pytest.mark.usefixtures("filled")
def test_a_documents_text_is_printed_to_the_byte(
    database: Database, pipeline: Pipeline, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    text = "\ufeffThe mayor\r\nfled \U0001f600\r e\u0301\x1b[1m.\n\n"
    stored = store(database, pipeline.encoder, text)
    assert main(["documents", "show", stored.document_id]) == 0
    assert capfdbinary.readouterr().out == text.encode()
    assert main(["documents", "show", stored.document_id, "--json"]) == 0
    assert json.loads(capfdbinary.readouterr().out)["characters"] == len(text)


def test_a_deleted_document_is_gone(
    database: Database, filled: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    flood, gas = filled
    assert main(["documents", "delete", flood]) == 0
    assert capsys.readouterr() == ("", f"deleted {flood}\n")
    with database.read() as connection:
        assert count_documents(connection, Filter()) == 1
        assert get_text(connection, gas) == GAS
    assert main(["documents", "delete", flood]) == 1


def test_a_title_cannot_steer_the_terminal(
    database: Database, pipeline: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    title = "\x1b]0;owned\x07 \x9b2J A\nreport"
    store(database, pipeline.encoder, "The mayor fled.", title=title)
    assert main(["documents", "list"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", out)


def test_an_interrupt_ends_the_command_quietly(
    opened: list[Settings],
    pipeline: Pipeline,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline.reader, "read", interrupt)
    assert main(["ask", "why?"]) == 130
    assert capsys.readouterr() == ("", "dateline: interrupted\n")
