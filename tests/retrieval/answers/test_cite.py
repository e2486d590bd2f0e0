import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import Document, Passage
from retrieval.answers.cite import Citations, cite_answers, cite_passages, sentences_around
from retrieval.types import Span
from tests.factories import awkward_texts

DAY = datetime.date(2022, 1, 5)


def make_document(number: int, text: str) -> Document:
    return Document(
        id=f"doc_{number}",
        collection="default",
        title=f"Report {number}",
        date=DAY,
        date_evidence="text",
        media_type="text/plain",
        sha256="",
        characters=len(text),
        passages=1,
        added_at="2024-06-15T00:00:00+00:00",
        has_original=True,
        sources=(f"/reports/{number}.txt", "/copies/a.txt"),
    )


def passage_of(number: int, text: str, start: int = 0, end: int | None = None) -> Passage:
    end = len(text) if end is None else end
    return Passage(number, f"doc_{number}", start, end, text[start:end], f"Report {number}", DAY)


TEXTS = {
    1: "Rain fell on Sunday. The river rose on Monday. Nobody was hurt.",
    2: "In the valley, the river rose on Monday. It broke its dyke.",
}
DOCUMENTS = {f"doc_{number}": make_document(number, text) for number, text in TEXTS.items()}


def test_a_citation_says_where_the_text_stands() -> None:
    citations = Citations(DOCUMENTS)
    passage = passage_of(1, TEXTS[1], start=21)
    assert citations.cite(passage, 0, 25) == 1
    (citation,) = citations.all()
    assert citation.cited_text == "The river rose on Monday."
    assert TEXTS[1][citation.start : citation.end] == citation.cited_text
    assert (citation.document_id, citation.document_title, citation.document_date) == (
        "doc_1",
        "Report 1",
        DAY,
    )
    assert (citation.source, citation.page) == ("/reports/1.txt", None)


def test_an_answer_that_says_when_has_its_day() -> None:
    passage = passage_of(1, TEXTS[1])
    days = []
    for quote in ("Monday", "Sunday. The river rose on Monday", "Nobody"):
        start = TEXTS[1].index(quote)
        groups = [[Span(0, start, start + len(quote), 0.9)]]
        (answer,) = cite_answers(groups, [passage], Citations(DOCUMENTS))
        assert answer.text == quote
        days.append(answer.date)
    assert days == [datetime.date(2022, 1, 3), None, None]


def test_numbers_count_from_1_in_order_of_appearance() -> None:
    citations = Citations(DOCUMENTS)
    one, two = passage_of(1, TEXTS[1]), passage_of(2, TEXTS[2])
    assert [citations.cite(two, 0, 5), citations.cite(one, 0, 5), citations.cite(two, 6, 9)] == [
        1,
        2,
        3,
    ]
    assert [citation.id for citation in citations.all()] == [1, 2, 3]


def test_the_same_place_keeps_its_number_whatever_passage_it_is_reached_by() -> None:
    citations = Citations(DOCUMENTS)
    assert citations.cite(passage_of(1, TEXTS[1]), 21, 46) == 1
    assert citations.cite(passage_of(1, TEXTS[1], start=21), 0, 25) == 1
    assert len(citations.all()) == 1


def test_an_answer_is_cited_with_the_sentence_around_it() -> None:
    citations = Citations(DOCUMENTS)
    passages = [passage_of(1, TEXTS[1])]
    start = TEXTS[1].index("on Monday")
    (answer,) = cite_answers([[Span(0, start, start + 9, 0.9)]], passages, citations)
    assert (answer.text, answer.confidence, answer.citations) == ("on Monday", 0.9, (1,))
    assert TEXTS[1][answer.start : answer.end] == "on Monday"
    assert citations.all()[0].cited_text == "The river rose on Monday."


def test_one_answer_is_cited_with_every_place_that_says_it() -> None:
    citations = Citations(DOCUMENTS)
    passages = [passage_of(1, TEXTS[1]), passage_of(2, TEXTS[2])]
    spans = [
        Span(number, (at := passage.text.index("on Monday")), at + 9, 0.9 - number / 10)
        for number, passage in enumerate(passages)
    ]
    (answer,) = cite_answers([list(reversed(spans))], passages, citations)
    assert answer.confidence == spans[1].confidence
    assert TEXTS[2][answer.start : answer.end] == answer.text
    assert answer.citations == (1, 2)
    assert [citation.document_id for citation in citations.all()] == ["doc_2", "doc_1"]


def test_two_answers_in_one_sentence_share_its_citation() -> None:
    citations = Citations(DOCUMENTS)
    passages = [passage_of(1, TEXTS[1])]
    groups = [[Span(0, 21, 30, 0.9)], [Span(0, 31, 35, 0.8)]]
    first, second = cite_answers(groups, passages, citations)
    assert (first.text, second.text) == ("The river", "rose")
    assert first.citations == second.citations == (1,)
    assert len(citations.all()) == 1


def test_two_places_in_one_sentence_are_one_citation_of_the_answer() -> None:
    citations = Citations(DOCUMENTS)
    groups = [[Span(0, 21, 30, 0.9), Span(0, 31, 35, 0.8)]]
    (answer,) = cite_answers(groups, [passage_of(1, TEXTS[1])], citations)
    assert answer.citations == (1,)


def test_a_passage_is_cited_whole() -> None:
    citations = Citations(DOCUMENTS)
    cite_passages([passage_of(2, TEXTS[2]), passage_of(1, TEXTS[1], start=21)], citations)
    assert [citation.cited_text for citation in citations.all()] == [TEXTS[2], TEXTS[1][21:]]


@pytest.mark.parametrize(
    ("start", "end", "around"),
    [
        (0, 4, "Rain fell."),
        (5, 15, "Rain fell. Rivers rose."),
        (11, 23, "Rivers rose."),
        (22, 25, "Rivers rose. Why?"),
        (10, 11, " "),  # the space between two sentences is in neither
    ],
)
def test_the_sentences_around_a_range(start: int, end: int, around: str) -> None:
    text = "Rain fell. Rivers rose. Why?"
    first, last = sentences_around(text, start, end)
    assert text[first:last] == around


@given(awkward_texts(), st.data())
@settings(deadline=None)
def test_the_sentences_around_a_range_hold_it_whole(text: str, data: st.DataObject) -> None:
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = sentences_around(text, start, end)
    assert 0 <= first <= start < end <= last <= len(text)


@given(awkward_texts(), st.data())
@settings(deadline=None)
def test_every_quote_stands_where_it_is_said_to(text: str, data: st.DataObject) -> None:
    text = f"x{text}"
    begin = data.draw(st.integers(0, len(text) - 1))
    finish = data.draw(st.integers(begin + 1, len(text)))
    passage = passage_of(1, text, begin, finish)
    length = finish - begin
    start = data.draw(st.integers(0, length - 1))
    end = data.draw(st.integers(start + 1, length))
    citations = Citations({"doc_1": make_document(1, text)})
    (answer,) = cite_answers([[Span(0, start, end, 0.5)]], [passage], citations)
    (citation,) = citations.all()
    assert text[answer.start : answer.end] == answer.text == passage.text[start:end]
    assert text[citation.start : citation.end] == citation.cited_text
    assert citation.start <= answer.start < answer.end <= citation.end
    assert answer.text in citation.cited_text
