import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from retrieval.answers.weigh import Reading, evidence, lacks
from retrieval.readers.calibration import PLAIN_WEIGHTS
from retrieval.types import Hit, SearchWeights, Span
from tests.factories import make_passage

QUESTION = "Why did the dyke break?"
WEIGHTS = replace(PLAIN_WEIGHTS, reading=0.5, score=2.0, cosine=-1.0, offset=0.25)


def hit(score: float = 0.0, cosine: float = 0.0) -> Hit:
    return Hit(make_passage("The dyke broke."), score=score, cosine=cosine, bm25=3.0)


def weigh(
    question: str,
    spans: Sequence[Span],
    hits: Sequence[Hit],
    weights: SearchWeights,
    known: Sequence[str] = (),
) -> list[Span]:
    return Reading(question, hits, spans, known).weigh(weights)


def test_confidence_is_the_logistic_of_the_weighed_evidence() -> None:
    # .5 * ln(.8 / .2) + 2 * .75 - 1 * .5 + .25 = ln 2 + 1.25: odds of 2 * e ** 1.25 = 6.98069
    (found,) = weigh(QUESTION, [Span(0, 4, 8, 0.8)], [hit(0.75, 0.5)], WEIGHTS)
    assert found == Span(0, 4, 8, round(6.98069 / 7.98069, 4))


def test_a_span_is_weighed_by_the_hit_of_its_own_passage() -> None:
    spans = [Span(1, 0, 3, 0.5), Span(0, 0, 3, 0.5)]
    weights = replace(PLAIN_WEIGHTS, score=1)
    assert weigh(QUESTION, spans, [hit(0.0), hit(math.log(3))], weights) == [
        Span(1, 0, 3, 0.75),
        Span(0, 0, 3, 0.5),
    ]


def test_what_search_says_can_turn_the_order() -> None:
    spans = [Span(0, 0, 3, 0.9), Span(1, 0, 3, 0.6)]
    found = weigh(QUESTION, spans, [hit(0.1), hit(1.0)], replace(WEIGHTS, cosine=0))
    assert [span.passage for span in found] == [1, 0]


def test_the_plain_weights_leave_confidences_as_they_are() -> None:
    spans = [Span(0, 0, 3, 0.8123), Span(1, 4, 8, 0.5), Span(0, 9, 14, 0.0271)]
    assert weigh(QUESTION, spans, [hit(0.3, 0.9), hit(1.0, -0.2)], PLAIN_WEIGHTS) == spans


def test_ties_are_in_the_order_of_passages_and_then_of_starts() -> None:
    spans = [Span(1, 0, 3, 0.5), Span(0, 9, 12, 0.5), Span(0, 4, 8, 0.5)]
    for given in (spans, spans[::-1]):
        assert weigh(QUESTION, given, [hit(), hit()], WEIGHTS) == [
            replace(span, confidence=0.5622) for span in (spans[2], spans[1], spans[0])
        ]


@pytest.mark.parametrize(("sure", "odds"), [(1.0, 13.8155), (0.0, -13.8155), (0.5, 0.0)])
def test_the_log_odds_of_a_reading_are_finite_however_sure(sure: float, odds: float) -> None:
    reading, score, cosine = evidence(Span(0, 0, 3, sure), hit(0.25, 0.75))
    assert reading == pytest.approx(odds, abs=1e-4)
    assert (score, cosine) == (0.25, 0.75)


def test_the_surest_and_the_least_sure_stay_so() -> None:
    found = weigh(QUESTION, [Span(0, 0, 3, 0.0), Span(0, 4, 8, 1.0)], [hit()], PLAIN_WEIGHTS)
    assert found == [Span(0, 4, 8, 1.0), Span(0, 0, 3, 0.0)]


def test_nothing_to_weigh_is_nothing() -> None:
    assert weigh(QUESTION, [], [hit()], WEIGHTS) == []
    assert weigh(QUESTION, [], [], WEIGHTS) == []


@pytest.mark.parametrize(
    ("question", "words", "names"),
    [
        ("Why did the dyke break?", 1 / 2, 0),  # broke is another word than break
        ("Why did the dyke break at Selmouth?", 2 / 3, 1),
        ("when did the Dyke of 1953 break", 2 / 3, 1 / 2),
        ("Unrest?", 0, 0),  # in the title
        ("Selmouth?", 1, 0),  # what opens the question has a capital anyhow
        ("why?", 0, 0),
    ],
)
def test_what_a_passage_lacks_of_the_question(question: str, words: float, names: float) -> None:
    passage = replace(make_passage("The dyke broke."), title="Unrest in town")
    found = replace(hit(), passage=passage)
    assert lacks(question, found) == pytest.approx((words, names))


def test_a_passage_that_lacks_the_name_asked_for_is_believed_less() -> None:
    weights = replace(PLAIN_WEIGHTS, names=-math.log(3))
    (found,) = weigh("Did Selmouth flood in Selmouth?", [Span(0, 0, 3, 0.5)], [hit()], weights)
    assert found.confidence == 0.25


def test_words_that_are_known_to_be_true_do_not_count() -> None:
    question = "Did Selmouth flood on 5 January?"
    assert lacks(question, hit(), "5 January") == lacks("Did Selmouth flood?", hit()) == (1, 1)
    weights = replace(PLAIN_WEIGHTS, names=-math.log(3))
    spans = [Span(0, 0, 3, 0.5), Span(1, 0, 3, 0.5)]
    asked = "Did it flood on 5 January?"
    found = weigh(asked, spans, [hit(), hit()], weights, ["", "on 5 January"])
    assert [(each.passage, each.confidence) for each in found] == [(1, 0.5), (0, 0.25)]
