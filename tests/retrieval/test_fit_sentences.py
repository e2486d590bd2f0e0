import numpy as np
import pytest

from retrieval.fit_sentences import _best_threshold, _draw, _f1, _holds, _logistic


def threshold(*examples: tuple[float, bool, bool]) -> float:
    """Of examples (confidence, right, answerable)."""
    confidences, right, answerable = zip(*examples, strict=True)
    return _best_threshold(np.array(confidences), np.array(right), np.array(answerable))


def test_the_threshold_parts_right_sentences_from_questions_without_an_answer() -> None:
    # At .31 to .60 all three are dealt with; the least of the best is taken.
    assert threshold((0.9, True, True), (0.6, True, True), (0.305, False, False)) == 0.31


def test_the_threshold_pays_for_what_it_hides() -> None:
    # Hiding the .7 that has no answer would hide two right ones.
    assert threshold(
        (0.5, True, True), (0.6, True, True), (0.705, False, False), (0.9, True, True)
    ) == pytest.approx(0.05)
    # Against three, hiding one right one pays.
    assert threshold(
        (0.6, True, True),
        (0.9, True, True),
        *[(0.705, False, False)] * 3,
    ) == pytest.approx(0.71)


def test_a_wrong_sentence_of_an_answerable_question_is_dealt_with_nowhere() -> None:
    assert threshold((0.9, False, True), (0.5, False, True)) == pytest.approx(0.05)


def test_a_confidence_at_the_threshold_is_shown() -> None:
    assert threshold((0.4, True, True), (0.39, False, False)) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("found", "expected", "f1"),
    [
        ("on January 2", "on January 2", 1.0),
        ("The Dyke", "a dyke", 1.0),  # case and articles do not count
        ("January 2", "on January 2", 2 * 2 / (2 + 3)),
        ("rain rain", "rain", 2 * 1 / (2 + 1)),  # a word counts as often as it is there
        ("because of heavy rain", "heavy rain fell", 2 * 2 / (4 + 3)),
        ("1,200", "1200", 0.0),
        ("sun", "rain", 0.0),
        ("", "rain", 0.0),
        ("the", "the", 0.0),
    ],
)
def test_f1_counts_the_words_in_common(found: str, expected: str, f1: float) -> None:
    assert _f1(found, expected) == pytest.approx(f1)
    assert _f1(expected, found) == pytest.approx(f1)


def test_a_sentence_holds_an_answer_that_lies_wholly_in_it() -> None:
    context = "Rain fell. The dyke broke."
    example = {"answers": [{"text": "The dyke", "start": context.index("The dyke")}]}
    assert _holds(example, 11, 26)
    assert not _holds(example, 0, 10)
    assert not _holds(example, 12, 26)
    assert not _holds(example, 11, 17)
    assert not _holds({"answers": []}, 0, 26)


def test_half_of_the_examples_drawn_ask_why_and_the_same_each_time() -> None:
    examples = [{"question": f"{word} {number}"} for word in ("why", "who") for number in range(50)]
    drawn = _draw(examples, 20)
    assert drawn == _draw(examples, 20)
    assert len(drawn) == 20
    assert sum(each["question"].startswith("why") for each in drawn) == 10
    assert len({each["question"] for each in drawn}) == 20
    assert len(_draw(examples, 80)) == 80
    assert len(_draw(examples, 500)) == 100


def test_logistic_weights_order_what_they_were_fitted_on() -> None:
    x = np.array([[1.0, value] for value in (-2, -1, -0.5, 0.5, 1, 2)])
    holds = np.array([False, False, False, True, True, True])
    fitted = _logistic(x, holds, None)
    assert fitted[1] > 0
    assert abs(fitted[0]) < 1e-3
    # The penalty holds it near the weights it starts from.
    assert _logistic(x, holds, np.array([0.0, 5.0]))[1] > fitted[1]
