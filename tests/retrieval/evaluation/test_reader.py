from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Passage
from retrieval.evaluation.files.examples import Example
from retrieval.evaluation.reader import Prediction, ReaderEvaluation, evaluate_reader
from retrieval.types import Span
from tests.factories import awkward_texts
from tests.fakes import WordReader

CONTEXT = "Residents were angry because gas prices rose. The mayor fled."


def make_example(
    question: str,
    *gold: str,
    context: str = CONTEXT,
    number: int = 1,
    title: str = "",
    source: str = "",
) -> Example:
    answers = tuple((context.index(text), context.index(text) + len(text)) for text in gold)
    return Example(f"q{number}", question, context, answers, title, source)


class MarkedReader:
    """Finds what a question says after its bar, as sure as it says: "why? |gas prices|0.8"."""

    threshold = 0.5

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        (passage,) = passages
        _, quote, confidence = question.split("|")
        if quote not in passage.text:
            return []
        start = passage.text.index(quote)
        return [
            Span(0, start, start + len(quote), float(confidence)),
            Span(0, 0, 1, float(confidence) / 2),
        ]


class FixedReader:
    """Finds these spans, whatever it is asked."""

    threshold = 0.5

    def __init__(self, *spans: Span) -> None:
        self.spans = list(spans)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        return self.spans


EXAMPLES = [
    # Exact and shown.
    make_example("why? |gas prices rose|0.9", "gas prices rose", number=1, source="b"),
    # Half the words (F1 2/3: right), shown.
    make_example("who? |The mayor fled|0.8", "mayor", number=2, source="a"),
    # Right, and not shown.
    make_example("why? |angry|0.4", "angry", number=3, source="b"),
    # Wrong, and shown.
    make_example("who? |Residents|0.6", "The mayor", number=4, source="a"),
    # No answer there, and one shown.
    make_example("what? |gas|0.7", number=5, source="a"),
    # No answer there, and none shown.
    make_example("why? |gas|0.2", number=6),
    # Nothing found.
    make_example("what? |snow|0.9", "The mayor", number=7, source="a"),
]


def evaluate(examples: Sequence[Example] = EXAMPLES, threshold: float = 0.5) -> ReaderEvaluation:
    return evaluate_reader(examples, MarkedReader(), threshold, clock=itertools.count().__next__)


def test_the_first_span_is_the_prediction() -> None:
    predictions = evaluate().predictions
    assert [each.id for each in predictions] == [f"q{number}" for number in range(1, 8)]
    assert predictions[0] == Prediction("q1", "gas prices rose", 29, 44, 0.9, answered=True)
    assert predictions[2] == Prediction("q3", "angry", 15, 20, 0.4, answered=False)
    assert predictions[6] == Prediction("q7", "", 0, 0, 0.0, answered=False)
    for each in predictions:
        assert CONTEXT[each.start : each.end] == each.text


def test_figures_by_hand() -> None:
    figures = evaluate().overall
    assert (figures.total, figures.answerable) == (7, 5)
    # Shown: exact, 2/3, nothing, wrong; of those without an answer, wrong and right; nothing.
    # "The mayor fled" is two words once "the" is dropped, and one of them is wanted: 2/3.
    assert figures.exact == pytest.approx(2 / 7)
    assert figures.f1 == pytest.approx((1 + 2 / 3 + 1) / 7)
    assert figures.has_answer_exact == pytest.approx(1 / 5)
    assert figures.has_answer_f1 == pytest.approx((1 + 2 / 3) / 5)
    assert figures.no_answer_accuracy == pytest.approx(1 / 2)
    assert figures.best_span_exact == pytest.approx(2 / 5)
    assert figures.best_span_f1 == pytest.approx((1 + 2 / 3 + 1) / 5)
    # Answerable .9 .8 .4 .6 0 against .7 .2: .9 and .8 beat both, .4 and .6 one, 0 none.
    assert figures.auroc == pytest.approx((2 + 2 + 1 + 1 + 0) / 10)
    # Surest first: .9 right, .8 right, .7 wrong, .6 wrong, .4 right, .2 wrong, 0 wrong; each in a
    # bin of its own.
    error = (0.1 + 0.2 + 0.7 + 0.6 + 0.6 + 0.2 + 0) / 7
    assert figures.calibration_error == pytest.approx(error)
    risks = [0, 0, 1 / 3, 2 / 4, 2 / 5, 3 / 6, 4 / 7]
    assert figures.risk_at_50 == pytest.approx(2 / 4)
    assert figures.risk_at_80 == pytest.approx(3 / 6)
    assert figures.risk_coverage_area == pytest.approx(sum(risks) / 7)
    assert [point.risk for point in evaluate().curve] == pytest.approx(risks)


def test_why_questions_stand_against_the_rest() -> None:
    groups = evaluate().by_question
    assert list(groups) == ["why", "other"]
    assert (groups["why"].total, groups["other"].total) == (3, 4)
    assert groups["why"] == evaluate([EXAMPLES[at] for at in (0, 2, 5)]).overall


def test_sources_are_apart_and_sorted() -> None:
    groups = evaluate().by_source
    assert list(groups) == ["a", "b"]
    assert groups["a"] == evaluate([EXAMPLES[at] for at in (1, 3, 4, 6)]).overall
    # All of b can be answered, so nothing tells whether confidence knows.
    assert groups["b"].auroc is None
    assert groups["b"].no_answer_accuracy is None


def test_a_group_of_none_has_no_figures() -> None:
    figures = evaluate([EXAMPLES[1]]).by_question["why"]
    assert (figures.total, figures.answerable) == (0, 0)
    assert figures.f1 is None
    assert figures.risk_at_50 is None


def test_a_span_is_shown_from_the_threshold_on() -> None:
    for threshold, shown in ((0.8, True), (0.8001, False)):
        (prediction,) = evaluate([EXAMPLES[1]], threshold).predictions
        assert prediction.answered is shown


def test_where_nothing_is_found_nothing_is_shown_even_at_no_threshold() -> None:
    evaluation = evaluate([EXAMPLES[6]], threshold=0)
    assert not evaluation.predictions[0].answered


def test_the_best_span_of_an_unanswerable_example_is_wrong_however_it_reads() -> None:
    bins = evaluate([make_example("what? |The|0.9")]).bins
    assert bins[8].right == 0
    # Nor is nothing right where the accepted answer is an article, to which it normalises.
    assert evaluate([make_example("what? |snow|0.9", "The")]).bins[0].right == 0


@pytest.mark.parametrize(
    ("quote", "gold", "right"),
    [
        # Two words of the four, both of the two wanted: 2 * 2 / (4 + 2).
        ("prices rose. The mayor fled", "mayor fled", 1),
        # 2 * 1 / (3 + 1), half to the digit.
        ("because gas prices", "gas", 1),
        # 2 * 1 / (4 + 1)
        ("because gas prices rose", "gas", 0),
    ],
)
def test_a_best_span_is_right_from_half_an_f1_on(quote: str, gold: str, right: float) -> None:
    bins = evaluate([make_example(f"? |{quote}|1", gold)]).bins
    assert bins[-1].right == right


def test_the_reader_gets_the_context_as_its_one_passage() -> None:
    seen = []

    class Seeing(WordReader):
        def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
            seen.extend(passages)
            return super().read(question, passages)

    evaluate_reader([make_example("Who fled?", title="Unrest")], Seeing(), 0.5)
    assert seen == [Passage(1, "q1", 0, len(CONTEXT), CONTEXT, "Unrest", None)]


def test_each_example_is_told_when_it_is_done() -> None:
    told: list[Prediction] = []
    evaluation = evaluate_reader(EXAMPLES, MarkedReader(), 0.5, on_done=told.append)
    assert tuple(told) == evaluation.predictions


def test_only_reading_is_timed() -> None:
    # The clock is looked at before and after each reading, and goes on by one each time.
    evaluation = evaluate()
    assert evaluation.seconds == len(EXAMPLES)
    assert evaluation.examples_per_second == 1
    still = evaluate_reader(EXAMPLES, MarkedReader(), 0.5, clock=lambda: 1.0)
    assert still.examples_per_second is None


def test_the_same_input_has_the_same_figures_in_whatever_order() -> None:
    assert evaluate() == evaluate()
    assert evaluate(EXAMPLES[::-1]).overall == evaluate().overall
    assert evaluate(EXAMPLES[::-1]).by_source == evaluate().by_source


@pytest.mark.parametrize(
    "span",
    [
        Span(0, 0, len(CONTEXT) + 1, 0.5),
        Span(0, -3, 2, 0.5),
        Span(0, 3, 3, 0.5),
        Span(1, 0, 3, 0.5),
        Span(0, 0, 3, 1.5),
        Span(0, 0, 3, float("nan")),
    ],
)
def test_a_reader_at_fault_is_not_measured(span: Span) -> None:
    with pytest.raises(ValueError, match="q1"):
        evaluate_reader([make_example("Who?")], FixedReader(span), 0.5)


@given(
    st.lists(st.tuples(awkward_texts(max_pieces=6), awkward_texts(max_pieces=2)), max_size=5),
    st.floats(0, 1),
)
def test_every_prediction_is_a_quote(texts: list[tuple[str, str]], threshold: float) -> None:
    examples = [
        Example(str(number), question, context, ())
        for number, (context, question) in enumerate(texts)
    ]
    evaluation = evaluate_reader(examples, WordReader(), threshold)
    for example, each in zip(examples, evaluation.predictions, strict=True):
        assert each.id == example.id
        assert example.context[each.start : each.end] == each.text
        assert each.answered == (each.text != "" and each.confidence >= threshold)
    assert evaluation.overall.has_answer_f1 is None
