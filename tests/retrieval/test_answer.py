import datetime
import random
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings

from index.errors import UnknownCollection, UnknownDocument
from index.store.database import Database
from index.store.delete import delete_document
from index.store.lookup import get_text
from index.types import Filter, Passage
from retrieval.answer import CLOSEST_PASSAGES, answer, choose_answers, find_answers
from retrieval.conversation.history import as_turns
from retrieval.errors import QuestionEmpty, QuestionTooLong
from retrieval.types import Exchange, Pipeline, Reply, Span, Turn
from tests.factories import awkward_texts, store
from tests.fakes import HashEncoder, PhraseReader, WordReader

FLOOD = (
    "Heavy rain fell on the upper valley. The river Tharnock broke its dyke on Tuesday. Twelve "
    "people were hurt.\r\n\r\nThe mayor asked residents to leave."
)
FIRE = "A fire burned down the old mill. Nobody was hurt in the fire."


def ask(question: str, pipeline: Pipeline, limit: Filter | None = None, **options: int) -> Reply:
    """Ask, and check what holds for every reply."""
    reply = answer(question, limit or Filter(), pipeline, **options)
    check_quotes(reply, pipeline.database)
    assert reply.answerable == bool(reply.answers)
    assert 0 <= reply.confidence <= 1
    assert reply.question == question
    assert {"rewrite", "search", "read", "cite", "total"} <= reply.timings_ms.keys()
    return reply


def check_quotes(reply: Reply, database: Database) -> None:
    """Promise 1: every answer and citation stands in its document where it is said to."""
    with database.read() as connection:
        texts = {
            each.document_id: get_text(connection, each.document_id) for each in reply.citations
        }
    assert [citation.id for citation in reply.citations] == list(range(1, len(reply.citations) + 1))
    for citation in reply.citations:
        assert texts[citation.document_id][citation.start : citation.end] == citation.cited_text
        assert citation.cited_text
    used = []
    for found in reply.answers:
        used += found.citations
        first = reply.citations[found.citations[0] - 1]
        assert texts[first.document_id][found.start : found.end] == found.text
        assert found.text
        assert first.start <= found.start < found.end <= first.end
        assert 0 <= found.confidence <= 1
    if reply.answers:
        # Numbers appear in order, and only those that are used.
        assert list(dict.fromkeys(used)) == [citation.id for citation in reply.citations]


@pytest.fixture
def filled(pipeline: Pipeline) -> Pipeline:
    for text, day in ((FLOOD, 5), (FIRE, 7)):
        store(pipeline.database, pipeline.encoder, text, date=datetime.date(2022, 1, day))
    return pipeline


def test_a_question_is_answered_with_a_cited_quote(filled: Pipeline) -> None:
    reply = ask("When did the river break its dyke?", filled)
    assert reply.answers[0].text == "The river Tharnock broke its dyke on Tuesday."
    assert reply.confidence == reply.answers[0].confidence >= filled.threshold
    assert reply.citations[0].document_date == datetime.date(2022, 1, 5)


def test_the_question_is_read_without_white_space_at_its_ends(filled: Pipeline) -> None:
    reply = ask("  Who was hurt?\n", filled)
    assert reply.standalone_question == "Who was hurt?"


def test_what_the_reports_do_not_say_gets_the_closest_passages(filled: Pipeline) -> None:
    reply = ask("Which football team won the regional championship?", filled)
    assert not reply.answerable
    assert reply.answers == ()
    assert reply.confidence < filled.threshold
    assert {citation.cited_text for citation in reply.citations} == {FLOOD, FIRE}


def test_no_more_closest_passages_than_a_few(filled: Pipeline) -> None:
    for number in range(6):
        store(filled.database, filled.encoder, f"Report {number} on nothing much.")
    assert len(ask("Which team won?", filled).citations) == CLOSEST_PASSAGES


def test_the_threshold_decides_what_is_shown(filled: Pipeline) -> None:
    question = "Who was hurt in the mill on Tuesday?"
    confidence = ask(question, filled).confidence
    assert 0 < confidence < 1
    assert ask(question, replace(filled, threshold=confidence)).answerable
    above = ask(question, replace(filled, threshold=confidence + 0.0001))
    assert not above.answerable
    assert above.confidence == confidence


def test_no_more_answers_than_asked_for(filled: Pipeline) -> None:
    question = "Who was hurt?"
    every = ask(question, filled, max_answers=10)
    assert len(every.answers) > 1
    assert ask(question, filled, max_answers=1).answers == every.answers[:1]
    assert len(ask(question, filled, max_answers=1).citations) == len(every.answers[0].citations)


def test_the_same_words_in_two_reports_are_one_answer_with_two_citations(filled: Pipeline) -> None:
    store(filled.database, filled.encoder, "Later. Twelve people were hurt. The rain went on.")
    reply = ask("How many people were hurt?", filled)
    assert reply.answers[0].text == "Twelve people were hurt."
    assert len({reply.citations[n - 1].document_id for n in reply.answers[0].citations}) == 2


def test_the_filter_limits_answers_and_closest_passages(filled: Pipeline) -> None:
    limit = Filter(since=datetime.date(2022, 1, 6))
    assert ask("Who was hurt?", filled, limit).answers[0].text == "Nobody was hurt in the fire."
    reply = ask("Which dyke broke?", filled, limit)
    assert [citation.document_date for citation in reply.citations] == [datetime.date(2022, 1, 7)]


def test_a_pile_without_reports_does_not_say(pipeline: Pipeline) -> None:
    reply = ask("Who was hurt?", pipeline)
    assert (reply.answerable, reply.confidence, reply.citations) == (False, 0.0, ())


def test_what_cannot_be_asked_is_refused(filled: Pipeline) -> None:
    with pytest.raises(QuestionEmpty):
        answer("?", Filter(), filled)
    with pytest.raises(UnknownCollection):
        answer("Who?", Filter(collection="none"), filled)


def test_spans_are_found_also_for_a_question_that_users_may_not_ask(filled: Pipeline) -> None:
    question = "I should like to know it, and to know it soon. " * 60 + "Who was hurt?"
    with pytest.raises(QuestionTooLong):
        answer(question, Filter(), filled)
    found = find_answers(question, Filter(), filled, any_length=True)
    assert found.hits
    assert all(span.passage < len(found.hits) for span in found.spans)
    assert {"search", "read"} <= found.reply.timings_ms.keys()


def test_what_is_found_and_chosen_is_what_is_answered(filled: Pipeline) -> None:
    question = "How many people were hurt?"
    found = find_answers(question, Filter(), filled)
    passages = [hit.passage for hit in found.hits]
    assert found.chosen[0][0] == found.spans[0]
    quotes = [group[0] for group in found.chosen]
    texts = [passages[each.passage].text[each.start : each.end] for each in quotes]
    assert texts == [each.text for each in ask(question, filled).answers]


def test_a_further_answer_is_at_least_half_as_sure_as_the_first() -> None:
    texts = ["Twelve.", "Thirteen.", "Fourteen."]
    passages = [
        Passage(n, f"doc_{n}", 0, len(text), text, "", None) for n, text in enumerate(texts)
    ]
    surest = [(0, 0.8), (1, 0.4), (2, 0.39)]
    spans = [Span(n, 0, len(texts[n]), confidence) for n, confidence in surest]
    assert choose_answers(spans, passages, threshold=0.1) == [[spans[0]], [spans[1]]]
    assert choose_answers(spans, passages, threshold=0.1, max_answers=1) == [[spans[0]]]
    assert choose_answers(spans, passages, threshold=0.81) == []
    assert choose_answers([], [], threshold=0.0) == []


def test_the_same_question_gives_the_same_reply(filled: Pipeline) -> None:
    one, other = (ask("Who was hurt?", filled) for _ in range(2))
    assert replace(one, timings_ms={}) == replace(other, timings_ms={})


@given(awkward_texts())
@example(
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 river\r\n\r\n\ufeffThe river e\u0301 rose. \u202e"
)
@example("river" * 900)
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_quote_from_any_text_stands_where_it_is_said_to(
    pipeline: Pipeline, text: str
) -> None:
    text = f"\ufeff{text.replace(chr(0), '')} river. {text.replace(chr(0), '')}"
    document_id = store(pipeline.database, pipeline.encoder, text).document_id
    every = replace(pipeline, threshold=0.0)
    reply = ask("river", every, max_answers=50)
    assert reply.answerable
    assert not ask("river", replace(pipeline, threshold=1.1)).answerable
    delete_document(pipeline.database, document_id)


class Deleting(WordReader):
    """Reads, and deletes a document while it does so."""

    def __init__(self, database: Database, document_ids: list[str]) -> None:
        super().__init__()
        self._database = database
        self._doomed = document_ids
        self.read_times = 0

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        self.read_times += 1
        if self._doomed:
            delete_document(self._database, self._doomed.pop())
        return super().read(question, passages)


@pytest.mark.parametrize("question", ["How many people were hurt?", "Which team won?"])
def test_a_document_deleted_while_it_is_read_is_not_in_the_reply(
    filled: Pipeline, question: str
) -> None:
    texts = [f"Number {number}. Twelve people were hurt." for number in range(3)]
    doomed = [store(filled.database, filled.encoder, text).document_id for text in texts]
    reader = Deleting(filled.database, list(doomed))
    reply = ask(question, replace(filled, reader=reader))
    assert reader.read_times == 4
    assert not {citation.document_id for citation in reply.citations} & set(doomed)
    assert reply.citations


def test_a_reply_is_given_even_where_every_document_is_deleted_meanwhile(
    pipeline: Pipeline,
) -> None:
    only = store(pipeline.database, pipeline.encoder, FLOOD).document_id
    reply = ask("Who was hurt?", replace(pipeline, reader=Deleting(pipeline.database, [only])))
    assert (reply.answerable, reply.citations) == (False, ())


def test_no_reply_to_a_question_asked_after_a_deletion_names_the_deleted(
    pipeline: Pipeline,
) -> None:
    ids = [
        store(
            pipeline.database, pipeline.encoder, f"Twelve people were hurt at place {number}."
        ).document_id
        for number in range(25)
    ]
    deleted: set[str] = set()
    failures: list[object] = []
    asked = 0
    stop = threading.Event()

    def ask_on(seed: int) -> None:
        nonlocal asked
        draw = random.Random(seed)
        try:
            while not stop.is_set():
                gone = frozenset(deleted)
                question = f"How many were hurt at place {draw.randrange(25)}?"
                reply = answer(question, Filter(), pipeline, max_answers=25)
                failures.extend(
                    citation for citation in reply.citations if citation.document_id in gone
                )
                asked += 1
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=ask_on, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    random.Random(7).shuffle(ids)
    try:
        for document_id in ids[:20]:
            before = asked
            delete_document(pipeline.database, document_id)
            deleted.add(document_id)
            while asked < before + 3 and all(thread.is_alive() for thread in threads):
                stop.wait(0.005)
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert failures == []
    assert asked >= 60
    for document_id in ids[:20]:
        with pipeline.database.read() as connection, pytest.raises(UnknownDocument):
            get_text(connection, document_id)
    named = {each.document_id for each in ask("Who was hurt?", pipeline, max_answers=25).citations}
    assert named <= set(ids[20:])


def test_a_follow_up_is_answered_as_if_asked_in_full(pipeline: Pipeline) -> None:
    store(pipeline.database, pipeline.encoder, FLOOD)
    store(pipeline.database, pipeline.encoder, FIRE)
    history = [Turn("What did the fire burn?", quotes=("A fire burned down the old mill.",))]
    reply = answer("Was anyone hurt in it?", Filter(), pipeline, history=history)
    assert reply.question == "Was anyone hurt in it?"
    assert reply.standalone_question == "Was anyone hurt in the fire?"
    full = answer("Was anyone hurt in the fire?", Filter(), pipeline)
    assert reply.answers[0].text == full.answers[0].text == "Nobody was hurt in the fire."


def test_a_rewrite_that_is_too_long_to_be_read_is_not_made(pipeline: Pipeline) -> None:
    short = replace(pipeline, encoder=HashEncoder(max_pieces=8))
    history = [Turn("What did the smouldering fire burn?")]
    for question, standalone in (
        ("Was anyone hurt in it?", "Was anyone hurt in the smouldering fire?"),
        ("Was anyone at all hurt in it?", "Was anyone at all hurt in it?"),
    ):
        reply = answer(question, Filter(), short, history=history)
        assert reply.standalone_question == standalone


MISSING = {
    "Police said nine people were missing.": 15,
    "Police lowered the number of missing to seven.": 16,
    "Police said that four people were missing.": 14,
    "Three people came to look on.": 19,
}
READ = {"nine": 0.8, "seven": 0.3, "four": 0.35, "Three": 0.5}


@pytest.fixture
def differing(pipeline: Pipeline) -> Pipeline:
    for text, day in MISSING.items():
        date = datetime.date(2023, 3, day)
        store(pipeline.database, pipeline.encoder, text, date=date)
    return replace(pipeline, reader=PhraseReader({"How many people are missing": READ}))


def test_figures_that_differ_are_all_shown_newest_first(differing: Pipeline) -> None:
    reply = ask("How many people are missing?", differing)
    assert [each.text for each in reply.answers] == ["seven", "nine", "four"]
    assert reply.differ
    assert reply.note == (
        "Reports differ: seven (16 March 2023), nine (15 March 2023), four (14 March 2023)."
    )
    # The surest one's, though it is not the first.
    assert reply.confidence == reply.answers[1].confidence == 0.8
    days = [reply.citations[each.citations[0] - 1].document_date for each in reply.answers]
    assert days == [datetime.date(2023, 3, day) for day in (16, 15, 14)]


def test_other_answers_follow_as_many_as_are_asked_for(differing: Pipeline) -> None:
    reply = ask("How many people are missing?", differing, max_answers=4)
    assert [each.text for each in reply.answers] == ["seven", "nine", "four", "Three"]


def test_who_asks_for_few_answers_gets_the_surest_and_the_newest(differing: Pipeline) -> None:
    reply = ask("How many people are missing?", differing, max_answers=2)
    assert [each.text for each in reply.answers] == ["seven", "nine"]
    assert (reply.note or "").endswith("nine (15 March 2023) and 1 more.")
    only = ask("How many people are missing?", differing, max_answers=1)
    assert [each.text for each in only.answers] == ["nine"]


def test_answers_that_do_not_differ_are_surest_first(filled: Pipeline) -> None:
    reply = ask("How many people were hurt?", filled)
    assert (reply.differ, reply.note) == (False, None)
    sure = [each.confidence for each in reply.answers]
    assert sure == sorted(sure, reverse=True)


def test_of_answers_that_differ_the_surest_is_what_a_follow_up_goes_by(
    differing: Pipeline,
) -> None:
    reply = ask("How many people are missing?", differing)
    (turn,) = as_turns([Exchange(reply.question, reply)])
    assert turn.answers == ("nine", "four", "seven")
