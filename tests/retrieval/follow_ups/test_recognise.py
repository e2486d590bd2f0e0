import pytest

from retrieval.follow_ups.recognise import FollowUp, recognise

ASKED = {
    FollowUp.SPEAKER: (
        "who said that?",
        "Who said that",
        "who said so?",
        "And who said it?",
        "who says that?",
        "Who's saying that?",
        "who was it that said that?",
        "says who?",
        "According to whom?",
        "Who claimed this??",
        "ok, who exactly said that, please?",
        "whose words are those?",
    ),
    FollowUp.TIME: (
        "when was that?",
        "When was this",
        "and when was it?",
        "when did that happen?",
        "When exactly did it happen?",
        "When was that exactly?",
        "on what day was that?",
        "which day did this happen?",
        "what's the date of that?",
        "What\u2019s the date of that?",
        "when was that said?",
    ),
    FollowUp.SOURCE: (
        "show me the source",
        "Show me the source, please.",
        "show the sources",
        "Can you show me the source of that?",
        "could I see the quote?",
        "what is your source?",
        "What's the source for this?",
        "source?",
        "Sources",
        "your sources?",
        "where does it say that?",
        "Where do the reports say so?",
        "show me where it says that",
        "where is that from?",
        "where did you get that from?",
        "which report says that?",
        "how do you know that?",
        "How do you know?",
    ),
    FollowUp.MORE: (
        "anything else?",
        "Is there anything else?",
        "And what else?",
        "what else?",
        "What else do the reports say about it?",
        "any more?",
        "More",
        "no, more",
        "tell me more",
        "any other answers?",
        "Are there other answers?",
        "go on",
        "show me the next answers",
    ),
    FollowUp.SURE: (
        "are you sure?",
        "Are you sure about that?",
        "are you really sure?",
        "but are you certain of this?",
        "Are you sure that's right?",
        "how sure are you?",
        "How confident are you about that?",
        "is that true?",
        "Is that really correct?",
        "really?",
        "do the other reports say the same?",
        "Do they agree?",
        "who else says so?",
        "can I trust that?",
    ),
}


@pytest.mark.parametrize(
    ("question", "kind"), [(each, kind) for kind, asked in ASKED.items() for each in asked]
)
def test_a_question_about_the_answer_is_recognised(question: str, kind: FollowUp) -> None:
    assert recognise(question) is kind
    assert recognise(f" {question.upper()}\n") is kind


@pytest.mark.parametrize(
    "question",
    [
        "who said that the dyke was safe?",
        "Who said that Tokayev would stay",
        "who said it was external aggression?",
        "who said so in Almaty?",
        "who reported the fire?",
        "who is he?",
        "when was that dyke built?",
        "when was it built?",
        "when did it break?",
        "when did that happen in Quendlow?",
        "on what day was that report written?",
        "when did they leave?",
        "when?",
        "show me the source of the river",
        "what is the source of the fire?",
        "what was the source of the leak?",
        "where does it say that the dyke was safe?",
        "where is it?",
        "where does the river come from?",
        "which report says that the mayor fled?",
        "how do you know the mayor?",
        "anything else about the mayor?",
        "what else did the mayor say?",
        "what else happened?",
        "is there anything else in the river?",
        "how many more?",
        "no more",
        "tell me more about the dyke",
        "who is next?",
        "are you sure that the dyke broke?",
        "how sure are the police?",
        "is it true that the mayor fled?",
        "is that the mayor?",
        "was it raining?",
        "do the reports say why?",
        "who else was hurt?",
        "is it safe?",
        "and?",
        "and who?",
        "thanks",
        "",
        "?",
        "please",
        "\u4e2d\u6587",
    ],
)
def test_no_question_to_the_reports_is_taken_for_one(question: str) -> None:
    assert recognise(question) is None


def test_a_long_question_is_looked_at_in_no_time() -> None:
    for question in ("and " * 20_000, "are you sure " * 5_000, " " * 50_000, "?" * 50_000):
        assert recognise(question) is None
