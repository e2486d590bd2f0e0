import datetime
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from index.errors import UnknownConversation
from index.store.database import Database
from index.types import Filter, Passage
from retrieval.conversation.store import (
    StoredTurn,
    create_conversation,
    delete_conversation,
    list_turns,
    read_reply,
)
from retrieval.converse import carry_on
from retrieval.errors import QuestionEmpty
from retrieval.types import Pipeline, Span
from tests.factories import store
from tests.fakes import WordReader

TEXT = "The river rose. The dyke broke on Tuesday, police said. The mayor left."
QUESTION = "Which dyke broke on Tuesday?"


@pytest.fixture
def filled(pipeline: Pipeline) -> Pipeline:
    store(pipeline.database, pipeline.encoder, TEXT, date=datetime.date(2023, 3, 14))
    return pipeline


@pytest.fixture
def made(database: Database) -> str:
    with database.write() as connection:
        return create_conversation(connection).id


def turns(database: Database, made: str) -> list[StoredTurn]:
    with database.read() as connection:
        return list_turns(connection, made)


def test_question_and_reply_are_kept(filled: Pipeline, made: str) -> None:
    reply = carry_on(made, QUESTION, Filter(), filled)
    assert reply.answers[0].text == "The dyke broke on Tuesday, police said."
    (turn,) = turns(filled.database, made)
    kept = read_reply(turn.question, turn.standalone_question, turn.reply)
    assert kept == replace(reply, timings_ms={})


def test_a_later_question_may_be_about_an_earlier_answer(filled: Pipeline, made: str) -> None:
    carry_on(made, QUESTION, Filter(), filled)
    assert carry_on(made, "who said that?", Filter(), filled).answers[0].text == "police"
    assert carry_on(made, "when was that?", Filter(), filled).answers[0].text == "Tuesday"
    assert [turn.number for turn in turns(filled.database, made)] == [1, 2, 3]


def test_what_cannot_be_answered_is_not_kept(filled: Pipeline, made: str) -> None:
    with pytest.raises(QuestionEmpty):
        carry_on(made, "?", Filter(), filled)
    assert turns(filled.database, made) == []
    with pytest.raises(UnknownConversation):
        carry_on("conv_0", QUESTION, Filter(), filled)


class Waiting(WordReader):
    """Reads one question only when told to."""

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question
        self.begun, self.go = threading.Event(), threading.Event()

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        if question == self._question:
            self.begun.set()
            assert self.go.wait(20)
        return super().read(question, passages)


def test_a_question_answered_later_stands_where_it_was_asked(filled: Pipeline, made: str) -> None:
    reader = Waiting(QUESTION)
    pipeline = replace(filled, reader=reader)
    thread = threading.Thread(target=carry_on, args=(made, QUESTION, Filter(), pipeline))
    thread.start()
    assert reader.begun.wait(20)
    carry_on(made, "Who left?", Filter(), pipeline)
    assert [turn.question for turn in turns(filled.database, made)] == ["Who left?"]
    reader.go.set()
    thread.join(20)
    assert [turn.question for turn in turns(filled.database, made)] == [QUESTION, "Who left?"]


def test_a_conversation_deleted_meanwhile_keeps_nothing(filled: Pipeline, made: str) -> None:
    reader = Waiting(QUESTION)
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            carry_on(made, QUESTION, Filter(), replace(filled, reader=reader))
        except UnknownConversation as error:
            failures.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert reader.begun.wait(20)
    with filled.database.write() as connection:
        delete_conversation(connection, made)
    reader.go.set()
    thread.join(20)
    assert len(failures) == 1
