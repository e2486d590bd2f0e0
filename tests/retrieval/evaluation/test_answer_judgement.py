from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from index.types import Passage
from retrieval.answer import choose_answers
from retrieval.evaluation.answer_judgement import (
    LOSSES,
    SILENCES,
    FoundSpan,
    JudgedAnswer,
    holds_answer,
    judge_answers,
    score_shown,
)
from retrieval.evaluation.questions import Question
from retrieval.types import Hit, Span

IDS = {"doc_1": "flood", "doc_2": "fire", "doc_3": "again"}


def passage(document_id: str, text: str, start: int = 0) -> Passage:
    return Passage(1, document_id, start, start + len(text), text, "", None)


FLOOD = passage("doc_1", "Rain fell. The river rose four metres.", start=100)
FIRE = passage("doc_2", "A mill burned. Four metres of wall fell.")
AGAIN = passage("doc_3", "Later it rose again.")

HOW_FAR = Question("q", "How far did it rise?", ("four metres", "the river rose"), ("flood",))
NOBODY = Question("n", "Who won?", (), ())


def hit(passage: Passage) -> Hit:
    return Hit(passage, 0.5, 0.5, 0.5)


def span(passages: Sequence[Passage], place: int, text: str, confidence: float) -> Span:
    start = passages[place].text.index(text)
    return Span(place, start, start + len(text), confidence)


def judge(
    question: Question,
    passages: Sequence[Passage],
    found: Sequence[tuple[int, str, float]],
    threshold: float = 0.5,
) -> JudgedAnswer:
    """Judge spans that are given by their passage, text and confidence, surest first."""
    spans = [span(passages, *each) for each in found]
    chosen = choose_answers(spans, passages, threshold)
    return judge_answers(question, [hit(each) for each in passages], spans, chosen, IDS)


def test_a_right_answer_that_is_shown() -> None:
    judged = judge(HOW_FAR, [FIRE, FLOOD], [(1, "four metres", 0.9), (0, "A mill", 0.2)])
    assert judged.best == FoundSpan(
        text="four metres",
        document_id="flood",
        start=126,
        end=137,
        confidence=0.9,
        sentence="The river rose four metres.",
        offset=15,
    )
    # As in the document: the passage starts at 100.
    best = judged.best
    assert FLOOD.text[best.start - 100 : best.end - 100] == best.text
    assert best.sentence[best.offset : best.offset + len(best.text)] == best.text
    assert judged.shown == ("four metres",)
    assert (judged.judged.exact, judged.judged.f1, judged.judged.right) == (1, 1, True)
    assert judged.right_document
    assert judged.recalled
    assert judged.recalled_exact
    assert judged.relevant_read
    assert judged.answer_read
    assert judged.outcome == "shown"


def test_the_first_answer_shown_counts_by_its_best_accepted_one() -> None:
    # "river rose four metres" has 4 words, 2 of "four metres": 2 * 2 / (4 + 2).
    judged = judge(HOW_FAR, [FLOOD], [(0, "The river rose four metres", 0.9)])
    assert judged.judged.f1 == pytest.approx(2 / 3)
    assert judged.judged.exact == 0
    assert judged.judged.right
    assert judged.recalled
    assert not judged.recalled_exact
    assert judged.outcome == "shown"


def test_the_right_words_in_another_document_are_not_right() -> None:
    judged = judge(HOW_FAR, [FIRE, FLOOD], [(0, "Four metres", 0.9)])
    assert judged.judged.exact == 1
    assert not judged.judged.right
    assert not judged.right_document
    # Among the answers shown, the words count alone.
    assert judged.recalled
    assert judged.outcome == "reader"


@pytest.mark.parametrize(
    ("passages", "found", "threshold", "outcome"),
    [
        ([], [], 0.5, "retrieval"),
        ([FIRE], [(0, "Four metres", 0.9)], 0.5, "retrieval"),
        ([FIRE, AGAIN], [], 0.5, "retrieval"),
        ([FLOOD], [], 0.5, "reader"),
        ([FLOOD], [(0, "Rain fell", 0.9)], 0.5, "reader"),
        ([FLOOD, FIRE], [(1, "A mill", 0.9), (0, "four metres", 0.8)], 0.5, "ranking"),
        # The right one is hidden as well, but had to come first to be shown alone.
        ([FLOOD, FIRE], [(1, "A mill", 0.4), (0, "four metres", 0.3)], 0.5, "ranking"),
        ([FLOOD], [(0, "four metres", 0.4)], 0.5, "threshold"),
        ([FLOOD], [(0, "four metres", 0.4)], 0.4, "shown"),
    ],
)
def test_a_wrong_answer_is_lost_at_the_first_stage_that_lost_it(
    passages: list[Passage], found: list[tuple[int, str, float]], threshold: float, outcome: str
) -> None:
    assert judge(HOW_FAR, passages, found, threshold).outcome == outcome
    assert outcome in LOSSES


@pytest.mark.parametrize(
    ("shown_first", "outcome", "exact"), [("four metres", "shown", 1), ("A mill", "ranking", 0)]
)
def test_what_is_shown_first_is_judged_though_another_is_surer(
    shown_first: str, outcome: str, exact: int
) -> None:
    passages = [FLOOD, FIRE]
    flood, fire = span(passages, 0, "four metres", 0.6), span(passages, 1, "A mill", 0.6)
    first, second = (flood, fire) if shown_first == "four metres" else (fire, flood)
    surer = replace(second, confidence=0.9)
    hits = [hit(each) for each in passages]
    judged = judge_answers(HOW_FAR, hits, [surer, first], [[first], [surer]], IDS)
    assert (judged.outcome, judged.judged.exact) == (outcome, exact)
    assert judged.best is not None
    assert (judged.best.text, judged.best.confidence) == (shown_first, 0.6)
    # A reader's figures are of the surest, shown first or not.
    assert judged.judged.confidence == 0.9
    assert judged.judged.right == (outcome == "ranking")


def test_a_relevant_document_s_passage_without_the_answer_is_lost_in_retrieval() -> None:
    other = passage("doc_1", "Rain fell.")
    judged = judge(HOW_FAR, [other, FIRE], [(0, "Rain fell", 0.9)])
    assert judged.relevant_read
    assert not judged.answer_read
    assert judged.outcome == "retrieval"


def test_where_a_right_span_was_read_retrieval_did_its_work() -> None:
    # No accepted answer stands there word for word, but "rose four" is right enough.
    question = Question("q", "How far?", ("it rose four",), ("flood",))
    found = [(1, "A mill", 0.9), (0, "rose four", 0.8)]
    judged = judge(question, [FLOOD, FIRE], found)
    assert not judged.answer_read
    assert judged.outcome == "ranking"


def test_answers_below_the_first_are_recalled() -> None:
    found = [(1, "A mill", 0.9), (0, "four metres", 0.8)]
    judged = judge(HOW_FAR, [FLOOD, FIRE], found)
    assert judged.shown == ("A mill", "four metres")
    assert judged.judged.f1 == 0
    assert judged.recalled
    assert judged.recalled_exact


def test_what_is_not_shown_scores_nothing_but_its_span_does() -> None:
    judged = judge(HOW_FAR, [FLOOD], [(0, "four metres", 0.4)])
    assert (judged.judged.exact, judged.judged.f1) == (0, 0)
    assert (judged.judged.span_exact, judged.judged.span_f1) == (1, 1)
    assert judged.judged.right
    assert judged.judged.confidence == 0.4
    assert judged.shown == ()
    assert not judged.recalled
    assert not judged.right_document


def test_where_no_document_answers_silence_is_right() -> None:
    silent = judge(NOBODY, [FLOOD], [(0, "four metres", 0.4)])
    assert (silent.outcome, silent.judged.exact, silent.judged.f1) == ("silent", 1, 1)
    assert not silent.judged.right
    answered = judge(NOBODY, [FLOOD], [(0, "four metres", 0.6)])
    assert (answered.outcome, answered.judged.exact, answered.judged.f1) == ("answered", 0, 0)
    assert not answered.recalled_exact
    assert {silent.outcome, answered.outcome} == set(SILENCES)


def test_an_answer_of_no_word_is_no_silence() -> None:
    assert score_shown(NOBODY, "the") == (0, 0)
    assert score_shown(NOBODY, None) == (1, 1)
    assert score_shown(HOW_FAR, "the") == (0, 0)


def test_nothing_found_is_a_confidence_of_0() -> None:
    judged = judge(HOW_FAR, [], [])
    assert judged.best is None
    assert judged.judged.confidence == 0
    assert not judged.judged.right
    assert not judged.relevant_read


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("It rose Four  metres!", True),
        ("It rose fourteen metres", False),
        ("four long metres", False),
        ("four the metres", True),
        ("twenty-four metres", False),
        ("", False),
    ],
)
def test_an_answer_s_words_stand_in_a_row(text: str, held: bool) -> None:
    assert holds_answer(text, ["four metres"]) == held
    assert not holds_answer(text, [])
