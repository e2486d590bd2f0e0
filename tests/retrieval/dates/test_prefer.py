from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from index.types import Filter, Passage
from retrieval.answer import answer
from retrieval.dates.period import Period
from retrieval.dates.prefer import When, favour, put_first, remark, understand_dates
from retrieval.search.rerank import READ_PASSAGES
from retrieval.types import Hit, Pipeline, Reply, Span
from tests.factories import store

FIFTH = datetime.date(2022, 1, 5)
ON_THE_FIFTH = When((Period(FIFTH, FIFTH, datetime.date(2022, 1, 8)),), "January 5")


def hit(number: int, date: str | None = None, text: str = "Rain fell.") -> Hit:
    day = None if date is None else datetime.date.fromisoformat(date)
    passage = Passage(number, f"doc_{number}", 0, len(text), text, "A report", day)
    return Hit(passage, 1 - number / 100, 0.5, 1.0)


@pytest.mark.parametrize(
    ("date", "text", "tells"),
    [
        ("2022-01-05", "Rain fell.", True),
        ("2022-01-08", "Rain fell.", True),
        ("2022-01-09", "Rain fell.", False),
        ("2022-01-04", "Rain fell.", False),
        (None, "Rain fell.", False),
        ("2022-06-30", "It began on January 5.", True),
        ("2023-06-30", "It began on January 5.", False),
        ("2023-06-30", "It began on 5 January 2022.", True),
        (None, "It began on 5 January 2022.", True),
        (None, "It began on 5 January.", False),
        ("2022-01-09", "It began on Wednesday.", False),
    ],
)
def test_a_passage_tells_of_a_day(date: str | None, text: str, tells: bool) -> None:
    assert ON_THE_FIFTH.tells(hit(1, date, text).passage) is tells


def test_what_tells_of_the_time_is_read_first_and_the_best_of_all_too() -> None:
    dates = [None, "2022-01-06", *[None] * 15, *["2022-01-05"] * 9]
    hits = [hit(number, date) for number, date in enumerate(dates)]
    read = put_first(hits, ON_THE_FIFTH, READ_PASSAGES)
    assert [each.passage.id for each in read] == [1, 17, 18, 19, 20, 21, 22, 23, 0, 2]
    # Their scores are as they were found: the date does not make a passage any better.
    assert all(each in hits for each in read)


def test_without_any_that_tells_the_order_is_as_found() -> None:
    hits = [hit(number) for number in range(READ_PASSAGES + 5)]
    assert put_first(hits, ON_THE_FIFTH, READ_PASSAGES) == hits[:READ_PASSAGES]


def test_a_span_from_elsewhere_is_less_sure_where_the_time_has_an_answer() -> None:
    hits = [hit(0, "2022-01-05"), hit(1)]
    spans = [Span(1, 0, 4, 0.7), Span(0, 0, 4, 0.4)]
    # exp(ln(0.7 / 0.3) - 2) to one.
    assert favour(spans, hits, ON_THE_FIFTH, 0.4) == [spans[1], Span(1, 0, 4, 0.24)]
    assert favour(spans, hits, ON_THE_FIFTH, 0.5) == spans
    for confidence in (0.0, 1.0):
        sure = [Span(0, 0, 4, 0.5), Span(1, 0, 4, confidence)]
        (less,) = (each for each in favour(sure, hits, ON_THE_FIFTH, 0.4) if each.passage == 1)
        assert less.confidence <= confidence
    assert favour([], [], ON_THE_FIFTH, 0.5) == []


def test_what_came_of_the_time_is_said() -> None:
    inside, outside, named = hit(0, "2022-01-05"), hit(1), hit(2, None, "On 5 January 2022 it fell")
    period = "of 5 to 8 January 2022"
    assert remark(ON_THE_FIFTH, [inside, outside], []) == f"Reports {period} come first."
    best = [Span(0, 0, 4, 0.9)]
    assert remark(ON_THE_FIFTH, [inside, outside], best) == f"Reports {period} come first."
    assert remark(ON_THE_FIFTH, [outside, inside], best) == (
        f"Reports {period} do not say: this is from others."
    )
    assert remark(ON_THE_FIFTH, [outside], best) == (
        f"No report {period} was found for this: the date changes nothing."
    )
    assert remark(ON_THE_FIFTH, [outside, named], best) == (
        f"No report {period} was found for this: the date changes nothing."
    )
    assert remark(ON_THE_FIFTH, [named, outside], best) == (
        f"No report {period} was found for this: what names such a day comes first."
    )


MISSING = {14: "Four people were missing.", 15: "Nine people were missing."}


@pytest.fixture
def filled(pipeline: Pipeline) -> Pipeline:
    for day, text in MISSING.items():
        date = datetime.date(2023, 3, day)
        store(pipeline.database, pipeline.encoder, text, date=date)
    store(pipeline.database, pipeline.encoder, "Ten were missing in a fire.", collection="fires")
    # Nobody is missing here, and it is of another year.
    fire = "The mill burned down."
    store(pipeline.database, pipeline.encoder, fire, date=datetime.date(2022, 1, 5))
    # The fake reader misses the words of the date in what is not a date's.
    return replace(pipeline, threshold=0.3)


def ask(question: str, pipeline: Pipeline, limit: Filter | None = None) -> Reply:
    return answer(question, limit or Filter(), pipeline)


def test_the_answer_of_the_day_asked_for_comes_first(filled: Pipeline) -> None:
    for words, first, note in (
        ("on March 15", MISSING[15], "Reports of 15 March 2023 come first."),
        ("until March 14", MISSING[14], "Reports until 14 March 2023 come first."),
        ("today", MISSING[15], "Reports of 15 March 2023 come first."),
    ):
        question = f"How many people were missing {words}?"
        reply = ask(question, filled)
        assert (reply.answers[0].text, reply.note) == (first, note)
        assert reply.standalone_question == question
        confidences = [each.confidence for each in reply.answers]
        assert confidences == sorted(confidences, reverse=True)


def test_a_question_without_a_date_is_answered_as_ever(
    filled: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "How many people were missing?"
    reply = ask(question, filled)
    assert reply.note is not None
    assert reply.note.startswith("Reports differ: ")  # no word on how a date was understood
    monkeypatch.setattr("retrieval.answer.understand_dates", lambda *_: None)
    assert replace(ask(question, filled), timings_ms={}) == replace(reply, timings_ms={})


def test_where_no_report_is_of_the_time_the_answer_is_as_before(
    filled: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "Were people missing in 1987?"
    reply = ask(question, filled)
    assert reply.answerable
    assert reply.note == "No report of 1987 was found for this: the date changes nothing."
    monkeypatch.setattr("retrieval.answer.understand_dates", lambda *_: None)
    before = replace(ask(question, filled), timings_ms={})
    assert replace(reply, note=None, timings_ms={}) == before


def test_where_the_reports_of_the_time_do_not_say_others_do(filled: Pipeline) -> None:
    reply = ask("How many people were missing on 5 January 2022?", filled)
    assert {each.text for each in reply.answers} <= set(MISSING.values())
    if reply.answerable:
        assert (reply.note or "").endswith("do not say: this is from others.")
    else:
        assert reply.citations[0].document_date == FIFTH


def test_limits_stay_and_the_reports_within_are_the_world(filled: Pipeline) -> None:
    limit = Filter(until=datetime.date(2023, 3, 14))
    reply = ask("How many people were missing today?", filled, limit)
    assert reply.note == "Reports of 14 March 2023 come first."
    assert {each.document_date for each in reply.citations} <= {
        *(datetime.date(2023, 3, 14), FIFTH),
    }
    # None of the reports bears a date: there is no today.
    assert ask("Who was missing today?", filled, Filter(collection="fires")).note is None


def test_a_date_in_figures_is_read_as_the_one_that_reports_are_of(filled: Pipeline) -> None:
    when = understand_dates("Who was missing on 5/1/2022?", Filter(), filled.database)
    assert when is not None
    assert [period.first for period in when.periods] == [datetime.date(2022, 1, 5)]
    note = ask("Who was missing on 5/1/2022?", filled).note
    assert note is not None
    assert note.startswith(
        "5/1/2022 is read as 5 January 2022, not as 1 May 2022: reports are of then alone. "
    )


def test_where_reports_are_of_neither_or_both_a_date_in_figures_is_read_both_ways(
    filled: Pipeline,
) -> None:
    for asked in ("on 1/2/2020", "since 5/1/2022"):
        when = understand_dates(f"Who was missing {asked}?", Filter(), filled.database)
        assert when is not None
        assert len(when.periods) == 2
        assert " and as " in when.reading


def test_a_weekday_asked_for_is_told_of_by_reports_that_name_it(filled: Pipeline) -> None:
    when = understand_dates("Who was missing on Tuesday?", Filter(), filled.database)
    assert when is not None
    assert when.periods[0].first == datetime.date(2023, 3, 14)


def test_the_words_of_the_date_are_true_of_what_tells_of_the_time(filled: Pipeline) -> None:
    when = understand_dates("Who was missing on January 5?", Filter(), filled.database)
    assert when is not None
    assert when.said_of([hit(0, "2022-01-05"), hit(1)]) == ["January 5", ""]
