import pytest

from retrieval.answers.asked_figure import PEOPLE, read_asked


@pytest.mark.parametrize(
    ("question", "noun", "words", "names", "unit"),
    [
        ("how many houses were flooded?", "hous", {"flood"}, set(), ""),
        ("How many people are still missing?", PEOPLE, {"miss"}, set(), ""),
        ("how many were killed?", PEOPLE, {"die"}, set(), ""),
        ("How many deaths were there?", PEOPLE, {"die"}, set(), ""),
        ("what is the death toll?", PEOPLE, {"die"}, set(), ""),
        ("what is the number of missing people?", PEOPLE, {"miss"}, set(), ""),
        ("how many fire trucks burned in Almaty?", "truck", {"fire", "burn"}, {"almati"}, ""),
        ("how much does the town need?", "", {"town", "need"}, set(), ""),
        ("how much did the repair cost?", "", {"repair", "cost"}, set(), "money"),
        ("what is the price of gas?", "", {"cost", "gas"}, set(), "money"),
        ("how old is Ruta Vansel?", "", set(), {"ruta", "vansel"}, "age"),
        ("how high was the river?", "", {"river"}, set(), "measure"),
        ("what percentage of voters came?", "", {"voter", "came"}, set(), "%"),
    ],
)
def test_what_is_asked_the_number_of(
    question: str, noun: str, words: set[str], names: set[str], unit: str
) -> None:
    asked = read_asked(question)
    assert asked is not None
    assert (asked.noun, asked.words, asked.names, asked.unit) == (noun, words, names, unit)


@pytest.mark.parametrize(
    "question",
    ["who died?", "why did protests start?", "how did it begin?", "when?", "how many?", "", "?"],
)
def test_other_questions_ask_for_no_figure(question: str) -> None:
    assert read_asked(question) is None
