import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest

from index.store.delete import delete_document
from retrieval.about_answers.time import say_when
from retrieval.types import Pipeline, Reply
from tests.fakes import PhraseReader
from tests.retrieval.about_answers.conftest import MakeReply

Check = Callable[[Reply], Reply]
TEXT = (
    "The inquiry opened on Friday. The dyke that had been mended in May broke on Tuesday because "
    "its core was soft. The mayor left."
)


def when(
    pipeline: Pipeline, last: Reply, phrases: dict[str, dict[str, float]] | None = None
) -> tuple[Reply, list[str]]:
    reader = PhraseReader(phrases or {"When": {}})
    return say_when("when was that?", last, replace(pipeline, reader=reader)), reader.asked


def test_a_question_why_is_asked_again_as_when_of_its_passage_its_sentence_first(
    pipeline: Pipeline, make_reply: MakeReply, check: Check
) -> None:
    last = make_reply(TEXT, "its core was soft", question="why did the dyke break?")
    found = {"When did the dyke break?": {"The mayor": 0.99, "Friday": 0.9, "Tuesday": 0.8}}
    reply, asked = when(pipeline, last, found)
    assert asked == ["When did the dyke break?"]
    assert check(reply).answers[0].text == "Tuesday"
    assert reply.confidence == 0.8
    assert reply.standalone_question == "When did the dyke break?"
    assert reply.citations[0].cited_text.startswith("The dyke that")
    assert reply.note == "The report is dated 17 March 2023."
    assert reply.answers[0].date == datetime.date(2023, 3, 14)


def test_a_date_in_the_answers_own_clause_comes_before_what_the_reader_says(
    pipeline: Pipeline, make_reply: MakeReply, check: Check
) -> None:
    text = "Residents had warned of damp in February, but the authority got two letters on Friday."
    last = make_reply(text, "two letters", question="how many letters were there?")
    reply, _ = when(pipeline, last, {"When did this happen": {"February": 0.9, "Friday": 0.2}})
    assert check(reply).answers[0].text == "Friday"


@pytest.mark.parametrize(
    ("found", "date", "confidence"),
    [
        ({"Tuesday": 0.3, "May": 0.2}, "Tuesday", 0.5),
        ({"Tuesday": 0.2, "May": 0.7}, "May", 0.7),
        # The nearest to the answer, where the reader has no opinion.
        ({}, "Tuesday", 0.5),
        ({"Friday": 0.9}, "Tuesday", 0.5),
    ],
)
def test_a_date_in_the_cited_sentence_will_do(
    pipeline: Pipeline,
    make_reply: MakeReply,
    check: Check,
    found: dict[str, float],
    date: str,
    confidence: float,
) -> None:
    last = make_reply(TEXT, "its core was soft", question="what was soft?")
    reply, _ = when(pipeline, last, {"When did this happen: The dyke": found})
    assert check(reply).answers[0].text == date
    assert reply.confidence == confidence
    assert reply.standalone_question == 'When was "its core was soft"?'


@pytest.mark.parametrize("question", ["why did the mayor leave?", "who left?"])
def test_without_a_date_the_reports_own_is_told_as_such(
    pipeline: Pipeline, make_reply: MakeReply, check: Check, question: str
) -> None:
    last = make_reply(TEXT, "The mayor left", question=question)
    reply, _ = when(pipeline, last, {"When": {"Friday": 0.4}})
    assert check(reply).answers == ()
    assert reply.note == (
        "The passage does not say when. The day named before it is 14 March 2023. "
        "The report is dated 17 March 2023."
    )


def test_a_report_without_a_date_says_so(pipeline: Pipeline, make_reply: MakeReply) -> None:
    reply, _ = when(pipeline, make_reply(TEXT, "The mayor left", day=None))
    assert reply.note == "The passage does not say when. The report bears no date."


def test_an_answer_that_is_a_date_is_that_date(
    pipeline: Pipeline, make_reply: MakeReply, check: Check
) -> None:
    last = make_reply("It broke on Tuesday.", "Tuesday", day=datetime.date(2023, 3, 14))
    reply, _ = when(pipeline, last)
    assert check(reply).answers[0].text == "Tuesday"
    assert reply.note == "The report is dated 14 March 2023."


def test_a_report_deleted_meanwhile_says_nothing(pipeline: Pipeline, make_reply: MakeReply) -> None:
    last = make_reply(TEXT, "its core was soft")
    delete_document(pipeline.database, last.citations[0].document_id)
    assert when(pipeline, last)[0].answers == ()
