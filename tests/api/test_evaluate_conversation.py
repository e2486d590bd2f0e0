from __future__ import annotations

import json
from pathlib import Path

import ir_measures
import pytest

import api.pipeline
from api.main import main
from tests.fakes import HashEncoder, NearFinder
from tests.retrieval.evaluation.files.test_conversations import DOCUMENTS, conversation, say, write

FOLLOW_UP = conversation(
    messages=say("Why did the dyke break?", "A storm did it.", "How long is it?"), relevant=["d1"]
)
FIRST = conversation(_id="c2", messages=say("Who went on strike?"), relevant=["d2"])
UNANSWERED = conversation(_id="c3", relevant=[])
REWRITE = {
    "_id": "r1",
    "source": "made",
    "history": ["Which dyke broke?"],
    "question": "Why did it break?",
    "rewrite": "Why did the dyke break?",
}


@pytest.fixture(autouse=True)
def _fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.pipeline, "open_encoder", lambda _settings: HashEncoder())
    monkeypatch.setattr(api.pipeline, "open_finder", lambda _settings: NearFinder())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mine = tmp_path / "mine"
    mine.mkdir()
    return write(mine, FOLLOW_UP, FIRST, UNANSWERED)


def evaluate(*arguments: str | Path) -> int:
    return main(["evaluate", "conversation", *map(str, arguments)])


def test_runs_stand_side_by_side_by_depth_and_dependence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(folder) == 0
    out, err = capsys.readouterr()
    assert err == "Indexing the collection (once)...\n"
    rows = [line.split("  ")[0].strip() for line in out.splitlines()]
    for name in ("all", "turn 1", "turn 2", "dependent", "standalone"):
        assert name in rows
    for heading in ("nDCG@5 raw", "nDCG@5 rewritten", "nDCG@5 in context", "R@5 in context"):
        assert heading in out
    assert "human" not in out
    assert "1 questions were rewritten" in out
    assert "questions that no document is said to answer, in no figure: 1" in out


def test_every_run_is_written_as_trec_tools_read_it(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.run"
    assert evaluate(folder, "--run", target) == 0
    names = sorted(each.name for each in tmp_path.glob("mine.run*"))
    assert names == ["mine.run", "mine.run.raw", "mine.run.rewritten"]
    for name in names:
        found = list(ir_measures.read_trec_run(str(tmp_path / name)))
        assert {each.query_id for each in found} == {"c1", "c2"}
        assert {each.doc_id for each in found} <= {str(each["_id"]) for each in DOCUMENTS}


def test_figures_and_rewrites_are_written(folder: Path, tmp_path: Path) -> None:
    target, rewrites = tmp_path / "figures.json", tmp_path / "rewrites.jsonl"
    rewrites.write_text(json.dumps(REWRITE) + "\n")
    assert evaluate(folder, "--json", target, "--rewrites", rewrites) == 0
    figures = json.loads(target.read_text())
    assert figures["groups"][0]["name"] == "all"
    assert figures["groups"][0]["count"] == 2
    assert figures["questions"]["c1"]["text"] == "How long is the dyke?"
    assert figures["questions"]["c1"]["depends"] is True
    assert figures["questions"]["c1"]["depth"] == 2
    assert figures["questions"]["c2"]["depends"] is False
    assert figures["without_relevant"] == ["c3"]
    assert figures["rewrites"]["f1"] == 1.0


def test_a_persons_rewrites_stand_beside_where_all_have_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path, {**FOLLOW_UP, "rewrite": "Why did Tharnock's dyke break?"})
    assert evaluate(folder) == 0
    assert "nDCG@5 human" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("conversations.jsonl", "{", "conversations.jsonl, line 1: not JSON"),
        ("conversations.jsonl", '{"_id": "c1"}', "conversations.jsonl, line 1: 'messages'"),
        ("corpus.jsonl", '{"_id": "d1"}', "corpus.jsonl, line 1: 'text' is missing"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, line: str, says: str
) -> None:
    (folder / name).write_text(line + "\n")
    assert evaluate(folder) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err


def test_a_missing_file_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "figures.json"
    assert evaluate(tmp_path / "none", "--json", target) == 1
    assert "corpus.jsonl" in capsys.readouterr().err
    assert not target.exists()
