import pytest

from retrieval.about_answers.recognise import FollowUp, recognise, remark_on


@pytest.mark.parametrize(
    ("message", "begins"),
    [
        ("hi", "Hello."),
        ("Hello there!", "Hello."),
        ("good morning", "Hello."),
        ("How are you?", "Hello."),
        ("thanks", "You are welcome."),
        ("OK, thank you very much!", "You are welcome."),
        ("bye", "Goodbye."),
        ("ok, thanks, bye!", "Goodbye."),
        ("ok", "Ask"),
        ("hmm \u2026", "Ask"),
        ("I see.", "Ask"),
    ],
)
def test_a_courtesy_gets_a_remark(message: str, begins: str) -> None:
    remark = remark_on(message)
    assert remark is not None
    assert remark.startswith(begins)


@pytest.mark.parametrize(
    "message",
    [
        "hi, who leads the inquiry?",
        "thanks, and who died?",
        "ok?",
        "no, more",
        "who said thanks?",
        "thanks to whom?",
        "hello kitty sales",
        "and?",
        "?",
        "...",
        "",
    ],
)
def test_a_question_is_no_courtesy(message: str) -> None:
    assert remark_on(message) is None


def test_a_question_about_an_answer_is_none_either() -> None:
    for message in ("really?", "are you sure?", "sure?", "anything else?", "no, more"):
        assert isinstance(recognise(message), FollowUp)
        assert remark_on(message) is None
