from __future__ import annotations

import re

from retrieval.evaluation.files.examples import Example
from retrieval.evaluation.pages.reader import show_reader
from retrieval.evaluation.reader import evaluate_reader
from tests.fakes import WordReader
from tests.retrieval.evaluation.pages.read_page import Page, assert_stands_by_itself

HOSTILE = "<script>alert(1)</script>\"'><img src=http://x onerror=y>"
CONTEXT = "Rain fell. The mayor fled to the hills. Gas prices rose in March."


def make(number: str, question: str, *gold: str, context: str = CONTEXT) -> Example:
    answers = tuple((context.index(text), context.index(text) + len(text)) for text in gold)
    return Example(number, question, context, answers)


def show(*examples: Example, name: str = "mine.jsonl") -> bytes:
    evaluation = evaluate_reader(examples, WordReader(), threshold=0.5)
    return show_reader(name, ["all"], [("F1", ["0.5000"])], examples, evaluation)


def test_each_kind_of_failure_is_shown_and_no_right_answer_is() -> None:
    page = Page(
        show(
            make("right", "Gas prices rose?", "Gas prices rose in March."),
            make("wrong", "Who fled?", "Rain fell"),
            make("hidden", "Gas zinc iron?", "Gas prices rose in March"),
            make("answered", "Rain fell?"),
            make("silent", "Who won?"),
        )
    )
    assert_stands_by_itself(page)
    assert "Reader on mine.jsonl" in page.text
    assert re.search(r"F1\s*0\.5000", page.text)
    assert page.tags.count("img") == 1
    headings = re.findall(r"\n(\w+)[^\n]* \(1\)\n", page.text)
    assert headings == ["Wrong", "Hidden", "Answered"]
    assert re.findall(r"\[(\w+)\]", page.text) == ["wrong", "hidden", "answered"]
    assert "Rain fell" in page.text
    assert "0.3333, not shown" in page.text
    assert "The context does not answer." in page.text


def test_where_nothing_was_found_the_page_says_so() -> None:
    assert "Nothing." in Page(show(make("none", "Zinc?", "Rain fell"))).text


def test_hostile_texts_are_shown_as_texts() -> None:
    example = make(HOSTILE, f"Alert? {HOSTILE}", "alert(1)", context=f"{HOSTILE} fell.")
    shown = show(example, name=HOSTILE)
    page = Page(shown)
    assert_stands_by_itself(page)
    assert b"<script" not in shown
    assert f"[{HOSTILE}]" in page.text
