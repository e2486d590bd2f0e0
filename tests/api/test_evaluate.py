from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import api.cli.output
import api.pipeline
from api.main import main, parser
from api.settings import Settings
from index.types import Passage
from retrieval.types import Span
from tests.fakes import WordReader
from tests.retrieval.evaluation.pages.read_page import Page, assert_stands_by_itself

ROOT = Path(__file__).parents[2]
CONTEXT = (
    "Residents were angry because gas prices rose. The mayor fled to caf\u00e9 \U0001f600\u2028X."
)


def make_line(number: int, question: str, *gold: str, **more: Any) -> dict[str, Any]:
    answers = [{"text": text, "start": CONTEXT.index(text)} for text in gold]
    found = {"id": f"q{number}", "question": question, "context": CONTEXT, "answers": answers}
    return {**found, **more}


LINES = [
    make_line(1, "Why were residents truly angry?", "gas prices rose", source="news"),
    make_line(2, "Where has the mayor fled?", "caf\u00e9 \U0001f600", source="\x1b[2Jwiki"),
    make_line(3, "Who won the cup final?"),
]


def write_lines(path: Path, lines: Sequence[object] = LINES) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "examples.jsonl")


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The command gets the fake reader; the settings that it asks with are noted."""
    asked: list[Settings] = []

    def open_reader(settings: Settings) -> WordReader:
        asked.append(settings)
        return WordReader(threshold=0.4)

    monkeypatch.setattr(api.pipeline, "open_reader", open_reader)
    return asked


def evaluate(*arguments: str | Path) -> int:
    return main(["evaluate", "reader", *map(str, arguments)])


def test_figures_are_printed_in_columns(
    file: Path, opened: list[Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(file) == 0
    out, err = capsys.readouterr()
    assert err == ""
    table, _ = out.split("\n\n")
    rows = {line[:26].strip(): line[26:].split() for line in table.splitlines()}
    # A source cannot steer the terminal.
    assert rows[""] == ["all", "why", "other", "[[2Jwiki]", "[news]"]
    assert rows["questions"] == ["3", "1", "2", "1", "1"]
    assert rows["answerable"] == ["2", "1", "1", "1", "1"]
    assert rows["NoAns accuracy"] == ["1.0000", "-", "1.0000", "-", "-"]
    assert rows["AUROC of answerability"] == ["1.0000", "-", "1.0000", "-", "-"]
    assert "\x1b" not in out
    assert re.search(
        r"\nshown from a confidence of 0\.4000, [\d,.]+ examples read a second\n$", out
    )
    # It needs no database.
    assert len(opened) == 1
    assert not opened[0].home.exists()


def test_predictions_are_json_lines_of_exact_quotes(file: Path, tmp_path: Path) -> None:
    assert evaluate(file, "--predictions", tmp_path / "spans.jsonl") == 0
    written = (tmp_path / "spans.jsonl").read_text(encoding="utf-8")
    predictions = [json.loads(line) for line in written.splitlines()]
    assert [each["id"] for each in predictions] == ["q1", "q2", "q3"]
    for each in predictions:
        assert list(each) == ["id", "text", "start", "end", "confidence", "answered"]
        assert CONTEXT[each["start"] : each["end"]] == each["text"]
    assert predictions[0]["text"] == "Residents were angry because gas prices rose."
    assert predictions[0]["answered"] is True
    nothing = {"id": "q3", "text": "", "start": 0, "end": 0, "confidence": 0.0, "answered": False}
    assert predictions[2] == nothing


def test_json_has_every_figure_to_four_decimals(file: Path, tmp_path: Path) -> None:
    assert evaluate(file, "--json", tmp_path / "figures.json") == 0
    written = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert list(written) == [
        *("threshold", "examples_per_second", "overall", "by_question", "by_source"),
        "reliability",
    ]
    assert written["threshold"] == 0.4
    assert written["examples_per_second"] > 0
    assert set(written["by_question"]) == {"why", "other"}
    assert set(written["by_source"]) == {"news", "\x1b[2Jwiki"}
    assert written["overall"]["total"] == 3
    # "Residents were angry because gas prices rose" has 7 words, and 3 are wanted.
    assert written["by_question"]["why"]["f1"] == 0.6
    assert written["by_question"]["why"]["auroc"] is None
    assert len(written["reliability"]) == 10
    assert sum(each["count"] for each in written["reliability"]) == 3
    numbers = [each for each in written["overall"].values() if each is not None]
    assert numbers == [round(each, 4) for each in numbers]


def test_the_plot_is_a_png(file: Path, tmp_path: Path) -> None:
    assert evaluate(file, "--plot", tmp_path / "figures.PNG") == 0
    drawn = (tmp_path / "figures.PNG").read_bytes()
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert 5_000 < len(drawn) < 500_000


def test_the_same_run_writes_the_same_files(file: Path, tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        outputs = [tmp_path / name / part for part in ("p.jsonl", "f.json", "p.png")]
        options = ("--predictions", "--json", "--plot")
        assert (
            evaluate(file, *[str(x) for pair in zip(options, outputs, strict=True) for x in pair])
            == 0
        )
        predictions, figures, plot = (path.read_bytes() for path in outputs)
        found = json.loads(figures)
        # How fast it was is the one figure that may differ.
        del found["examples_per_second"]
        written.append((predictions, found, plot))
    assert written[0] == written[1]


def test_a_gzipped_file_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = "".join(f"{json.dumps(line)}\n" for line in LINES).encode()
    (tmp_path / "examples.jsonl.gz").write_bytes(gzip.compress(content))
    assert evaluate(tmp_path / "examples.jsonl.gz") == 0
    assert "questions" in capsys.readouterr().out


def test_the_threshold_of_the_settings_goes_before_the_readers(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for threshold, answered in (("1", [False, True, False]), ("0", [True, True, False])):
        monkeypatch.setenv("DATELINE_THRESHOLD", threshold)
        assert evaluate(file, "--predictions", tmp_path / "spans.jsonl") == 0
        lines = (tmp_path / "spans.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["answered"] for line in lines] == answered
        assert f"a confidence of {threshold}.0000" in capsys.readouterr().out


def test_equal_ids_are_refused_where_predictions_would_be_ambiguous(
    tmp_path: Path, opened: list[Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_lines(tmp_path / "examples.jsonl", [*LINES, LINES[1]])
    assert evaluate(file) == 0
    opened.clear()
    capsys.readouterr()
    assert evaluate(file, "--predictions", tmp_path / "spans.jsonl") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"dateline: {file}: 2 examples have the id 'q2': ")
    assert not opened
    assert not (tmp_path / "spans.jsonl").exists()


GOOD = json.dumps(LINES[0]).encode()


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", 1, "the file holds no example"),
        (b"\n \n", 1, "the file holds no example"),
        (GOOD + b"\n{not json\n", 2, "Expecting property name"),
        (GOOD + b"\n\n[1]", 3, "is not a JSON object"),
        (b"[" * 100_000, 1, "recursion"),
        (GOOD + b"\n" + GOOD.replace(b"Why", b"\xff\xfe") + b"\n" + GOOD, 2, "can't decode byte"),
        (b"\xef\xbb\xbf" + GOOD, 1, "BOM"),
        (GOOD.replace(b'"id"', b'"name"'), 1, "'id' is missing"),
        (GOOD.replace(b'"answers"', b'"golds"'), 1, "'answers' is missing"),
        (GOOD.replace(b'"start"', b'"at"'), 1, "'start' is missing"),
        (GOOD.replace(b'"q1"', b"1"), 1, "'id' is not a text"),
        (GOOD.replace(b'"news"', b"null"), 1, "'source' is not a text"),
        (GOOD.replace(b"Why", b"\\ud800"), 1, "'question' is not a text"),
        (GOOD.replace(b'"start": 29', b'"start": 30'), 1, "'gas prices rose' does not stand at 30"),
        (GOOD.replace(b'"start": 29', b'"start": -42'), 1, "does not stand at -42"),
        (GOOD.replace(b'"start": 29', b'"start": 1e9'), 1, "a whole number"),
        (GOOD.replace(b'"start": 29', b'"start": true'), 1, "a whole number"),
        (GOOD.replace(b'"gas prices rose"', b'""'), 1, "'' does not stand"),
        (GOOD.replace(b'"gas prices rose"', b"[]"), 1, "has not a text"),
        (re.sub(rb"\[.*\]", b'["gas"]', GOOD), 1, "is not a JSON object"),
        (re.sub(rb"\[.*\]", b'"gas"', GOOD), 1, "'answers' is not a list"),
    ],
)
def test_a_bad_file_is_told_by_file_and_line(
    content: bytes,
    line: int,
    said: str,
    tmp_path: Path,
    opened: list[Settings],
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "bad.jsonl").write_bytes(content)
    assert evaluate(tmp_path / "bad.jsonl", "--json", tmp_path / "figures.json") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"dateline: {tmp_path / 'bad.jsonl'}, line {line}: ")
    assert said in err
    assert err.count("\n") == 1
    assert not opened
    assert not (tmp_path / "figures.json").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.jsonl", "No such file"),
        ("folder", "Is a directory"),
        ("plain.gz", "Not a gzipped file"),
        ("cut.gz", "ended before"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain.gz").write_bytes(GOOD)
    (tmp_path / "cut.gz").write_bytes(gzip.compress(GOOD)[:-9])
    assert evaluate(tmp_path / name) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"dateline: {tmp_path / name}: ")
    assert said in err


@pytest.mark.parametrize("option", ["--predictions", "--json", "--plot", "--report"])
def test_an_output_that_cannot_be_written_is_refused_before_the_run(
    option: str,
    file: Path,
    tmp_path: Path,
    opened: list[Settings],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert evaluate(file, option, tmp_path / "none" / "out.png") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert f"there is no folder {tmp_path / 'none'}: make it first" in err
    assert not opened


@pytest.mark.parametrize(
    "arguments", [["--json", "examples.jsonl"], ["--json", "out", "--predictions", "./out"]]
)
def test_a_file_that_is_named_twice_is_wrong_usage(
    arguments: list[str],
    file: Path,
    opened: list[Settings],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(file.parent)
    before = file.read_bytes()
    assert evaluate(file, *arguments) == 2
    assert "named more than once" in capsys.readouterr().err
    assert file.read_bytes() == before
    assert not opened


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: SUBJECT"),
        (["readers"], "invalid choice: 'readers'"),
        (["reader"], "the following arguments are required: FILE"),
        (["reader", "a", "--plot", "a.pdf"], "'a.pdf' does not end in .png"),
        (["reader", "a", "--run", "b"], "unrecognized arguments: --run b"),
    ],
)
def test_wrong_usage_is_told_with_exit_status_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["evaluate", *arguments])
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err


def test_a_full_disk_does_not_cost_the_figures(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    assert evaluate(file, "--json", tmp_path / "figures.json") == 1
    out, err = capsys.readouterr()
    assert "exact match" in out
    assert err == f"dateline: {tmp_path / 'figures.json'}: No space left on device\n"
    assert list(tmp_path.iterdir()) == [file]


def test_an_interrupt_writes_nothing(
    file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupt(_reader: WordReader, question: str, passages: Sequence[Passage]) -> list[Span]:
        if "won" in question:
            raise KeyboardInterrupt
        return []

    monkeypatch.setattr(WordReader, "read", interrupt)
    assert evaluate(file, "--predictions", tmp_path / "spans.jsonl") == 130
    assert capsys.readouterr() == ("", "dateline: interrupted\n")
    assert list(tmp_path.iterdir()) == [file]


def test_the_commands_describe_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("evaluate", "evaluate reader"):
        with pytest.raises(SystemExit) as caught:
            parser().parse_args([*command.split(), "--help"])
        assert caught.value.code == 0
        assert f"usage: dateline {command}" in capsys.readouterr().out


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, api.main\n"
        "try: api.main.main(['evaluate', 'reader', '--help'])\n"
        "except SystemExit: print(*sys.modules, file=sys.stderr)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    loaded = {name.partition(".")[0] for name in finished.stderr.split()}
    assert "api" in loaded
    assert not loaded & {"matplotlib", "numpy", "torch", "pydantic", "onnxruntime"}


def test_pyplot_and_its_global_state_are_left_alone(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "matplotlib.pyplot", raising=False)
    assert evaluate(file, "--plot", tmp_path / "figures.png") == 0
    assert "matplotlib.pyplot" not in sys.modules


def test_the_report_is_a_page_that_stands_by_itself(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_THRESHOLD", "1")
    assert evaluate(file, "--report", tmp_path / "out.html") == 0
    page = Page((tmp_path / "out.html").read_bytes())
    assert_stands_by_itself(page)
    assert "Reader on examples.jsonl" in page.text
    assert "Why were residents truly angry?" in page.text
