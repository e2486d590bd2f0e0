import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from index.store.delete import delete_document
from index.store.edit import Edit, edit_document
from index.types import Filter, Passage
from retrieval.answer import answer, find_answers
from retrieval.converse import converse
from retrieval.snapshot import on_snapshot
from retrieval.types import Exchange, Pipeline, Reply, Span
from tests.factories import store
from tests.fakes import WordReader

DYKE = "The dyke broke at noon, said Ruta Vansel."
WHICH = "Which dyke broke at noon?"


class Meddling(WordReader):
    """Reads, and lets something happen the first times that it does so."""

    def __init__(self, happens: Callable[[], object], times: int = 1) -> None:
        super().__init__()
        self._happens, self._times = happens, times

    def read(self, question: str, passages: Sequence[Passage]) -> list[Span]:
        if self._times:
            self._times -= 1
            self._happens()
        return super().read(question, passages)


@pytest.fixture
def dyke(pipeline: Pipeline) -> str:
    day = datetime.date(2022, 1, 5)
    return store(pipeline.database, pipeline.encoder, DYKE, title="Dyke", date=day).document_id


@pytest.fixture
def begun() -> Iterator[list[str]]:
    """The transactions that are begun."""
    noted: list[str] = []

    def note(connection: object) -> None:
        noted.append(str(connection))

    event.listen(Engine, "begin", note)
    yield noted
    event.remove(Engine, "begin", note)


def test_a_reply_is_of_the_state_that_the_question_found(pipeline: Pipeline, dyke: str) -> None:
    def change() -> None:
        edit = Edit(title="Another", date=datetime.date(2023, 3, 17))
        edit_document(pipeline.database, pipeline.encoder, dyke, edit)
        text = "Later. The dyke broke at noon, said Ruta Vansel, and again at night."
        store(pipeline.database, pipeline.encoder, text)

    reply = answer(WHICH, Filter(), replace(pipeline, reader=Meddling(change)))
    (citation,) = reply.citations
    assert citation.document_title == "Dyke"
    assert citation.document_date == datetime.date(2022, 1, 5)
    after = answer(WHICH, Filter(), pipeline)
    assert {each.document_title for each in after.citations} > {"Another"}


def test_what_is_found_and_chosen_is_what_the_reply_shows(pipeline: Pipeline, dyke: str) -> None:
    store(pipeline.database, pipeline.encoder, "The dyke at noon. Nobody was there.")
    found = find_answers(WHICH, Filter(), replace(pipeline, threshold=0.1))
    quotes = [
        found.hits[group[0].passage].passage.text[group[0].start : group[0].end]
        for group in found.chosen
    ]
    assert quotes == [each.text for each in found.reply.answers]
    assert found.reading is not None
    assert found.spans == found.reading.weigh(pipeline.reader.weights)
    assert found.reply == replace(
        answer(WHICH, Filter(), replace(pipeline, threshold=0.1)), timings_ms=found.reply.timings_ms
    )
    assert dyke in {each.document_id for each in found.citations}


def test_a_report_deleted_meanwhile_is_not_cited(pipeline: Pipeline, dyke: str) -> None:
    other = store(pipeline.database, pipeline.encoder, "Report. The dyke broke at noon.")
    reader = Meddling(lambda: delete_document(pipeline.database, dyke))
    reply = answer(WHICH, Filter(), replace(pipeline, reader=reader))
    assert {each.document_id for each in reply.citations} == {other.document_id}


def test_work_is_done_again_only_where_what_is_cited_is_gone(pipeline: Pipeline, dyke: str) -> None:
    other = store(pipeline.database, pipeline.encoder, "Nothing of the kind.").document_id
    done = 0

    def work(seen: Pipeline) -> Reply:
        nonlocal done
        done += 1
        if done == 1:
            delete_document(pipeline.database, other)
        elif done == 2:
            delete_document(pipeline.database, dyke)
        # Work within the work is part of it.
        return on_snapshot(seen, lambda same: answer(WHICH, Filter(), same))

    assert [each.document_id for each in on_snapshot(pipeline, work).citations] == [dyke]
    assert done == 1
    assert on_snapshot(pipeline, work).citations == ()
    assert done == 3


@pytest.mark.parametrize("question", ["who said that?", "are you sure?", "anything else?", WHICH])
@pytest.mark.usefixtures("dyke")
def test_a_question_begins_three_transactions_whatever_it_asks(
    pipeline: Pipeline, begun: list[str], question: str
) -> None:
    history = [Exchange(WHICH, answer(WHICH, Filter(), pipeline))]
    begun.clear()
    converse(question, Filter(), pipeline, 3, history)
    # Is the index up to date, the snapshot, is what is cited still there.
    assert len(begun) == 3


@pytest.mark.usefixtures("dyke")
def test_a_limit_takes_no_more_than_two_searches_of_the_index(
    pipeline: Pipeline, begun: list[str]
) -> None:
    pipeline.index.catch_up()
    begun.clear()
    answer(WHICH, Filter(since=datetime.date(2022, 1, 1)), pipeline)
    assert len(begun) == 3 + 2
