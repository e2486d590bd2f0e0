import contextlib
import datetime

import pytest

from index.errors import UnknownCollection, UnknownDocument
from index.search.search_index import LocalSearchIndex
from index.store.database import Database
from index.store.delete import delete_document
from index.types import Filter, Vector
from retrieval.errors import PeriodEmpty, QuestionEmpty, QuestionTooLong
from retrieval.search.hybrid import MAX_QUESTION_CHARACTERS, search, search_any_length
from retrieval.types import Hit
from tests.factories import store
from tests.fakes import HashEncoder

REPORTS = {
    "river": ("news", 5, "The river Tharnock rose by four metres. A dyke broke."),
    "mill": ("news", 6, "A fire burned down a mill. The river was too low to help."),
    "strike": ("briefings", 7, "Drivers of the northern depots went on strike."),
    "undated": ("briefings", None, "The river froze over in a winter of long ago."),
}


def day(number: int) -> datetime.date:
    return datetime.date(2022, 1, number)


class Shelf:
    """Reports and a search over them."""

    def __init__(self, database: Database, encoder: HashEncoder, index: LocalSearchIndex) -> None:
        self.database, self.encoder, self.index = database, encoder, index
        self.names = {
            store(
                database,
                encoder,
                text,
                collection=collection,
                date=None if date is None else day(date),
            ).document_id: name
            for name, (collection, date, text) in REPORTS.items()
        }

    def search(self, question: str, limit: Filter | None = None, count: int = 10) -> list[Hit]:
        return search(
            question,
            limit or Filter(),
            count,
            database=self.database,
            encoder=self.encoder,
            index=self.index,
        )

    def find(self, question: str, limit: Filter | None = None, count: int = 10) -> list[str]:
        return [self.names[hit.passage.document_id] for hit in self.search(question, limit, count)]


@pytest.fixture
def shelf(database: Database, encoder: HashEncoder, index: LocalSearchIndex) -> Shelf:
    return Shelf(database, encoder, index)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Which dyke broke?", "river"),
        ("What did the fire burn down?", "mill"),
        ("Who went on strike?", "strike"),
        ("In what winter did the river freeze?", "undated"),
    ],
)
def test_the_passage_that_shares_most_with_the_question_comes_first(
    shelf: Shelf, question: str, best: str
) -> None:
    assert shelf.find(question)[0] == best


@pytest.mark.parametrize(
    ("limit", "names"),
    [
        (Filter(), {"river", "mill", "strike", "undated"}),
        (Filter(collection="news"), {"river", "mill"}),
        (Filter(since=day(6)), {"mill", "strike"}),
        (Filter(until=day(6)), {"river", "mill"}),
        (Filter(since=day(6), until=day(6)), {"mill"}),
        (Filter("briefings", since=day(1)), {"strike"}),
        (Filter(since=day(20)), set()),
    ],
)
def test_only_passages_within_the_filter_are_found(
    shelf: Shelf, limit: Filter, names: set[str]
) -> None:
    assert set(shelf.find("the river", limit)) == names


def test_scores_fall_and_lie_between_0_and_1(shelf: Shelf) -> None:
    hits = shelf.search("Did the river rise?")
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    question = shelf.encoder.embed_question("Did the river rise?")
    for hit in hits:
        read = shelf.encoder.embed_question(_read(hit))
        assert hit.cosine == pytest.approx(float(question @ read), abs=1e-5)
        assert (hit.bm25 > 0) == (" river " in hit.passage.text)


def _read(hit: Hit) -> str:
    date = hit.passage.date
    dated = "" if date is None else f" ({date.day} {date:%B} {date.year})"
    return f"{hit.passage.title}{dated}. {hit.passage.text}"


def test_no_more_are_found_than_asked_for(shelf: Shelf) -> None:
    whole = shelf.search("the river")
    assert [shelf.search("the river", count=count) for count in (0, 1, 3)] == [
        whole[:0],
        whole[:1],
        whole[:3],
    ]


def test_ties_are_ordered_by_id(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex
) -> None:
    for name in ("c", "a", "b"):
        store(database, encoder, "The river rose.", collection=name)
    hits = search(
        "Did the river rise?", Filter(), 10, database=database, encoder=encoder, index=index
    )
    assert [hit.passage.id for hit in hits] == [1, 2, 3]


def test_what_was_just_stored_is_found_and_what_was_just_deleted_is_not(shelf: Shelf) -> None:
    question = "Which bridge fell?"
    stored = store(shelf.database, shelf.encoder, "The bridge at Ambry fell.")
    assert shelf.search(question)[0].passage.document_id == stored.document_id
    delete_document(shelf.database, stored.document_id)
    assert stored.document_id not in {hit.passage.document_id for hit in shelf.search(question)}


def test_a_document_deleted_in_the_middle_of_a_search_is_not_found(shelf: Shelf) -> None:
    river = next(number for number, name in shelf.names.items() if name == "river")

    class Deleting:
        """The index, with a deletion between its answer and the database's."""

        def __init__(self, index: LocalSearchIndex) -> None:
            self._index = index

        def __getattr__(self, name: str) -> object:
            return getattr(self._index, name)

        def cosines(self, vector: Vector, passage_ids: list[int]) -> dict[int, float]:
            found = self._index.cosines(vector, passage_ids)
            with contextlib.suppress(UnknownDocument):
                delete_document(shelf.database, river)
            return found

    hits = search(
        "Did the river rise?",
        Filter(),
        10,
        database=shelf.database,
        encoder=shelf.encoder,
        index=Deleting(shelf.index),  # type: ignore[arg-type]
    )
    assert {shelf.names[hit.passage.document_id] for hit in hits} == {"mill", "strike", "undated"}


def test_an_unknown_collection_is_told_with_those_there_are(shelf: Shelf) -> None:
    with pytest.raises(UnknownCollection) as caught:
        shelf.search("the river", Filter(collection="none"))
    assert str(caught.value) == "no collection is named 'none' (there are: briefings, news)"


@pytest.mark.parametrize("question", ["", " \n", "?!", "\u200b\ufeff", "\U0001f600"])
def test_a_question_without_a_letter_or_digit_is_refused(shelf: Shelf, question: str) -> None:
    with pytest.raises(QuestionEmpty):
        shelf.search(question)


def test_a_question_with_too_many_characters_is_refused(shelf: Shelf) -> None:
    longest = "a" * MAX_QUESTION_CHARACTERS
    assert len(shelf.search(longest)) == 4
    with pytest.raises(QuestionTooLong, match=r"2,001 characters, 2,000 are the most"):
        shelf.search(longest + "a")


def test_a_question_with_too_many_word_pieces_is_refused(shelf: Shelf) -> None:
    longest = "ab " * shelf.encoder.max_pieces
    assert len(shelf.search(longest)) == 4
    with pytest.raises(QuestionTooLong, match=r"255 word pieces, 254 are the most"):
        shelf.search(longest + "ab")


def any_length(shelf: Shelf, question: str) -> list[Hit]:
    return search_any_length(
        question,
        Filter(),
        10,
        database=shelf.database,
        encoder=shelf.encoder,
        index=shelf.index,
    )


def test_a_question_of_any_length_is_searched_for_where_that_is_asked_for(shelf: Shelf) -> None:
    question = "Rain fell for days and days upon the valley. " * 60 + "Who went on strike?"
    hits = any_length(shelf, question)
    assert [shelf.names[hit.passage.document_id] for hit in hits if hit.bm25] == ["strike"]
    assert any_length(shelf, "Which dyke broke?") == shelf.search("Which dyke broke?")
    with pytest.raises(QuestionEmpty):
        any_length(shelf, "?" * 3_000)


def test_a_period_without_a_day_is_refused(shelf: Shelf) -> None:
    with pytest.raises(PeriodEmpty, match="since 2022-01-07 and until 2022-01-06"):
        shelf.search("the river", Filter(since=day(7), until=day(6)))


@pytest.mark.parametrize(
    "question", ['"river" AND (NOT dyke', "title:river", "r\u0131ver \u202e 1"]
)
def test_odd_signs_in_a_question_are_harmless(shelf: Shelf, question: str) -> None:
    assert len(shelf.search(question)) == 4


def test_an_empty_database_gives_nothing(
    database: Database, encoder: HashEncoder, index: LocalSearchIndex
) -> None:
    assert search("river", Filter(), 5, database=database, encoder=encoder, index=index) == []


def test_the_same_question_gives_the_same_hits(shelf: Shelf) -> None:
    assert shelf.search("Did the river rise?") == shelf.search("Did the river rise?")
