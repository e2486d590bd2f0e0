from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import api.pipeline
from api.main import main, parser
from index.types import Vectors
from tests.fakes import HashEncoder, WordReader
from tests.retrieval.evaluation.pages.read_page import Page, assert_stands_by_itself
from tests.retrieval.evaluation.question_sets import DOCUMENTS, QUESTIONS, write_questions

ROOT = Path(__file__).parents[2]


class CountingEncoder(HashEncoder):
    """Counts the passages that it embeds."""

    passages = 0

    def embed_passages(self, texts: Any) -> Vectors:
        CountingEncoder.passages += len(texts)
        return super().embed_passages(texts)


@pytest.fixture(autouse=True)
def encoder(monkeypatch: pytest.MonkeyPatch) -> type[CountingEncoder]:
    """The command gets the fakes; the encoder counts from 0."""
    CountingEncoder.passages = 0
    monkeypatch.setattr(api.pipeline, "open_encoder", lambda _settings: CountingEncoder())
    monkeypatch.setattr(api.pipeline, "open_reader", lambda _settings: WordReader(0.6))
    return CountingEncoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_questions(tmp_path / "mine")


def evaluate(*arguments: str | Path) -> int:
    return main(["evaluate", "answers", *map(str, arguments)])


def rows_of(table: str) -> dict[str, list[str]]:
    """The cells of a table by their row's name, which two spaces end."""
    rows = [line.split("  ") for line in table.splitlines()[1:]]
    return {row[0]: [cell.strip() for cell in row[1:] if cell.strip()] for row in rows}


def test_figures_losses_and_latency_are_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(folder) == 0
    out, err = capsys.readouterr()
    assert err == "Indexing the collection (once)...\n"
    table, notes = out.split("\n\n")
    assert table.splitlines()[0].split() == ["all", "why", "other", "[news]", "[odd]"]
    rows = rows_of(table)
    assert rows["questions"] == ["4", "1", "3", "2", "1"]
    assert rows["answerable"] == ["3", "1", "2", "2", "1"]
    assert rows["F1"][0] == "0.7500"
    assert rows["HasAns answer recall"] == ["0.6667", "1.0000", "0.5000", "1.0000", "0.0000"]
    assert rows["NoAns abstention"] == ["1.0000", "-", "1.0000", "-", "-"]
    assert rows["right and shown"] == ["0.6667", "1.0000", "0.5000", "1.0000", "0.0000"]
    assert rows["lost in retrieval"] == ["0.3333", "0.0000", "0.5000", "0.0000", "1.0000"]
    assert rows["lost at the threshold"][0] == "0.0000"
    assert rows["rightly silent"][0] == "1.0000"
    lines = notes.splitlines()
    assert lines[:2] == [
        "5 documents, 4 questions: 2 right and shown, 1 lost in retrieval, 1 rightly silent",
        "shown from a confidence of 0.6000",
    ]
    for line, what in zip(lines[2:5], ("a question", "of it search", "of it reading"), strict=True):
        assert line.startswith(f"{what} took ")
        assert "ms (median)" in line
    assert lines[5:] == [
        "questions without a word, for which nothing is found: 1 (mark)",
        "empty documents, never found: 1 (none)",
    ]


def test_the_threshold_is_the_settings_if_they_have_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATELINE_THRESHOLD", "1")
    assert evaluate(folder) == 0
    out = capsys.readouterr().out
    assert "shown from a confidence of 1.0000" in out
    assert "1 lost at the threshold" not in out
    assert rows_of(out.split("\n\n")[0])["HasAns answers shown"][0] == "0.6667"


def test_a_second_run_does_not_index_again_and_predicts_the_same(
    folder: Path,
    tmp_path: Path,
    encoder: type[CountingEncoder],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert evaluate(folder, "--predictions", tmp_path / "one", "--report", tmp_path / "x.html") == 0
    embedded = encoder.passages
    assert embedded > 0
    capsys.readouterr()
    assert evaluate(folder, "--predictions", tmp_path / "two") == 0
    assert encoder.passages == embedded
    assert capsys.readouterr().err == ""
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_users_own_reports_are_left_alone(folder: Path, home: Path) -> None:
    assert evaluate(folder, "--home", home) == 0
    assert [path.name for path in home.iterdir()] == ["cache"]


def test_predictions_are_one_a_question_in_ascii(tmp_path: Path) -> None:
    text = "Am Fluß\u2028brach ein Deich."
    documents = [*DOCUMENTS, {"_id": "fluß", "title": "", "text": text}]
    question = {"_id": "wo", "text": "Wo brach ein Deich?", "answers": [text], "relevant": ["fluß"]}
    folder = write_questions(tmp_path / "x", documents, [*QUESTIONS, question])
    assert evaluate(folder, "--predictions", tmp_path / "out") == 0
    content = (tmp_path / "out").read_text(encoding="ascii")
    lines = [json.loads(line) for line in content.splitlines()]
    assert [line["id"] for line in lines] == ["dyke", "strike", "cup", "mark", "wo"]
    assert set(lines[0]) == {
        *("id", "text", "start", "end", "document_id", "confidence", "answered"),
        *("answers", "loss"),
    }
    texts = {document["_id"]: document["text"] for document in documents}
    for line in lines:
        if line["document_id"] is not None:
            assert texts[line["document_id"]][line["start"] : line["end"]] == line["text"]
    assert lines[4]["document_id"] == "fluß"
    assert [line["loss"] for line in lines[:4]] == ["shown", "shown", "silent", "retrieval"]


def test_the_json_has_all_figures_and_each_question(folder: Path, tmp_path: Path) -> None:
    assert evaluate(folder, "--json", tmp_path / "out.json") == 0
    figures = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert list(figures) == [
        *("threshold", "documents", "empty_documents", "overall", "by_question", "by_source"),
        *("reliability", "milliseconds", "per_question"),
    ]
    assert figures["overall"]["total"] == 4
    assert figures["overall"]["answer_recall"] == 0.6667
    assert figures["overall"]["losses"]["retrieval"] == 0.3333
    assert set(figures["by_source"]) == {"news", "odd"}
    assert set(figures["milliseconds"]) == {"total", "search", "read"}
    assert set(figures["milliseconds"]["total"]) == {"median", "p95"}
    assert figures["empty_documents"] == ["none"]
    assert list(figures["per_question"]) == ["dyke", "strike", "cup", "mark"]
    dyke = figures["per_question"]["dyke"]
    assert (dyke["f1"], dyke["loss"], dyke["best"]["document_id"]) == (1.0, "shown", "flood")
    assert figures["per_question"]["mark"]["milliseconds"] is None
    assert figures["per_question"]["mark"]["best"] is None


def test_predictions_compared_with_themselves_do_not_differ(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(folder, "--predictions", tmp_path / "out.jsonl") == 0
    capsys.readouterr()
    assert evaluate(folder, "--compare", tmp_path / "out.jsonl") == 0
    blocks = capsys.readouterr().out.split("\n\n")
    assert len(blocks) == 3
    rows = rows_of(blocks[1])
    assert list(rows) == ["exact match", "F1", "abstention", "answer recall"]
    for this, other, *rest in rows.values():
        assert this == other
        assert rest[:2] == ["+0.0000", "1.0000"]
    assert rows["abstention"][4:] == ["0", "1", "0"]
    assert rows["answer recall"][4:] == ["0", "3", "0"]


def test_another_tool_s_predictions_are_put_beside_these_everywhere(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.jsonl").write_text(
        '{"id": "dyke", "text": "a fire", "answered": true}\n'
        '{"id": "cup", "text": "the mayor", "answered": true}\n'
    )
    outputs = ["--json", tmp_path / "out.json", "--report", tmp_path / "out.html"]
    assert evaluate(folder, "--compare", tmp_path / "old.jsonl", *outputs) == 0
    out = capsys.readouterr().out
    rows = rows_of(out.split("\n\n")[1])
    assert list(rows) == ["exact match", "F1", "abstention"]
    assert rows["abstention"][:3] == ["1.0000", "0.0000", "+1.0000"]
    assert "F1 moved most, from old.jsonl to this:\n  0.0000 -> 1.0000  Which dyke" in out
    assert "questions not in old.jsonl, counted 0 there: 2 (strike, mark)" in out
    compared = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["compared"]
    assert compared["predictions"] == "old.jsonl"
    assert compared["missing"] == ["strike", "mark"]
    assert set(compared["metrics"]["F1"]) == {
        *("this", "other", "difference", "p_value", "wins", "ties", "losses")
    }
    assert compared["moved"][0]["text"] == "Which dyke broke at noon?"
    page = Page((tmp_path / "out.html").read_bytes())
    assert_stands_by_itself(page)
    assert "Answers on mine" in page.text
    assert "Against old.jsonl" in page.text
    assert "Retrieval: no passage with an answer was read (1)" in page.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("corpus.jsonl", '{"_id": "d1"}', "corpus.jsonl, line 1: 'text' is missing"),
        ("questions.jsonl", "no", "questions.jsonl, line 1: not JSON: "),
        ("questions.jsonl", "", "questions.jsonl, line 1: the file is empty"),
        (
            "questions.jsonl",
            '\n{"_id": "a", "text": "a", "answers": ["b"], "relevant": []}',
            "questions.jsonl, line 2: there are answers but no relevant document: name those",
        ),
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


def test_wrong_predictions_are_told_before_anything_is_indexed(
    folder: Path,
    tmp_path: Path,
    encoder: type[CountingEncoder],
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "old").write_text('{"id": "who", "text": "", "answered": false}\n')
    assert evaluate(folder, "--compare", tmp_path / "old") == 1
    assert "old, line 1: there is no question 'who'" in capsys.readouterr().err
    assert encoder.passages == 0
    assert evaluate(folder, "--compare", tmp_path / "none") == 1
    assert capsys.readouterr().err == f"dateline: {tmp_path / 'none'}: No such file or directory\n"


@pytest.mark.parametrize("missing", ["corpus.jsonl", "questions.jsonl"])
def test_a_file_that_is_not_there_is_told(
    missing: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / missing).unlink()
    assert evaluate(folder) == 1
    assert capsys.readouterr().err == f"dateline: {folder / missing}: No such file or directory\n"


def test_an_output_that_cannot_be_written_is_refused_before_the_run(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for option in ("--predictions", "--json", "--report"):
        assert evaluate(folder, option, tmp_path / "none" / "out") == 1
        assert "there is no folder" in capsys.readouterr().err
    assert evaluate(folder, "--json", folder / "questions.jsonl") == 2
    assert evaluate(folder, "--compare", tmp_path / "a", "--predictions", tmp_path / "a") == 2
    assert "named more than once" in capsys.readouterr().err
    assert (folder / "questions.jsonl").read_text().startswith("{")


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
    assert evaluate(folder, "--predictions", tmp_path / "out") == 1
    out, err = capsys.readouterr()
    assert "lost in retrieval" in out
    assert err == f"dateline: {tmp_path / 'out'}: No space left on device\n"


def test_texts_cannot_steer_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = {
        **QUESTIONS[0],
        "_id": "q\x1b[2J",
        "text": "Which \x1b[;dyke broke?",
        "source": "\x1bs",
    }
    folder = write_questions(tmp_path / "x", questions=[question])
    (tmp_path / "\x1b.old").write_text(json.dumps({"id": "q\x1b[2J", "text": "", "answered": True}))
    assert evaluate(folder, "--compare", tmp_path / "\x1b.old") == 0
    out, err = capsys.readouterr()
    assert "[q[2J]" in out
    assert "\x1b" not in out + err


def test_the_command_describes_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parser().parse_args(["evaluate", "answers", "--help"])
    assert caught.value.code == 0
    assert "--compare PREDICTIONS" in capsys.readouterr().out


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, api.main\n"
        "try: api.main.main(['evaluate', 'answers', '--help'])\n"
        "except SystemExit: print(*sys.modules, file=sys.stderr)"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    loaded = {name.partition(".")[0] for name in finished.stderr.split()}
    assert "api" in loaded
    assert not loaded & {"matplotlib", "numpy", "ir_measures", "pydantic", "onnxruntime"}
