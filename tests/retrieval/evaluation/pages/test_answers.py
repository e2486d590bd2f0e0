from __future__ import annotations

import re
from collections.abc import Mapping

from retrieval.evaluation.answer_judgement import JudgedAnswer, answer_figures, judge_answers
from retrieval.evaluation.answer_predictions import Shown, compare_answers
from retrieval.evaluation.answers import AnswersEvaluation
from retrieval.evaluation.files.corpus import Corpus, CorpusDocument
from retrieval.evaluation.metrics.figures import bins_of, risk_curve
from retrieval.evaluation.pages.answers import show_answers
from retrieval.evaluation.pages.page import MOST
from retrieval.evaluation.pages.plots import draw_losses
from retrieval.evaluation.questions import Question, QuestionSet
from tests.retrieval.evaluation.answers import judge_quotes
from tests.retrieval.evaluation.pages.read_page import Page, assert_drawing, assert_stands_by_itself

HOSTILE = "<script>alert(1)</script>\"'><img src=http://x onerror=y>"
HEADINGS = ["all"]
ROWS = [("F1", ["0.5000"]), ("questions", ["5"])]


def asked(*questions: Question) -> QuestionSet:
    documents = {
        "flood": CorpusDocument("flood", "Flood", "It rose four metres."),
        "fire": CorpusDocument("fire", "", "A mill burned. " * 20),
    }
    return QuestionSet(Corpus(documents, "0" * 64), {each.id: each for each in questions})


ASKED = asked(
    Question("shown", "How far?", ("four metres",), ("flood",)),
    Question("ranking", "How much?", ("four metres",), ("flood",)),
    Question("threshold", "How high?", ("four metres",), ("flood",)),
    Question("retrieval", "What burned?", ("a mill",), ("fire",)),
    Question("reader", "What was it?", ("burned a mill",), ("fire",)),
    Question("answered", "Who won?", (), ()),
)


def evaluate(answers: Mapping[str, JudgedAnswer]) -> AnswersEvaluation:
    found = list(answers.values())
    judged = [each.judged for each in found]
    return AnswersEvaluation(
        threshold=0.5,
        overall=answer_figures(found),
        by_question={},
        by_source={},
        bins=tuple(bins_of(judged)),
        curve=tuple(risk_curve(judged)),
        answers=answers,
        milliseconds={each: {"total": 4.5, "search": 1.5, "read": 3.0} for each in answers},
    )


def judge(**found: list[tuple[str, str, float]]) -> dict[str, JudgedAnswer]:
    return {each: judge_quotes(ASKED.questions[each], quotes) for each, quotes in found.items()}


EVALUATION = evaluate(
    judge(
        shown=[("flood", "four metres", 0.9)],
        ranking=[("fire", "A mill", 0.8), ("flood", "four metres", 0.7)],
        threshold=[("flood", "four metres", 0.4)],
        retrieval=[("flood", "four metres", 0.3)],
        reader=[
            ("flood", "four metres", 0.9),
            ("fire", "It was not burned: a mill stood there as before", 0.2),
        ],
        answered=[("fire", "A mill", 0.6)],
    )
)


def show(evaluation: AnswersEvaluation = EVALUATION, questions: QuestionSet = ASKED) -> bytes:
    return show_answers("mine", HEADINGS, ROWS, questions, evaluation)


def test_the_failures_of_each_kind_are_shown_and_no_right_answer_is() -> None:
    page = Page(show())
    assert_stands_by_itself(page)
    assert "Answers on mine" in page.text
    assert re.search(r"F1\s*0\.5000", page.text)
    assert page.tags.count("img") == 3
    assert re.search(r"search\s*1\.5\s*1\.5", page.text)
    headings = re.findall(r"\n(\w+)[^\n]* \(1\)\n", page.text)
    assert headings == ["Retrieval", "Reader", "Ranking", "Threshold", "Answered"]
    shown = [each for each in re.findall(r"\[(\w+)\]", page.text) if each in ASKED.questions]
    assert shown == ["retrieval", "reader", "ranking", "threshold", "answered"]
    assert page.tags.count("details") == 5


def test_a_failure_says_what_was_expected_and_what_was_found() -> None:
    text = Page(show()).text
    ranking = text[text.index("[ranking]") : text.index("[threshold]")]
    assert re.search(r"Accepted\s+four metres\s+Expected in\s+Flood \[flood\]", ranking)
    assert re.search(r"Found first\s+A mill\s+A mill burned[^\n]* \[fire\] 0\.8000, shown", ranking)
    threshold = text[text.index("[threshold]") :]
    assert "0.4000, not shown" in threshold
    assert "No document answers." in threshold


def test_the_quote_is_marked_in_its_sentence() -> None:
    from index.types import Passage
    from retrieval.types import Hit, Span

    passage = Passage(1, "flood", 0, 20, "It rose four metres.", "Flood", None)
    hits, spans = [Hit(passage, 0.5, 0.5, 0.5)], [Span(0, 8, 19, 0.4)]
    question = ASKED.questions["threshold"]
    judged = judge_answers(question, hits, spans, [], {"flood": "flood"})
    page = show(evaluate({"threshold": judged}), asked(question)).decode()
    assert '<span class="text" dir="auto">It rose <b>four metres</b>.</span>' in page


def test_where_nothing_was_found_the_page_says_so() -> None:
    question = ASKED.questions["retrieval"]
    evaluation = evaluate({"retrieval": judge_quotes(question, [])})
    assert re.search(r"Found first\s+Nothing\.", Page(show(evaluation, asked(question))).text)


def test_the_surest_mistakes_come_first_and_no_more_than_a_few() -> None:
    questions = [Question(f"q{number}", "Who?", (), ()) for number in range(MOST + 5)]
    answers = {
        each.id: judge_quotes(each, [("fire", "A mill", 0.6 + number / 1000)])
        for number, each in enumerate(questions)
    }
    text = Page(show(evaluate(answers), asked(*questions))).text
    shown = re.findall(r"\[(q\d+)\]", text)
    assert shown == [f"q{number}" for number in range(MOST + 4, 4, -1)]
    assert f"({MOST + 5})" in text
    assert "and 5 more" in text


def test_other_predictions_are_put_beside_these() -> None:
    other = dict.fromkeys(ASKED.questions, Shown("four metres", None))
    compared = compare_answers("old.jsonl", other, ASKED, EVALUATION.answers)
    page = Page(show_answers("mine", HEADINGS, ROWS, ASKED, EVALUATION, compared))
    assert_stands_by_itself(page)
    assert "Against old.jsonl" in page.text
    moved = page.text[page.text.index("What moved most (F1") : page.text.index("Retrieval: no")]
    assert "1.000 \u2192 0.000" in moved
    assert "[threshold]" in moved


def test_a_page_of_questions_that_no_document_answers_has_no_losses_to_draw() -> None:
    question = ASKED.questions["answered"]
    evaluation = evaluate({"answered": judge_quotes(question, [])})
    page = Page(show(evaluation, asked(question)))
    assert page.tags.count("img") == 2
    assert "details" not in page.tags


def test_hostile_texts_are_shown_as_texts() -> None:
    question = Question(HOSTILE, HOSTILE * 9, (HOSTILE,), ("<b>",), HOSTILE)
    documents = {each: CorpusDocument(each, HOSTILE, HOSTILE) for each in ("<b>", "<i>")}
    questions = QuestionSet(Corpus(documents, "0" * 64), {HOSTILE: question})
    evaluation = evaluate({HOSTILE: judge_quotes(question, [("<i>", HOSTILE, 0.9)])})
    compared = compare_answers(HOSTILE, {}, questions, evaluation.answers)
    shown = show_answers(HOSTILE, [HOSTILE], [(HOSTILE, ["1"])], questions, evaluation, compared)
    page = Page(shown)
    assert_stands_by_itself(page)
    assert b"<script" not in shown
    assert HOSTILE in page.text
    assert "[<i>]" in page.text


def test_the_same_evaluation_gives_the_same_page() -> None:
    assert show() == show()


def test_losses_are_drawn_the_same_each_time() -> None:
    losses = EVALUATION.overall.losses
    assert_drawing(lambda: draw_losses(losses))
    assert "shown 0.200" in draw_losses(losses)
    assert draw_losses(losses) != draw_losses({**losses, "shown": 0.3, "reader": 0.1})
