from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import ir_measures
import pytest

import api.pipeline
from api.main import main, parser
from api.settings import Settings
from index.types import Vectors
from tests.fakes import HashEncoder, WordReader
from tests.retrieval.evaluation.collections import write_beir
from tests.retrieval.evaluation.pages.read_page import Page, assert_stands_by_itself

ROOT = Path(__file__).parents[2]


class CountingEncoder(HashEncoder):
    """Counts the passages that it embeds."""

    passages = 0

    def embed_passages(self, texts: Any) -> Vectors:
        CountingEncoder.passages += len(texts)
        return super().embed_passages(texts)


@pytest.fixture(autouse=True)
def encoder(monkeypatch: pytest.MonkeyPatch) -> type[CountingEncoder]:
    """The command gets the fake models; the encoder counts from 0."""
    CountingEncoder.passages = 0
    monkeypatch.setattr(api.pipeline, "open_encoder", lambda _settings: CountingEncoder())
    monkeypatch.setattr(api.pipeline, "open_reader", lambda _settings: WordReader())
    return CountingEncoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_beir(tmp_path / "mine")


def evaluate(*arguments: str | Path) -> int:
    return main(["evaluate", "retrieval", *map(str, arguments)])


def test_figures_are_printed_and_what_counts_differently_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(folder) == 0
    out, err = capsys.readouterr()
    assert err == "Indexing the collection (once)...\n"
    table, notes = out.split("\n\n")
    rows = [line.split() for line in table.splitlines()]
    assert [row[0] for row in rows] == ["this", "nDCG@10", "R@100", "RR@10", "AP", "R@5"]
    lines = notes.splitlines()
    assert lines[0] == "6 documents, 5 queries, of them 4 judged"
    assert "ms (median)" in lines[1]
    assert lines[2:] == [
        "queries without a judgement, in no figure: 1 (q5)",
        "queries judged but with no result, counted 0: 1 (q4)",
        "empty documents, never found: 1 (d5)",
    ]


def test_a_second_run_does_not_index_again_and_says_the_same(
    folder: Path,
    tmp_path: Path,
    encoder: type[CountingEncoder],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert evaluate(folder, "--run", tmp_path / "one.run", "--report", tmp_path / "one.html") == 0
    embedded = encoder.passages
    assert embedded > 0
    capsys.readouterr()
    assert evaluate(folder, "--run", tmp_path / "two.run") == 0
    assert encoder.passages == embedded
    assert capsys.readouterr().err == ""
    assert (tmp_path / "one.run").read_bytes() == (tmp_path / "two.run").read_bytes()


def test_the_users_own_reports_are_left_alone(folder: Path, home: Path) -> None:
    assert evaluate(folder, "--home", home) == 0
    assert [path.name for path in home.iterdir()] == ["cache"]


def test_the_run_has_the_figures_that_are_printed(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(folder, "--run", tmp_path / "out.run", "--json", tmp_path / "out.json") == 0
    figures = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert list(figures) == [
        *("documents", "queries", "judged", "overall", "recall", "milliseconds"),
        *("without_judgement", "without_result", "without_relevant", "empty_documents"),
        "per_query",
    ]
    qrels: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text().splitlines()[1:]:
        query_id, document_id, score = line.split("\t")
        qrels.setdefault(query_id, {})[document_id] = int(score)
    measures = [ir_measures.nDCG @ 10, ir_measures.R @ 100, ir_measures.RR @ 10, ir_measures.AP]
    found = ir_measures.calc_aggregate(
        measures, qrels, ir_measures.read_trec_run(str(tmp_path / "out.run"))
    )
    assert {str(measure): round(value, 4) for measure, value in found.items()} == {
        name: value for name, value in figures["overall"].items() if name != "R@5"
    }
    assert f"AP       {figures['overall']['AP']:.4f}" in capsys.readouterr().out
    assert list(figures["per_query"]) == ["q1", "q2", "q3", "q4"]
    assert set(figures["per_query"]["q1"]) == {*figures["overall"], "milliseconds"}
    assert figures["without_judgement"] == ["q5"]
    assert figures["without_result"] == ["q4"]
    assert figures["recall"]["100"] == figures["overall"]["R@100"]


def test_a_run_compared_with_itself_does_not_differ(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(folder, "--run", tmp_path / "out.run") == 0
    capsys.readouterr()
    assert evaluate(folder, "--compare", tmp_path / "out.run") == 0
    rows = [line.split() for line in capsys.readouterr().out.split("\n\n")[0].splitlines()]
    assert rows[0] == ["this", "out.run", "difference", "p", "wins", "ties", "losses"]
    for row in rows[1:]:
        assert row[1] == row[2]
        assert row[3:] == ["+0.0000", "1.0000", "0", "4", "0"]


def test_another_run_is_put_beside_it_everywhere(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.run").write_text("q1 Q0 d2 1 3.5 old\nq2 Q0 d6 1 2 old\n")
    outputs = ["--json", tmp_path / "out.json", "--report", tmp_path / "out.html"]
    assert evaluate(folder, "--compare", tmp_path / "old.run", *outputs) == 0
    out = capsys.readouterr().out
    assert "nDCG@10 moved most, from old.run to this:\n  0.0000 -> 1.0000  Which dyke" in out
    assert "judged queries not in old.run, counted 0 there: 2 (q3, q4)" in out
    compared = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["compared"]
    assert compared["run"] == "old.run"
    assert set(compared["metrics"]["AP"]) == {
        *("this", "other", "difference", "p_value", "wins", "ties", "losses")
    }
    assert compared["moved"][0] == {
        "query_id": "q1",
        "this": 1.0,
        "other": 0.0,
        "text": "Which dyke broke?",
    }
    assert compared["without_result"] == ["q3", "q4"]
    page = Page((tmp_path / "out.html").read_bytes())
    assert_stands_by_itself(page)
    assert "Retrieval on mine" in page.text
    assert "Against old.run" in page.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("corpus.jsonl", '{"_id": "d1"}', "corpus.jsonl, line 1: 'text' is missing"),
        ("queries.jsonl", "no", "queries.jsonl, line 1: not JSON: "),
        ("qrels/test.tsv", "q1\td1\t1", "test.tsv, line 1: the header is missing"),
        ("qrels/test.tsv", "a\tb\tc\nq8\td1\t1", "test.tsv, line 2: query 'q8' is not in"),
    ],
)
def test_a_wrong_file_is_told_by_file_and_line(
    name: str,
    content: str,
    said: str,
    folder: Path,
    tmp_path: Path,
    encoder: type[CountingEncoder],
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / name).write_text(content)
    assert evaluate(folder, "--json", tmp_path / "out.json") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"dateline: {folder}/")
    assert said in err
    assert err.count("\n") == 1
    assert encoder.passages == 0
    assert not (tmp_path / "out.json").exists()


def test_a_wrong_run_is_told_before_anything_is_indexed(
    folder: Path,
    tmp_path: Path,
    encoder: type[CountingEncoder],
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "old.run").write_text("q1 Q0 d9 1 3.5 old\n")
    assert evaluate(folder, "--compare", tmp_path / "old.run") == 1
    assert "old.run, line 1: the collection has no document 'd9'" in capsys.readouterr().err
    assert encoder.passages == 0


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_file_that_is_not_there_is_told(
    missing: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / missing).unlink()
    assert evaluate(folder) == 1
    assert capsys.readouterr().err == f"dateline: {folder / missing}: No such file or directory\n"


def test_an_output_that_cannot_be_written_is_refused_before_the_run(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for option in ("--run", "--json", "--report"):
        assert evaluate(folder, option, tmp_path / "none" / "out") == 1
        assert "there is no folder" in capsys.readouterr().err
    assert evaluate(folder, "--json", folder / "corpus.jsonl") == 2
    assert evaluate(folder, "--compare", tmp_path / "a", "--run", tmp_path / "a") == 2
    assert "named more than once" in capsys.readouterr().err
    assert (folder / "corpus.jsonl").read_text().startswith("{")


def test_an_interrupted_indexing_leaves_nothing(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(CountingEncoder, "embed_passages", interrupt)
    assert evaluate(folder, "--home", home) == 130
    left = [path.suffix for path in (home / "cache" / "evaluation").iterdir()]
    assert left == [".lock"]
    assert capsys.readouterr().out == ""


def test_a_full_disk_does_not_cost_the_figures(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert evaluate(folder) == 0
    capsys.readouterr()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    assert evaluate(folder, "--run", tmp_path / "out.run") == 1
    out, err = capsys.readouterr()
    assert "nDCG@10" in out
    assert err == f"dateline: {tmp_path / 'out.run'}: No space left on device\n"


def test_texts_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = [{"_id": "q\x1b[2J", "text": "Which dyke \x1b]0;broke?"}]
    folder = write_beir(tmp_path / "x", queries=queries, judgements=[("q\x1b[2J", "d1", "1")])
    (tmp_path / "\x1b.run").write_text("q\x1b[2J Q0 d2 1 1 x\n")
    assert evaluate(folder, "--compare", tmp_path / "\x1b.run") == 0
    out, err = capsys.readouterr()
    assert "Which dyke ]0;broke? [q[2J]" in out
    assert "\x1b" not in out + err


def test_the_command_describes_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parser().parse_args(["evaluate", "retrieval", "--help"])
    assert caught.value.code == 0
    assert "--compare RUN" in capsys.readouterr().out


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, api.main\n"
        "try: api.main.main(['evaluate', 'retrieval', '--help'])\n"
        "except SystemExit: print(*sys.modules, file=sys.stderr)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    loaded = {name.partition(".")[0] for name in finished.stderr.split()}
    assert "api" in loaded
    assert not loaded & {"matplotlib", "numpy", "ir_measures", "pydantic", "onnxruntime"}


def test_settings_say_where_the_index_is_kept(folder: Path, home: Path) -> None:
    assert evaluate("--home", home, folder) == 0
    kept = Settings(home=home).cache_folder / "evaluation"
    assert len([path for path in kept.iterdir() if path.is_dir()]) == 1
