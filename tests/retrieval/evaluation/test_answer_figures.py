from __future__ import annotations

import pytest

from retrieval.evaluation.answer_judgement import LOSSES, JudgedAnswer, answer_figures
from retrieval.evaluation.metrics.figures import Judged, reader_figures


def make(
    outcome: str,
    *,
    confidence: float = 0.5,
    f1: float = 0.0,
    shown: int = 0,
    document: bool = False,
    recalled: tuple[bool, bool] = (False, False),
    read: tuple[bool, bool] = (False, False),
) -> JudgedAnswer:
    answerable = outcome in LOSSES
    return JudgedAnswer(
        judged=Judged(
            source="",
            why=False,
            answerable=answerable,
            confidence=confidence,
            exact=float(f1 == 1),
            f1=f1,
            span_exact=0.0,
            span_f1=f1,
            right=outcome in {"shown", "threshold"},
        ),
        best=None,
        shown=("text",) * shown,
        right_document=document,
        recalled=recalled[0],
        recalled_exact=recalled[1],
        relevant_read=read[0],
        answer_read=read[1],
        outcome=outcome,
    )


ANSWERS = [
    make(
        "shown",
        confidence=0.9,
        f1=1.0,
        shown=2,
        document=True,
        recalled=(True, True),
        read=(True, True),
    ),
    make("ranking", confidence=0.8, f1=0.25, shown=3, recalled=(True, False), read=(True, True)),
    make("threshold", confidence=0.3, read=(True, True)),
    make("retrieval", confidence=0.2, read=(True, False)),
    make("silent", confidence=0.1, f1=1.0),
    make("answered", confidence=0.7, shown=1),
]
"""Four answerable questions and two that no document answers."""


def test_the_figures_are_as_worked_by_hand() -> None:
    figures = answer_figures(ANSWERS)
    assert figures.right_document == 1 / 4
    assert figures.answer_recall == 2 / 4
    assert figures.answer_recall_exact == 1 / 4
    assert figures.answers_shown == 5 / 4
    assert figures.passage_recall == 4 / 4
    assert figures.answer_read == 3 / 4
    assert figures.losses == {
        "shown": 0.25,
        "retrieval": 0.25,
        "reader": 0.0,
        "ranking": 0.25,
        "threshold": 0.25,
    }
    assert figures.silences == {"silent": 0.5, "answered": 0.5}


def test_what_a_reader_has_as_well_is_measured_as_a_reader_s() -> None:
    reading = answer_figures(ANSWERS).reading
    assert reading == reader_figures([each.judged for each in ANSWERS])
    assert (reading.total, reading.answerable) == (6, 4)
    assert reading.f1 == pytest.approx((1 + 0.25 + 0 + 0 + 1 + 0) / 6)
    assert reading.exact == pytest.approx(2 / 6)
    assert reading.has_answer_f1 == pytest.approx(1.25 / 4)
    assert reading.no_answer_accuracy == 1 / 2
    # Of the 8 pairs, the answerable one is surer in .9 and .8 (2 each), .3 and .2 (1 each).
    assert reading.auroc == 6 / 8
    # Each alone in its bin: right ones are .9 and .3.
    gaps = [0.1, 0.8, 0.7, 0.2, 0.1, 0.7]
    assert reading.calibration_error == pytest.approx(sum(gaps) / 6)
    # Of the surest three, .9 .8 .7, two are wrong.
    assert reading.risk_at_50 == pytest.approx(2 / 3)


def test_the_shares_of_what_became_of_questions_add_up_to_1() -> None:
    figures = answer_figures(ANSWERS)
    assert sum(figures.losses.values()) == pytest.approx(1)
    assert sum(figures.silences.values()) == pytest.approx(1)


def test_the_order_of_the_questions_is_nothing_to_the_figures() -> None:
    assert answer_figures(ANSWERS) == answer_figures(ANSWERS[::-1])


def test_where_nothing_counts_for_a_figure_there_is_none() -> None:
    figures = answer_figures([make("silent")])
    assert figures.answer_recall is None
    assert figures.losses == {}
    assert figures.silences == {"silent": 1.0, "answered": 0.0}
    assert answer_figures([]).reading.f1 is None
