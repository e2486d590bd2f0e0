import pytest

from retrieval.evaluation.metrics.text_match import asks_why


@pytest.mark.parametrize(
    "question",
    [
        "Why did protests start?",
        "And WHY, then?",
        "What caused the flood?",
        "what led to the strike?",
        "For what reason did he go?",
        "What were the main reasons for it?",
    ],
)
def test_a_question_for_a_cause_is_told(question: str) -> None:
    assert asks_why(question)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Who caused the flood?",
        "How long was the whyte line?",
        "What is reasonable?",
        "What led the march?",
        "Do they share my data? If yes, why?",
    ],
)
def test_any_other_question_is_not(question: str) -> None:
    assert not asks_why(question)
