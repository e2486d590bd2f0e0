import time

import pytest

from retrieval.dates.in_questions import find_asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What happened on January 5?", [("in", "January 5", "")]),
        ("what happened on 5 january 2022?", [("in", "5 january 2022", "")]),
        ("Who died 2022-01-05?", [("in", "2022-01-05", "")]),
        ("Who died on Jan. 5th?", [("in", "Jan. 5th", "")]),
        ("Who died on Tuesday, 14 March?", [("in", "Tuesday, 14 March", "")]),
        ("what happened in march?", [("in", "march", "")]),
        ("how many died in May?", [("in", "May", "")]),
        ("What broke in March 1987?", [("in", "March 1987", "")]),
        ("What was built in 1987?", [("in", "1987", "")]),
        ("What did the 1987 floods destroy?", [("in", "1987", "")]),
        ("What came of the 1990s protest?", [("in", "1990s", "")]),
        ("What happened at the end of March?", [("in", "end of March", "")]),
        ("how many since march?", [("since", "march", "")]),
        ("Who left after 15 March?", [("after", "15 March", "")]),
        ("Who left before 5 January?", [("before", "5 January", "")]),
        ("How many until March 15, 2023?", [("until", "March 15, 2023", "")]),
        ("What burned from 14 March onwards?", [("since", "14 March", "")]),
        ("Who left between March 1 and March 10?", [("to", "March 1", "March 10")]),
        ("Who left between march 1 and 10?", [("to", "march 1", "10")]),
        ("Who left from 5 to 8 January 2022?", [("to", "5", "8 January 2022")]),
        ("What burned January 5-8, 2022?", [("to", "January 5", "8, 2022")]),
        ("What burned from 1985 to 1987?", [("to", "1985", "1987")]),
        ("What sank in the last week of 1987?", [("in", "last week of 1987", "")]),
        ("Who won in the week of March 15?", [("in", "week of March 15", "")]),
        ("What happened today?", [("in", "today", "")]),
        ("What happened last night?", [("in", "last night", "")]),
        ("What did they say last Friday?", [("in", "last Friday", "")]),
        ("How many in the last three days?", [("in", "last three days", "")]),
        ("Who left on 5 January and on 7 March?", [("in", "5 January", ""), ("in", "7 March", "")]),
        ("How many in March 20 people?", [("in", "March", "")]),
        ("What happened on Tuesday?", [("in", "Tuesday", "")]),
        ("what burned on tuesday night?", [("in", "tuesday night", "")]),
        ("What broke Tuesday?", [("in", "Tuesday", "")]),
        ("What came of Tuesday's flood?", [("in", "Tuesday", "")]),
        ("Who left since Friday?", [("since", "Friday", "")]),
        ("What opens next Monday?", [("in", "next Monday", "")]),
        ("Who died two days ago?", [("in", "two days ago", "")]),
        ("Who returned over the weekend?", [("in", "the weekend", "")]),
        ("What rose in Q1 1987?", [("in", "Q1 1987", "")]),
        ("What rose in the first quarter?", [("in", "first quarter", "")]),
        ("What was the first quarter of 1987 like?", [("in", "first quarter of 1987", "")]),
        ("What fell in the summer of 1987?", [("in", "summer of 1987", "")]),
        ("What fell last winter?", [("in", "last winter", "")]),
        ("What fell in mid-March?", [("in", "mid-March", "")]),
        ("What fell since early 1987?", [("since", "early 1987", "")]),
        ("What fell on 5/1/2022?", [("in", "5/1/2022", "")]),
        ("What fell from 5.1.2022 to 8.1.2022?", [("to", "5.1.2022", "8.1.2022")]),
    ],
)
def test_what_says_when_is_found(question: str, asked: list[tuple[str, str, str]]) -> None:
    found = find_asked(question)
    assert [(each.link, each.first, each.last) for each in found] == asked
    for each in found:
        assert each.first in question[each.start : each.end]
        assert each.last in question[each.start : each.end]


NO_DATES = (
    "Why did the protests start?",
    "why did they march?",
    "who may leave?",
    "may 5 people enter?",
    "did the march 20 people joined end?",
    "How many of the 1,200 houses were flooded?",
    "What happened in 20 cities?",
    "Who owns the Boeing 737 and the F-16?",
    "What is wrong with model 1900?",
    "What does the Sunday Times say?",
    "What does USA Today say?",
    "What did Theresa May say?",
    "What was said by May?",
    "Who lives in March Street?",
    "What stood in 2000 houses?",
    "Who left since 2000 people came?",
    "How many of 2000 people left?",
    "Who won 3-2?",
    "Was it 10 to 12 people?",
    "Who left in the second half?",
    "Who scored in the second quarter of the match?",
    "Who plays in the first quarter final?",
    "What caused the fall of the dyke?",
    "What happened in the fall of Saigon?",
    "Who fell into the spring water?",
    "What is a 5/8 inch drill?",
    "What made 1987 tonnes?",
    "Who filmed March of the Penguins?",
    "Who works on Sundays?",
    "What was Black Monday?",
    "Who wrote Freaky Friday?",
    "What is new in version 5.1.2022?",
    "What is a weekend ticket?",
    "How long ago was it built?",
    "What did they do in the summer mornings?",
    "What kept him warm for the winter?",
    "Was it 128,000 week ago?",
    "",
)


@pytest.mark.parametrize("question", NO_DATES)
def test_what_only_looks_like_a_date_is_none(question: str) -> None:
    assert find_asked(question) == []


def test_a_question_without_a_date_costs_next_to_nothing() -> None:
    begun = time.process_time()
    for _ in range(10):
        for question in NO_DATES:
            find_asked(question)
    assert (time.process_time() - begun) / (10 * len(NO_DATES)) < 0.001
