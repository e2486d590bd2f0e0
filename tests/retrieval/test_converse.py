import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

import retrieval.answer
from index.errors import UnknownCollection
from index.store.delete import delete_document
from index.store.lookup import get_text
from index.types import Filter, Passage
from retrieval.answer import answer
from retrieval.conversation.history import HISTORY_TURNS
from retrieval.converse import GONE, converse
from retrieval.errors import QuestionEmpty
from retrieval.types import Exchange, Pipeline, Reply, Span, TermFinder, Turn
from tests.factories import store
from tests.fakes import PhraseReader, WordReader

WHY = "Why did the dyke break?"
FIRST = "The dyke did break, said Ruta Vansel."
SECOND = "Why the dyke broke is unknown."
REPORTS = {
    "vansel": f"Inquiry. {FIRST} It rained on Tuesday.",
    "unknown": f"Report. {SECOND} The mayor left.",
    "again": f"Later. {FIRST} Schools stayed shut.",
}


@pytest.fixture
def filled(pipeline: Pipeline) -> Pipeline:
    for name, text in REPORTS.items():
        store(
            *(pipeline.database, pipeline.encoder, text),
            source=name,
            title=name,
            date=datetime.date(2023, 3, 17),
        )
    return pipeline


class Talk:
    """A conversation; what holds for every reply is checked."""

    def __init__(self, pipeline: Pipeline, limit: Filter | None = None) -> None:
        self.pipeline = pipeline
        self.limit = limit or Filter()
        self.history: list[Exchange] = []

    def ask(self, question: str, max_answers: int = 1) -> Reply:
        reply = converse(question, self.limit, self.pipeline, max_answers, self.history)
        check(reply, self.pipeline)
        assert reply.question == question
        self.history.append(Exchange(question, reply))
        return reply


Given = list[tuple[str, Sequence[Turn]]]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """What rewriting gets: the questions, each with what was said before it."""
    noted: Given = []
    rewrite = retrieval.answer.rewrite

    def note(question: str, history: Sequence[Turn], finder: TermFinder | None = None) -> object:
        noted.append((question, tuple(history)))
        return rewrite(question, history, finder)

    monkeypatch.setattr(retrieval.answer, "rewrite", note)
    return noted


def check(reply: Reply, pipeline: Pipeline) -> None:
    assert [each.id for each in reply.citations] == list(range(1, len(reply.citations) + 1))
    with pipeline.database.read() as connection:
        texts = {
            each.document_id: get_text(connection, each.document_id) for each in reply.citations
        }
    for each in reply.citations:
        assert texts[each.document_id][each.start : each.end] == each.cited_text
    used = []
    for found in reply.answers:
        used += found.citations
        first = reply.citations[found.citations[0] - 1]
        assert texts[first.document_id][found.start : found.end] == found.text
        assert first.start <= found.start < found.end <= first.end
    if used:
        assert list(dict.fromkeys(used)) == [each.id for each in reply.citations]
    assert reply.answerable == bool(reply.answers)
    assert 0 <= reply.confidence <= 1
    assert {"rewrite", "search", "read", "cite", "total"} <= reply.timings_ms.keys()


def texts(reply: Reply) -> list[str]:
    return [each.text for each in reply.answers]


def test_a_question_to_the_reports_is_answered_as_ever(filled: Pipeline) -> None:
    plain = answer(WHY, Filter(), filled, 1)
    assert replace(Talk(filled).ask(WHY), timings_ms={}) == replace(plain, timings_ms={})


def test_rewriting_gets_what_was_asked_and_answered(filled: Pipeline, given: Given) -> None:
    talk = Talk(filled)
    talk.ask(WHY)
    talk.ask("Which team won the football?")
    talk.history.append(Exchange("Really so?", said="Yes, really."))
    talk.ask("And then?")
    assert [question for question, _ in given] == [
        *(WHY, "Which team won the football?", "And then?")
    ]
    assert [len(history) for _, history in given] == [0, 1, 3]
    first, second, told = given[-1][1]
    assert first == Turn(WHY, WHY, (FIRST,), (FIRST, FIRST), first.titles)
    assert set(first.titles) == {"vansel", "again"}
    assert (second.question, second.answers) == ("Which team won the football?", ())
    assert told.question == "Really so?"
    assert told.standalone
    assert (told.answers, told.quotes, told.titles) == (("Yes, really.",), ("Yes, really.",), ())


def test_what_was_said_at_length_is_a_quote_and_no_answer(filled: Pipeline, given: Given) -> None:
    said = "The dyke broke, and this is said at length " * 3
    converse("And then?", Filter(), filled, 1, [Exchange(WHY, said=said), Exchange("So?")])
    first, second = given[-1][1]
    assert (first.answers, first.quotes) == ((), (said,))
    assert (second.answers, second.quotes) == ((), ())


def test_no_more_than_the_last_turns_are_gone_by(filled: Pipeline, given: Given) -> None:
    history = [Exchange(f"Question {number}?") for number in range(30)]
    converse(WHY, Filter(), filled, 1, history)
    assert [turn.question for turn in given[0][1]] == [
        f"Question {number}?" for number in range(30 - HISTORY_TURNS, 30)
    ]


def test_follow_ups_do_not_search(filled: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Talk(filled)
    talk.ask(WHY)

    def fail(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(filled.index, "dense", fail)
    assert texts(talk.ask("who said that?")) == ["Ruta Vansel"]
    talk.ask("when was that?")
    # Of the last answer, as every follow-up.
    source = talk.ask("show me the source")
    assert texts(source) == ["Ruta Vansel"]
    assert source.citations[0].cited_text in REPORTS.values()


def test_the_source_is_the_whole_passage_of_every_report_that_says_so(filled: Pipeline) -> None:
    talk = Talk(filled)
    first = talk.ask(WHY)
    assert len(first.citations) == 2
    reply = talk.ask("show me the source")
    assert texts(reply) == [FIRST]
    assert {each.cited_text for each in reply.citations} == {
        REPORTS["vansel"],
        REPORTS["again"],
    }
    assert reply.confidence == first.confidence
    assert reply.standalone_question == WHY
    # What may be asked of the answer may be asked of its source.
    assert texts(talk.ask("who said that?")) == ["Ruta Vansel"]


def test_anything_else_gives_the_answers_not_shown_yet(filled: Pipeline) -> None:
    store(filled.database, filled.encoder, "Then. A dyke can leak. So be it.")
    talk = Talk(filled)
    pipeline = replace(filled, threshold=0.2)
    talk.pipeline = pipeline
    every = texts(answer(WHY, Filter(), pipeline, 10, further=0.0))
    assert len(every) >= 3
    assert texts(talk.ask(WHY)) == every[:1]
    assert texts(talk.ask("anything else?")) == every[1:2]
    talk.ask("who said that?")
    rest = talk.ask("what else?", max_answers=10)
    assert texts(rest) == every[2:]
    assert rest.standalone_question == WHY
    last = talk.ask("anything else?")
    assert (last.answers, last.citations) == ((), ())
    assert last.note == "The reports give no further answer."


@pytest.mark.parametrize("question", ["anything else?", "are you sure?"])
def test_the_question_is_asked_again_with_what_was_said_before_it(
    filled: Pipeline, given: Given, question: str
) -> None:
    talk = Talk(filled)
    for each in ("Which dyke?", "Why did it break?", "show me the source", question):
        talk.ask(each)
    assert given[-1] == given[-2]
    asked, history = given[-1]
    assert asked == "Why did it break?"
    assert [turn.question for turn in history] == ["Which dyke?"]
    replies = [exchange.reply for exchange in talk.history if exchange.reply is not None]
    assert replies[-1].standalone_question == replies[1].standalone_question


def test_anything_else_need_not_be_half_as_sure(filled: Pipeline) -> None:
    store(filled.database, filled.encoder, "Ruta Vansel left.")
    talk = Talk(replace(filled, threshold=0.2))
    question = "Did the dyke break said Ruta Vansel?"
    assert texts(talk.ask(question, max_answers=5)) == [FIRST]
    assert "Ruta Vansel left." in texts(talk.ask("anything else?", max_answers=5))


def test_are_you_sure_repeats_the_answer_with_all_that_say_so_and_the_others(
    filled: Pipeline,
) -> None:
    talk = Talk(filled)
    first = talk.ask(WHY)
    store(filled.database, filled.encoder, f"New. {FIRST} Nothing more.")
    reply = talk.ask("are you sure?", max_answers=3)
    assert texts(reply) == [FIRST, SECOND]
    assert len(reply.answers[0].citations) == 3
    assert reply.confidence == reply.answers[0].confidence == first.confidence
    assert reply.note == (
        "Very sure: 100%. Reports that say so: 3. Other answers in the reports: 1."
    )


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(0.95, "Very"), (0.9, "Very"), (0.89, "Quite"), (0.5, "Fairly"), (0.31, "Not very")],
)
def test_how_sure_is_told_in_words(filled: Pipeline, confidence: float, words: str) -> None:
    reader = PhraseReader({WHY: {FIRST: confidence}})
    talk = Talk(replace(filled, reader=reader, threshold=0.3))
    talk.ask(WHY)
    note = talk.ask("how sure are you?").note or ""
    assert note.startswith(f"{words} sure: {confidence:.0%}. Reports that say so: 2.")


def test_are_you_sure_says_that_figures_differ(pipeline: Pipeline) -> None:
    told = {
        "Police said nine people were missing.": 15,
        "At night 9 people were missing.": 16,
        "Police lowered the number of missing to seven.": 17,
    }
    for text, day in told.items():
        store(pipeline.database, pipeline.encoder, text, date=datetime.date(2023, 3, day))
    question = "How many people are missing?"
    reader = PhraseReader({question: {"nine": 0.8, "9": 0.4, "seven": 0.35}})
    talk = Talk(replace(pipeline, reader=reader))
    for most, named in ((3, ' of "nine"'), (1, ' of "nine"')):
        talk.history.clear()
        first = talk.ask(question, max_answers=most)
        assert first.differ
        reply = talk.ask("are you sure?", max_answers=3)
        assert set(texts(reply)) == {"seven", "nine"}
        assert reply.differ
        assert reply.confidence == first.confidence == 0.8
        assert reply.note == (
            f"Quite sure{named}: 80%. Reports that say so: 2. Other answers in the reports: 1. "
            "Reports differ: seven (17 March 2023), nine (16 March 2023)."
        )


def test_a_speaker_may_be_asked_about_too(filled: Pipeline) -> None:
    talk = Talk(filled)
    talk.ask(WHY)
    talk.ask("who said that?")
    reply = talk.ask("are you sure?")
    assert texts(reply) == ["Ruta Vansel"]
    assert reply.note == "Fairly sure: 50%."
    assert texts(talk.ask("show me the source")) == ["Ruta Vansel"]
    assert talk.ask("are you sure?").note == "Fairly sure: 50%."


def test_after_asking_who_said_it_one_may_ask_when_it_was(filled: Pipeline) -> None:
    store(filled.database, filled.encoder, "Roofs fell in on Tuesday, police said.")
    for second, third in (("who said that?", "when was that?"), ("when was it?", "who said so?")):
        talk = Talk(filled)
        talk.ask("Which roofs fell?")
        found = {*texts(talk.ask(second)), *texts(talk.ask(third))}
        assert found == {"police", "Tuesday"}


def test_what_was_not_answered_is_passed_over(filled: Pipeline) -> None:
    talk = Talk(filled)
    talk.ask(WHY)
    assert not talk.ask("when was that?").answerable
    assert texts(talk.ask("who said that?")) == ["Ruta Vansel"]


@pytest.mark.parametrize(
    "before", [(), ("Which team won the football?",), (WHY, "Which team won the football?")]
)
def test_without_an_answer_to_ask_about_it_is_a_question_to_the_reports(
    filled: Pipeline, before: tuple[str, ...]
) -> None:
    talk = Talk(filled)
    for question in before:
        talk.ask(question)
    reply = talk.ask("are you sure?")
    assert reply.note is None


def test_a_follow_up_in_messages_is_about_what_is_answered_again(filled: Pipeline) -> None:
    history = [Exchange("Hello there"), Exchange(WHY, said="Something or other")]
    reply = converse("who said that?", Filter(), filled, 1, history)
    assert texts(reply) == ["Ruta Vansel"]
    history.append(Exchange("who said that?", said="Ruta Vansel"))
    assert texts(converse("anything else?", Filter(), filled, 1, history)) == [SECOND]
    history.append(Exchange("anything else?"))
    last = converse("anything else?", Filter(), filled, 1, history)
    assert last.note == "The reports give no further answer."


@pytest.mark.parametrize("question", ["", "?!", "why " * 3000])
def test_whatever_stands_in_messages_does_no_harm(filled: Pipeline, question: str) -> None:
    reply = converse("who said that?", Filter(), filled, 1, [Exchange(question)])
    assert reply.standalone_question == "who said that?"


def test_a_follow_up_heeds_limits_that_make_no_sense(filled: Pipeline) -> None:
    history = [Exchange(WHY, answer(WHY, Filter(), filled, 1))]
    with pytest.raises(UnknownCollection):
        converse("are you sure?", Filter(collection="none"), filled, 1, history)
    with pytest.raises(QuestionEmpty):
        converse("?", Filter(), filled, 1, history)


@pytest.mark.parametrize(
    "question", ["who said that?", "when was that?", "show me the source", "are you sure?"]
)
def test_a_deleted_report_is_not_quoted_again(filled: Pipeline, question: str) -> None:
    talk = Talk(filled)
    first = talk.ask(WHY)
    for citation in first.citations:
        delete_document(filled.database, citation.document_id)
    reply = talk.ask(question)
    assert (reply.answers, reply.citations, reply.note) == ((), (), GONE)


def test_a_report_that_says_the_same_stays_where_the_other_is_deleted(filled: Pipeline) -> None:
    talk = Talk(filled)
    first = talk.ask(WHY)
    delete_document(filled.database, first.citations[1].document_id)
    reply = talk.ask("show me the source")
    assert [each.document_id for each in reply.citations] == [first.citations[0].document_id]


def test_rewriting_gets_no_quote_of_a_deleted_report(filled: Pipeline, given: Given) -> None:
    talk = Talk(filled)
    first = talk.ask(WHY)
    for citation in first.citations:
        delete_document(filled.database, citation.document_id)
    talk.ask("And then?")
    assert given[-1] == ("And then?", (Turn(WHY, WHY),))


class Deleting(WordReader):
    """Reads, and deletes a document while it does so."""

    def __init__(self, pipeline: Pipeline, document_id: str) -> None:
        super().__init__()
        self._pipeline, self._doomed = pipeline, [document_id]

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        while self._doomed:
            delete_document(self._pipeline.database, self._doomed.pop())
        return super().read(question, passages)


def test_a_report_deleted_while_a_follow_up_reads_it_is_not_quoted(filled: Pipeline) -> None:
    talk = Talk(filled)
    first = talk.ask(WHY)
    doomed = first.citations[0].document_id
    talk.pipeline = replace(filled, reader=Deleting(filled, doomed))
    reply = talk.ask("who said that?")
    assert reply.note == GONE
