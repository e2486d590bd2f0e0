from collections.abc import Sequence

import numpy as np
import pytest

from index.types import Filter, Passage
from retrieval.answer import find_answers
from retrieval.evaluation.files.examples import Example
from retrieval.readers.calibration import Calibration
from retrieval.training.examples.pile import open_pile
from retrieval.training.reader.calibrate import (
    _best_threshold,
    _fit_passage,
    _fit_search,
    _logistic,
)
from retrieval.types import Pipeline, Span
from tests.fakes import HashEncoder, WordReader

ANSWERED = Example("e1", "Why?", "The dam broke.", ((4, 7),))
SILENT = Example("e2", "Why?", "The dam held.", ())
EMPTY = Example("e3", "Why?", "...", ())


class SureReader:
    """A reader that is 90% sure of the dam where it broke, 30% where it held."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        (passage,) = passages
        sure = 0.9 if "broke" in passage.text else 0.3
        return [Span(0, 4, 7, sure)] if "dam" in passage.text else []


def fit(*examples: Example) -> Calibration:
    return _fit_passage(examples, SureReader())  # type: ignore[arg-type]


def test_confidence_becomes_how_often_a_span_is_right() -> None:
    wrong = Example("e4", "Why?", "The dam broke.", ())
    found = fit(*[ANSWERED] * 600, *[wrong] * 200, *[SILENT] * 800)
    assert found.confidence(np.log(9)) == pytest.approx(600 / 800, abs=0.02)
    assert found.confidence(np.log(3 / 7)) == pytest.approx(0, abs=0.02)
    assert found.confidence(np.log(3 / 7)) < found.threshold <= found.confidence(np.log(9))


def test_examples_in_which_nothing_is_found_count_for_nothing() -> None:
    examples = [ANSWERED, SILENT] * 20
    assert fit(EMPTY, *examples, EMPTY) == fit(*examples)


def test_the_fit_has_the_greatest_likelihood_less_a_small_penalty() -> None:
    # Alone, an offset of ln 3 is right three times in four; the penalty moves it a little.
    right = np.array([True, True, True, False] * 500)
    (offset,) = _logistic(np.ones((2000, 1)), right)
    assert offset == pytest.approx(np.log(3), abs=0.01)
    assert 1500 - 2000 / (1 + np.exp(-offset)) == pytest.approx(offset, abs=1e-2)


def test_the_threshold_is_the_first_with_the_greatest_worth() -> None:
    confidences = np.array([0.9, 0.5, 0.3])
    # From .31 on, the third is rightly silent; from .51 on, the second wrongly.
    threshold = _best_threshold(confidences, np.array([1.0, 0.8, 0.0]), np.array([0, 0, 1]) == 1)
    assert threshold == 0.31


class NotingReader(WordReader):
    """Notes what it is given to read."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[tuple[str, list[tuple[str, str]]]] = []

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        self.given.append((question, [(each.title, each.text) for each in passages]))
        return super().read(question, passages)


def test_what_is_weighed_is_what_a_user_s_question_reads() -> None:
    rise = "The river Tharnock rose on 5 January 2022. " * 9
    contexts = [
        f"Flood\n\nSelmouth lies low. {rise}\n\n" + "The dyke broke at noon. " * 40,
        "Fire in Selmouth\n\nThe mill burned on 7 January 2022.",
        "Elsewhere the dyke held.",
    ]
    # Days are understood, and a report's names are read with each of its passages.
    asked = ["Did the dyke break in Selmouth on 5 January 2022?", "Which mill burned in Selmouth?"]
    answers = [(contexts[0].index("The dyke"), contexts[0].index("The dyke") + 23), (22, 30)]
    examples = [
        Example(str(number), question, context, (answer,))
        for number, (question, context, answer) in enumerate(
            zip(asked, contexts, answers, strict=False)
        )
    ]
    with open_pile(contexts, HashEncoder()) as pile:
        calibrated, used = NotingReader(), NotingReader()
        _fit_search(examples, calibrated, pile)  # type: ignore[arg-type]
        pipeline = Pipeline(pile.database, pile.encoder, pile.index, used, used.threshold)
        for question in asked:
            find_answers(question, Filter(), pipeline)
    assert calibrated.given == used.given
    titles = [title for _, passages in used.given for title, _ in passages]
    assert any(title.startswith("Selmouth. ") for title in titles)
