"""What was said before, out of the messages that a front end sends."""

import pytest

from api.errors import NoQuestion
from api.openai.history import read_conversation
from api.openai.schemas import ChatMessage
from api.render.markdown import compose
from retrieval.types import Answer, Citation, Exchange, Reply


def said(*texts: str) -> list[ChatMessage]:
    roles = ["user", "assistant"] * len(texts)
    return [ChatMessage(role=role, content=text) for role, text in zip(roles, texts, strict=False)]


def own_words(sentence: str, answer: str) -> str:
    """What Dateline would say if this sentence held this answer."""
    start = sentence.index(answer)
    citation = Citation(1, "doc_1", "A [title]", None, "a.txt", None, sentence, 0, len(sentence))
    given = Answer(answer, 0.9, (1,), start, start + len(answer))
    reply = Reply("Why?", "Why?", True, 0.9, (given,), (citation,), {})
    return compose(reply, lambda *_: "http://x/documents/doc_1#char=0,1").content


def test_the_last_question_is_asked_and_the_rest_is_history() -> None:
    question, history = read_conversation(said("Why?", "Because.", "And where?"))
    assert question == "And where?"
    assert history == [Exchange("Why?", said="Because.")]


def test_of_datelines_own_markdown_the_quotes_are_known_word_for_word() -> None:
    sentence = "It cost *5* [dollars] (about 4 \\ EUR) in _2022_, <b>he</b> said."
    [exchange] = read_conversation(said("How much?", own_words(sentence, "*5* [dollars]"), "?"))[1]
    assert exchange.said == sentence
    assert exchange.answers == ("*5* [dollars]",)


def test_what_others_said_is_taken_as_it_is() -> None:
    text = "> **bold** words\n\nof another model"
    [exchange] = read_conversation(said("Why?", text, "And?"))[1]
    assert exchange == Exchange("Why?", said=text)


def test_several_replies_to_one_question_are_one() -> None:
    messages = said("Why?", "Because.")
    messages.append(ChatMessage(role="assistant", content="Indeed."))
    messages.append(ChatMessage(role="user", content="And?"))
    assert read_conversation(messages)[1] == [Exchange("Why?", said="Because.\nIndeed.")]


def test_what_was_said_before_the_first_question_is_left_out() -> None:
    messages = [ChatMessage(role="assistant", content="Hello!"), *said("Why?")]
    assert read_conversation(messages) == ("Why?", [])


def test_there_must_be_a_question() -> None:
    with pytest.raises(NoQuestion):
        read_conversation([ChatMessage(role="assistant", content="Hello!")])
