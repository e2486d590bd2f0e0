import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.errors import BadExample
from retrieval.evaluation.files.beir import beir_files, read_beir
from retrieval.evaluation.files.corpus import CorpusDocument
from tests.retrieval.evaluation.collections import HEADER, write_beir

CORPUS, QUERIES, JUDGEMENTS = "corpus.jsonl", "queries.jsonl", "qrels/test.tsv"


def test_a_folder_is_read_in_its_order(tmp_path: Path) -> None:
    beir = read_beir(write_beir(tmp_path))
    assert list(beir.corpus.documents) == ["d1", "d2", "d3", "d4", "d5", "d6"]
    assert beir.corpus.documents["d2"] == CorpusDocument(
        "d2", "Fire", "A fire burned down a mill. The river was too low."
    )
    assert beir.corpus.documents["d6"].title == ""
    assert list(beir.queries) == ["q1", "q2", "q3", "q4", "q5"]
    assert beir.queries["q2"] == "Who went on strike?"
    assert beir.judgements == {
        "q1": {"d1": 2, "d2": 0},
        "q2": {"d3": 1, "d6": 1},
        "q3": {"d4": 1},
        "q4": {"d5": 1},
    }
    assert beir.corpus.sha256 == hashlib.sha256((tmp_path / CORPUS).read_bytes()).hexdigest()


def test_only_a_document_without_a_word_in_title_and_text_is_empty(tmp_path: Path) -> None:
    beir = read_beir(write_beir(tmp_path))
    assert beir.corpus.empty_documents() == ("d5",)


def test_blank_lines_and_line_ends_of_windows_are_harmless(tmp_path: Path) -> None:
    wanted = read_beir(write_beir(tmp_path))
    for path in beir_files(tmp_path):
        path.write_bytes(b"\r\n" + path.read_bytes().replace(b"\n", b"\r\n\r\n"))
    found = read_beir(tmp_path)
    assert (found.corpus.documents, found.queries, found.judgements) == (
        wanted.corpus.documents,
        wanted.queries,
        wanted.judgements,
    )


def test_the_same_judgement_twice_is_harmless(tmp_path: Path) -> None:
    write_beir(tmp_path, judgements=[("q1", "d1", "1"), ("q1", "d1", "1")])
    assert read_beir(tmp_path).judgements == {"q1": {"d1": 1}}


def line_two(**record: object) -> Callable[[str], str]:
    """The file with this as its second line."""
    return lambda text: text.replace("\n", f"\n{json.dumps(record)}\n", 1)


@pytest.mark.parametrize(
    ("file", "change", "line", "said"),
    [
        (CORPUS, lambda text: "", 1, "the file is empty"),
        (CORPUS, lambda text: "\n \n", 1, "the file is empty"),
        (CORPUS, lambda text: text.replace("\n", "\n{\n", 1), 2, "not JSON: "),
        (CORPUS, lambda text: "[" * 100_000, 1, "not JSON: "),
        (CORPUS, lambda text: text.replace("\n", "\n\n[1]\n", 1), 3, "is not a JSON object"),
        (CORPUS, line_two(_id="x", title=""), 2, "'text' is missing"),
        (CORPUS, line_two(title="", text="a"), 2, "'_id' is missing"),
        (CORPUS, line_two(_id="x", text=1), 2, "'text' is not a text"),
        (CORPUS, line_two(_id="x", text="a", title=None), 2, "'title' is not a text"),
        (CORPUS, line_two(_id="x", text="\ud800"), 2, "'text' is not a text"),
        (CORPUS, line_two(_id="x", text="a\0"), 2, "'text' is not a text"),
        (CORPUS, line_two(_id=7, text="a"), 2, "'_id' is not a text"),
        (CORPUS, line_two(_id="", text="a"), 2, "the _id '' is empty"),
        (CORPUS, line_two(_id="a b", text="a"), 2, "has white space in it"),
        (CORPUS, line_two(_id="d1", text="a"), 2, "the _id 'd1' is there twice"),
        (QUERIES, lambda text: "", 1, "the file is empty"),
        (QUERIES, line_two(_id="q1", text="a"), 2, "the _id 'q1' is there twice"),
        (QUERIES, line_two(_id="q9"), 2, "'text' is missing"),
        (JUDGEMENTS, lambda text: "", 1, "the file is empty"),
        (JUDGEMENTS, lambda text: HEADER, 1, "there is no judgement after the header"),
        (JUDGEMENTS, lambda text: text.split("\n", 1)[1], 1, "the header is missing"),
        (JUDGEMENTS, lambda text: text.replace("\t", " "), 1, "not three columns with tabs"),
        (JUDGEMENTS, lambda text: f"{HEADER}\nq1\td1", 2, "not three columns"),
        (JUDGEMENTS, lambda text: f"{text}q9\td1\t1", 8, "query 'q9' is not in queries.jsonl"),
        (JUDGEMENTS, lambda text: f"{text}q1\td9\t1", 8, "document 'd9' is not in corpus.jsonl"),
        (JUDGEMENTS, lambda text: f"{text}q1\td3\t-1", 8, "'-1' is not a whole number from 0 on"),
        (JUDGEMENTS, lambda text: f"{text}q1\td3\t1.0", 8, "'1.0' is not a whole number"),
        (JUDGEMENTS, lambda text: f"{text}q1\td3\t\u0661", 8, "is not a whole number"),
        (JUDGEMENTS, lambda text: f"{text}q1\td1\t1", 8, "were judged otherwise on a line before"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(
    file: str, change: Callable[[str], str], line: int, said: str, tmp_path: Path
) -> None:
    path = write_beir(tmp_path) / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(BadExample) as caught:
        read_beir(tmp_path)
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert said in str(caught.value)


def test_a_line_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = write_beir(tmp_path) / QUERIES
    path.write_bytes(path.read_bytes().replace(b"strike", b"str\xefke"))
    with pytest.raises(BadExample, match=r"queries\.jsonl, line 2: .*can't decode byte 0xef"):
        read_beir(tmp_path)


@pytest.mark.parametrize("file", [CORPUS, QUERIES, JUDGEMENTS])
def test_a_file_that_is_not_there_is_named(file: str, tmp_path: Path) -> None:
    (write_beir(tmp_path) / file).unlink()
    with pytest.raises(OSError, match="No such file") as caught:
        read_beir(tmp_path)
    assert caught.value.filename == str(tmp_path / file) or caught.value.filename == tmp_path / file
