import json
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.errors import BadExample
from retrieval.evaluation.files.corpus import read_corpus
from retrieval.evaluation.questions import Question, question_files, read_questions
from tests.retrieval.evaluation.question_sets import write_questions

CORPUS, QUESTIONS = "corpus.jsonl", "questions.jsonl"


def test_a_folder_is_read_in_its_order(tmp_path: Path) -> None:
    asked = read_questions(write_questions(tmp_path))
    assert asked.corpus == read_corpus(tmp_path / CORPUS)
    assert list(asked.questions) == ["dyke", "strike", "cup", "mark"]
    assert asked.questions["dyke"] == Question(
        "dyke",
        "Which dyke broke at noon?",
        ("A dyke broke at noon", "at noon"),
        ("flood",),
        "news",
    )
    assert asked.questions["cup"] == Question("cup", "Who won the cup?", (), (), "")
    assert [each.answerable for each in asked.questions.values()] == [True, True, False, True]


def test_what_is_named_twice_counts_once(tmp_path: Path) -> None:
    question = {"_id": "a", "text": "a?", "answers": ["x", "x"], "relevant": ["fire", "fire"]}
    asked = read_questions(write_questions(tmp_path, questions=[question]))
    assert asked.questions["a"].answers == ("x",)
    assert asked.questions["a"].relevant == ("fire",)


def line_two(**record: object) -> Callable[[str], str]:
    """The file with this as its second line, over a question that is right."""
    made = {"_id": "x", "text": "x?", "answers": ["x"], "relevant": ["fire"]} | record
    kept = {name: value for name, value in made.items() if value is not None}
    return lambda text: text.replace("\n", f"\n{json.dumps(kept)}\n", 1)


@pytest.mark.parametrize(
    ("file", "change", "line", "said"),
    [
        (CORPUS, lambda text: "", 1, "the file is empty"),
        (CORPUS, lambda text: text * 2, 6, "the _id 'flood' is there twice"),
        (QUESTIONS, lambda text: "\n", 1, "the file is empty"),
        (QUESTIONS, lambda text: text.replace("\n", "\nno\n", 1), 2, "not JSON: "),
        (QUESTIONS, lambda text: text.replace("\n", "\n[]\n", 1), 2, "is not a JSON object"),
        (QUESTIONS, line_two(_id=None), 2, "'_id' is missing"),
        (QUESTIONS, line_two(_id="dyke"), 2, "the _id 'dyke' is there twice"),
        (QUESTIONS, line_two(_id="a b"), 2, "has white space in it"),
        (QUESTIONS, line_two(text=None), 2, "'text' is missing"),
        (QUESTIONS, line_two(text=7), 2, "'text' is not a text"),
        (QUESTIONS, line_two(source=7), 2, "'source' is not a text"),
        (QUESTIONS, line_two(answers=None), 2, "'answers' is missing"),
        (QUESTIONS, line_two(answers="x"), 2, "'answers' is not a list of texts"),
        (QUESTIONS, line_two(answers=["x", {"text": "x"}]), 2, "'answers' is not a list of texts"),
        (QUESTIONS, line_two(answers=["\ud800"]), 2, "'answers' is not a list of texts"),
        (QUESTIONS, line_two(answers=["x", " The!"]), 2, "the answer ' The!' has no word"),
        (QUESTIONS, line_two(relevant=None), 2, "'relevant' is missing"),
        (QUESTIONS, line_two(relevant={"fire": 1}), 2, "'relevant' is not a list of texts"),
        (QUESTIONS, line_two(relevant=["ice"]), 2, "document 'ice' is not in corpus.jsonl"),
        (QUESTIONS, line_two(relevant=[]), 2, "name those that answer, or leave 'answers' empty"),
        (QUESTIONS, line_two(answers=[]), 2, "give the accepted ones, or leave 'relevant' empty"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(
    file: str, change: Callable[[str], str], line: int, said: str, tmp_path: Path
) -> None:
    path = write_questions(tmp_path) / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(BadExample) as caught:
        read_questions(tmp_path)
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in question_files(tmp_path):
        write_questions(tmp_path)
        path.unlink()
        with pytest.raises(OSError, match="No such file") as caught:
            read_questions(tmp_path)
        assert caught.value.filename == path or caught.value.filename == str(path)
