from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pytest

from retrieval.evaluation.files.beir import Beir
from retrieval.evaluation.files.trec_run import strictly_decreasing
from retrieval.evaluation.pages.retrieval import WORST, show_retrieval
from retrieval.evaluation.retrieval import RetrievalEvaluation, compare_with, judge_run
from tests.retrieval.evaluation.collections import make_beir
from tests.retrieval.evaluation.pages.read_page import Page, assert_stands_by_itself

HOSTILE = "<script>alert(1)</script>\"'><img src=http://x onerror=y>"


def rank(*document_ids: str) -> list[object]:
    return strictly_decreasing((each, 0.5) for each in document_ids)  # type: ignore[return-value]


def evaluate(beir: Beir, run: Mapping[str, Sequence[object]]) -> RetrievalEvaluation:
    return RetrievalEvaluation(
        judged=judge_run(beir, run),  # type: ignore[arg-type]
        unjudged=tuple(each for each in beir.queries if each not in beir.judgements),
        without_relevant=(),
        empty_documents=(),
        milliseconds=dict.fromkeys(beir.queries, 4.5),
    )


@pytest.fixture
def beir() -> Beir:
    return make_beir(
        {"q1": "Which dyke broke?", "q2": "Who went on strike?", "q3": "Why?", "q4": "Where?"},
        {"q1": {"a": 2, "b": 1}, "q2": {"c": 1}, "q3": {"a": 1}},
        {
            "a": ("Flood", "A dyke broke."),
            "b": ("", "The river rose. " * 100),
            "c": ("", "A strike."),
        },
    )


def test_the_page_shows_figures_and_why_the_worst_queries_are_so(beir: Beir) -> None:
    page = Page(show_retrieval("mine", beir, evaluate(beir, {"q1": rank("c", "a"), "q3": []})))
    assert_stands_by_itself(page)
    assert "Retrieval on mine" in page.text
    mean = evaluate(beir, {"q1": rank("c", "a")}).judged.metrics.mean
    assert f"nDCG@10{mean['nDCG@10']:.4f}" in page.text
    assert page.tags.count("img") == 3
    worst = page.text[page.text.index("The worst queries") :]
    # Those with nothing found come first.
    assert re.findall(r"\[(q\d)\]", worst) == ["q2", "q3", "q1"]
    last = worst[worst.index("[q1]") :]
    assert "first right at 2" in last
    # What was missed comes before what was found.
    assert re.findall(r"\[([abc])\]", last) == ["b", "a", "c", "a"]
    assert "not found" in last
    assert "found at 2, judged 2" in last
    assert "\u2713 expected" in last
    assert "none right among 0" in worst
    assert len(max(re.findall(r"(?:The river rose. ?)+", page.text), key=len)) < 310


def test_what_counts_differently_is_named(beir: Beir) -> None:
    text = Page(show_retrieval("mine", beir, evaluate(beir, {"q1": rank("a")}))).text
    assert re.search(r"without a judgement, in no figure\s+1\s+q4\s", text)
    assert re.search(r"nothing was found, counted 0\s+2\s+q2, q3\s", text)
    assert "Empty documents" not in text


def test_queries_that_could_not_be_better_are_no_worst_ones(beir: Beir) -> None:
    run = {"q1": rank("a", "b"), "q2": rank("c"), "q3": rank("a")}
    assert "The worst queries" not in Page(show_retrieval("mine", beir, evaluate(beir, run))).text


def test_only_the_worst_are_shown() -> None:
    ids = [f"q{number}" for number in range(WORST + 20)]
    beir = make_beir(dict.fromkeys(ids, "Why?"), {each: {"a": 1} for each in ids})
    page = Page(show_retrieval("mine", beir, evaluate(beir, {})))
    shown = re.findall(r"\[(q\d+)\]", page.text)
    assert shown == ids[:WORST]


def test_another_run_is_put_beside_it(beir: Beir) -> None:
    evaluation = evaluate(beir, {"q1": rank("a", "b"), "q2": rank("c")})
    other = {"q1": rank("c"), "q2": rank("c")}
    compared = compare_with("old.run", other, beir, evaluation)  # type: ignore[arg-type]
    page = Page(show_retrieval("mine", beir, evaluation, compared))
    assert_stands_by_itself(page)
    assert "Against old.run" in page.text
    assert "+0.3333" in page.text
    assert "Smucker, Allan and Carterette 2007" in page.text
    moved = page.text[page.text.index("What moved most") : page.text.index("The worst")]
    assert re.findall(r"\[(q\d)\]", moved) == ["q1"]
    assert "0.000 \u2192 1.000" in moved
    assert "Found by old.run" in moved


def test_hostile_texts_are_shown_as_texts() -> None:
    document, query = "<b>id</b>", "<i>&amp;"
    beir = make_beir(
        {query: HOSTILE * 9, "<u>": ""},
        {query: {document: 1}},
        {document: (HOSTILE, HOSTILE), "x": ("", HOSTILE)},
    )
    evaluation = evaluate(beir, {query: rank("x")})
    other = {query: rank(document)}
    compared = compare_with(HOSTILE, other, beir, evaluation)  # type: ignore[arg-type]
    shown = show_retrieval(HOSTILE, beir, evaluation, compared)
    page = Page(shown)
    assert_stands_by_itself(page)
    assert b"<script" not in shown
    assert HOSTILE in page.text
    assert f"[{document}]" in page.text
    assert f"[{query}]" in page.text


def test_the_same_evaluation_gives_the_same_page(beir: Beir) -> None:
    evaluation = evaluate(beir, {"q1": rank("c", "a")})
    assert show_retrieval("a", beir, evaluation) == show_retrieval("a", beir, evaluation)
