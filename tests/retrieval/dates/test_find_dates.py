import pytest

from retrieval.dates.words import find_dates


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("The dyke broke on Tuesday.", ["Tuesday"]),
        ("It broke on Tuesday morning, police said.", ["Tuesday morning"]),
        ("It broke on 14 March 2023.", ["14 March 2023"]),
        ("It broke on March 14, 2023, at dawn.", ["March 14, 2023", "dawn"]),
        ("Protests began on January 2.", ["January 2"]),
        ("On Tuesday, 14 March it rained.", ["Tuesday, 14 March"]),
        ("It broke on the 14th of March.", ["14th of March"]),
        ("The report of 2023-03-14 says so.", ["2023-03-14"]),
        ("It broke at 4.20 a.m. on Tuesday.", ["4.20 a.m.", "Tuesday"]),
        ("They had warned of it in February.", ["February"]),
        ("The drain was open since October 2022.", ["October 2022"]),
        ("It was built in 1950 and mended in May.", ["1950", "May"]),
        ("Yesterday it rained; last night it froze.", ["Yesterday", "last night"]),
        ("Earlier that day, police came.", ["Earlier that day"]),
        ("It may rain, and 12 people may march.", []),
        ("The sun rose. About 2000 people left for Wed and 1950 crowns.", []),
        ("Sundays and a Fridayish mood", []),
        ("", []),
    ],
)
def test_what_says_when_is_found(text: str, dates: list[str]) -> None:
    assert [text[start:end] for start, end in find_dates(text, 0, len(text))] == dates


def test_only_the_range_is_looked_at() -> None:
    text = "On Monday it rained. On Tuesday it broke. On Friday they left."
    start, end = text.index("On Tuesday"), text.index(" On Friday")
    assert [text[a:b] for a, b in find_dates(text, start, end)] == ["Tuesday"]
    assert find_dates(text, start, text.index("day it broke")) == []
