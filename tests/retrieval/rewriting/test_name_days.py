import datetime

import pytest

from index.types import Filter
from retrieval.rewriting.name_days import name_days
from retrieval.types import Pipeline, Turn
from tests.factories import store

ASKED = Turn("how many were missing on 15 March 2023?")


@pytest.fixture
def filled(pipeline: Pipeline) -> Pipeline:
    day = datetime.date(2023, 3, 15)
    store(pipeline.database, pipeline.encoder, "Nine are missing.", date=day)
    return pipeline


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("and the day after?", "and on 16 March 2023?"),
        ("And the next day?", "And on 16 March 2023?"),
        ("who left the following day?", "who left on 16 March 2023?"),
        ("and the day before?", "and on 14 March 2023?"),
        ("and two days later?", "and on 17 March 2023?"),
        ("how many a week earlier?", "how many on 8 March 2023?"),
        ("and on Friday?", "and on 17 March 2023?"),
        ("what about monday?", "what about on 13 March 2023?"),
        ("who left the day after the flood?", "who left the day after the flood?"),
        ("what is the next day ticket?", "what is the next day ticket?"),
        ("who left on Friday?", "who left on Friday?"),
    ],
)
def test_a_day_is_counted_from_the_one_asked_for_last(
    filled: Pipeline, question: str, named: str
) -> None:
    assert name_days(question, [ASKED], Filter(), filled.database) == named


def test_it_is_counted_from_the_answers_day_where_none_was_asked_for(filled: Pipeline) -> None:
    said = Turn("when was it lifted?", day=datetime.date(2023, 3, 18))
    named = name_days("and the next day?", [said], Filter(), filled.database)
    assert named == "and on 19 March 2023?"


@pytest.mark.parametrize("history", [[], [Turn("who left?")]])
def test_without_a_day_to_count_from_nothing_changes(filled: Pipeline, history: list[Turn]) -> None:
    assert name_days("the next day?", history, Filter(), filled.database) == "the next day?"


def test_the_calendar_has_an_end(filled: Pipeline) -> None:
    last = Turn("when?", day=datetime.date.max)
    assert name_days("the next day?", [last], Filter(), filled.database) == "the next day?"
