import datetime
import re

import pytest

from index.types import Passage
from retrieval.answers.disagree import COUNTED, PLAIN, Disagreement, find_disagreement
from retrieval.types import Span

MISSING = "how many people are missing?"
HOUSES = "how many houses were flooded?"
BURNED = "how many vehicles were burned?"
NEED = "how much money is needed for repairs?"

Told = tuple[str, str, float]
"""A text, what of it the reader takes, and how sure it is."""


def find(
    question: str, *told: Told, days: tuple[int, ...] = (), most: int | None = None
) -> tuple[list[str], str | None]:
    """The figures that differ, as quoted, and the remark; a report a text, of day after day."""
    texts = list(dict.fromkeys(text for text, _, _ in told))
    dated = days or tuple(range(1, len(texts) + 1))
    dates = [datetime.date(2023, 3, day) if day else None for day in dated]
    passages = [
        Passage(n, f"doc_{n}", 0, len(text), text, "A report", date)
        for n, (text, date) in enumerate(zip(texts, dates, strict=True))
    ]
    spans = []
    for text, quote, confidence in sorted(told, key=lambda each: -each[2]):
        match = re.search(rf"(?<!\w){re.escape(quote)}(?!\w)", text)
        assert match
        spans.append(Span(texts.index(text), *match.span(), confidence))
    found = find_disagreement(question, spans, passages, 0.3, most)
    if found is None:
        return [], None
    firsts = [group[0] for group in found.groups]
    return [texts[each.passage][each.start : each.end] for each in firsts], found.remark


POLICE = "Police said four people were missing. The Rescue Service put the number at six."
LATER = "Police lowered the number of missing to seven after two people were found."


@pytest.mark.parametrize(
    ("question", "told", "figures"),
    [
        (
            MISSING,
            [(POLICE, "four", 0.4), (LATER, "seven", 0.3), (POLICE, "six", 0.1)],
            ["seven", "four", "six"],
        ),
        (
            HOUSES,
            [
                ("The council counted about 310 flooded houses.", "310", 0.6),
                ("Water had entered 640 houses by noon.", "640", 0.4),
            ],
            ["640", "310"],
        ),
        (
            "how many people died?",
            [
                ("The storm left 12 dead.", "12", 0.8),
                ("The number of deaths rose to 14.", "14", 0.4),
                ("The toll stands at 15 killed, she said.", "15", 0.4),
            ],
            ["15", "14", "12"],
        ),
        (
            "how old is Ruta Vansel?",
            [
                ("Ruta Vansel, 41, an engineer, declined.", "41", 0.8),
                ("The engineer Ruta Vansel is 43 years old.", "43 years old", 0.8),
            ],
            ["43 years old", "41"],
        ),
        (
            "how much did the repairs cost?",
            [
                ("The repairs cost 45 million crowns.", "45 million crowns", 0.8),
                ("The repairs will cost 70 million.", "70 million", 0.8),
            ],
            ["70 million", "45 million crowns"],
        ),
        (
            "how many people have returned?",
            [
                ("Some 2,900 people had returned, the council said. "
                 "The Rescue Service put the figure at about 2,400.", quote, sure)
                for quote, sure in (("2,900", 0.8), ("2,400", 0.3))
            ],
            ["2,900", "2,400"],
        ),
    ],
)  # fmt: skip
def test_different_figures_for_one_thing_differ(
    question: str, told: list[Told], figures: list[str]
) -> None:
    assert find(question, *told)[0] == figures


@pytest.mark.parametrize(
    ("question", "one", "quote", "other", "other_quote"),
    [
        # Another thing is counted.
        (BURNED, "120 vehicles were burned.", "120", "Three cars burned down.", "Three"),
        (BURNED, "120 vehicles were burned.", "120", "33 fire trucks were burned.", "33"),
        (MISSING, "Nine people are missing.", "Nine", "Three people were traced unhurt.", "Three"),
        (MISSING, "Nine people are missing.", "Nine", "His list of the missing has 8 names.", "8"),
        (MISSING, "Nine people are missing.", "Nine", "Nine missing; two boats came.", "two"),
        (HOUSES, "640 houses were flooded.", "640", "Power returned to 9,000 homes.", "9,000"),
        (HOUSES, "640 houses were flooded.", "640", "Ten wooden houses were flooded.", "Ten"),
        (HOUSES, "640 houses were flooded.", "640", "Claims for 980 houses came in.", "980"),
        # A part of it, or what it grew by.
        (HOUSES, "640 houses were flooded.", "640", "Another 20 houses were flooded.", "20"),
        (HOUSES, "640 houses were flooded.", "640", "Half of the 900 houses were flooded.", "900"),
        (MISSING, "Nine people are missing.", "Nine", "The number of missing rose by two.", "two"),
        (MISSING, "Nine people are missing.", "Nine", "Two of the missing people left.", "Two"),
        # Another place.
        (HOUSES, "640 houses were flooded.", "640", "30 houses were flooded in Millgate.", "30"),
        # The same amount.
        (HOUSES, "1,150 houses were flooded.", "1,150", "1 150 houses were flooded.", "1 150"),
        (HOUSES, "700 houses were flooded.", "700", "About 700 houses were flooded.", "About 700"),
        (MISSING, "Nine people are missing.", "Nine", "9 people are missing.", "9"),
        # What is needed is not what is given; money is not what is counted.
        (
            *(NEED, "The province has set aside 45 million crowns for repairs.", "45 million"),
            *("The town needs 70 million.", "70 million"),
        ),
        (HOUSES, "640 houses were flooded.", "640", "$90 for houses flooded.", "$90"),
        # What is not plain.
        (HOUSES, "640 houses were flooded.", "640", "30 to 40 houses were flooded.", "30 to 40"),
        ("who is missing?", "Nine people are missing.", "Nine", "Ten people are missing.", "Ten"),
    ],
)  # fmt: skip
def test_what_is_not_plainly_different_is_not_called_so(
    question: str, one: str, quote: str, other: str, other_quote: str
) -> None:
    assert find(question, (one, quote, 0.8), (other, other_quote, 0.8)) == ([], None)


def flooded(number: int, confidence: float = 0.8) -> Told:
    return f"The council counted {number} flooded houses.", str(number), confidence


def test_the_remark_names_figures_with_their_days_newest_first() -> None:
    told = [flooded(10), flooded(20, 0.4), flooded(30, 0.5), flooded(40), flooded(50, 0.6)]
    figures, remark = find(HOUSES, *told, days=(2, 4, 4, 0, 0))
    assert figures == ["30", "20", "10", "40", "50"]
    assert remark == (
        "Reports differ: 30 (4 March 2023), 20 (4 March 2023), 10 (2 March 2023), 40 (no date), "
        "50 (no date)."
    )


def test_one_report_may_give_the_figures_of_two_sources_but_not_two_of_its_own() -> None:
    text = "The council counted about 310 flooded houses. Police spoke of 400 flooded houses."
    told = [(text, "310", 0.8), (text, "400", 0.8)]
    assert find(HOUSES, *told) == (
        ["310", "400"],
        "One report gives different figures: about 310, 400 (1 March 2023).",
    )
    own = "At noon 310 houses were flooded. At night 400 houses were flooded."
    assert find(HOUSES, (own, "310", 0.8), (own, "400", 0.8)) == ([], None)


def test_a_figure_is_sure_enough_by_how_plain_it_is() -> None:
    assert find(HOUSES, flooded(10), flooded(20, PLAIN * 0.8))[0] == ["20", "10"]
    assert find(HOUSES, flooded(10), flooded(20, PLAIN * 0.8 - 0.01))[0] == []
    entered = "Water had entered 20 houses."
    assert find(HOUSES, flooded(10), (entered, "20", COUNTED * 0.8))[0] == ["20", "10"]
    assert find(HOUSES, flooded(10), (entered, "20", COUNTED * 0.8 - 0.01))[0] == []
    assert find(HOUSES, flooded(10, 0.29), flooded(20, 0.29))[0] == []


def test_reports_that_give_one_figure_are_one_answer_of_the_newest_day() -> None:
    told = [flooded(10), flooded(20), ("By night 10 houses were flooded.", "10", 0.4)]
    assert find(HOUSES, *told) == (
        ["10", "20"],
        "Reports differ: 10 (3 March 2023), 20 (2 March 2023).",
    )


def test_where_few_are_asked_for_the_surest_and_the_newest_are_shown() -> None:
    told = [flooded(10, 0.9), flooded(20), flooded(30), flooded(40)]
    assert find(HOUSES, *told, most=2) == (
        ["40", "10"],
        "Reports differ: 40 (4 March 2023), 10 (1 March 2023) and 2 more.",
    )
    assert find(HOUSES, *told, most=1)[0] == ["10"]


def test_those_that_differ_come_before_the_others() -> None:
    a, b, c, d = (Span(n, 0, 1, 0.5) for n in range(4))
    found = Disagreement([[c], [a]], "")
    assert found.put_first([[a, d], [b], [c]], 3) == [[c], [a], [b]]
    assert found.put_first([[a, d], [b], [c]], 2) == [[c], [a]]
    # The surest one is shown, whatever it is.
    assert found.put_first([[b], [a, d], [d]], 2) == [[c], [a], [b]]


def test_a_surer_answer_that_is_no_such_figure_hides_none_unless_few_are_asked_for() -> None:
    told = [("Claims for 980 houses came in.", "980", 0.9), flooded(10), flooded(20)]
    assert find(HOUSES, *told)[0] == ["20", "10"]
    assert find(HOUSES, *told, most=2) == ([], None)
