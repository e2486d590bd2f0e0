import pytest
from hypothesis import given

from retrieval.english.numbers import agree, read_figures, same_figure
from tests.factories import awkward_texts


@pytest.mark.parametrize(
    ("text", "value", "unit", "shown"),
    [
        ("1,150", 1150, "", "1,150"),
        ("1 150 houses", 1150, "", "1 150"),
        ("1\u00a0150", 1150, "", "1\u00a0150"),
        ("1,150,000", 1_150_000, "", "1,150,000"),
        ("1,2 mln", 1_200_000, "", "1,2 mln"),
        ("12 dead", 12, "", "12"),
        ("Nine missing", 9, "", "Nine"),
        ("twenty-three", 23, "", "twenty-three"),
        ("one hundred and twenty people", 120, "", "one hundred and twenty"),
        ("two thousand five hundred", 2500, "", "two thousand five hundred"),
        ("a dozen", 12, "", "a dozen"),
        ("half of 9,000 homes", 9000, "", "9,000"),
        ("$1.2 million", 1_200_000, "dollar", "$1.2 million"),
        ("45 million crowns", 45_000_000, "crown", "45 million crowns"),
        ("3.1 metres", 3.1, "metre", "3.1 metres"),
        ("eight kilometres", 8000, "metre", "eight kilometres"),
        ("5km", 5000, "metre", "5km"),
        ("12 per cent", 12, "%", "12 per cent"),
        ("March 14, 310 houses", 310, "", "310"),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: float, unit: str, shown: str) -> None:
    (found,) = read_figures(text)
    assert (found.value, found.unit, found.rough) == (value, unit, False)
    assert text[found.start : found.end] == shown


@pytest.mark.parametrize(
    "text",
    ["about 700", "At least 700", "more than 700", "nearly 700", "some 700", "an estimated 700"],
)
def test_words_that_make_a_number_rough_are_read_with_it(text: str) -> None:
    (found,) = read_figures(f"There were {text} of them")
    assert (found.value, found.rough, found.end - found.start) == (700, True, len(text))


@pytest.mark.parametrize(
    "text",
    [
        *("at 4.20 a.m.", "15 March 2023", "March 14, 2023", "in 2023", "the 14th", "13:45"),
        *("someone", "tenge", "weight", "dozens", "3m", "no number", ""),
    ],
)
def test_what_counts_nothing_is_no_figure(text: str) -> None:
    assert read_figures(text) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("700", "about 700", True),
        ("about 700", "712", True),
        ("700", "712", False),
        ("at least 12", "20", False),
        ("1,150", "1 150", True),
    ],
)
def test_rough_numbers_agree_with_those_near_them(one: str, other: str, same: bool) -> None:
    (a,), (b,) = read_figures(one), read_figures(other)
    assert agree(a, b) is agree(b, a) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("about 700", "700", True),
        ("nine", "9", True),
        ("nine people", "nine", False),
        ("nine", "ten", False),
        ("nine metres", "nine", False),
        ("rain", "rain", False),
        ("", "", False),
    ],
)
def test_two_texts_may_be_one_figure(one: str, other: str, same: bool) -> None:
    assert same_figure(one, other) is same_figure(other, one) is same


@given(awkward_texts())
def test_any_text_can_be_read(text: str) -> None:
    ends = 0
    for found in read_figures(text):
        assert found.start < found.end <= len(text)
        assert found.end > ends
        ends = found.end


def test_long_rows_of_numbers_are_read_in_time() -> None:
    for text in ("1,150 " * 5000, "1 " * 20_000, "twenty " * 5000, "9" * 20_000, "about " * 5000):
        read_figures(text)
