import pytest

from retrieval.rewriting.ellipsis import fill_owned, fill_participle
from retrieval.types import Turn


@pytest.mark.parametrize(
    ("question", "last", "filled"),
    [
        (
            "Why did Tharnock's break?",
            Turn("Why did Arnsby's dyke hold?"),
            "Why did Tharnock's dyke break?",
        ),
        ("How old is Aktau's?", Turn("How old is the stadium?"), "How old is Aktau's stadium?"),
        ("Is Aktau's mayor here?", Turn("Who is Arnsby's judge?"), ""),
        ("What's open?", Turn("Is Arnsby's market shut?"), ""),
        ("How old is Aktau's?", Turn("Did the mill buy the stadium?"), ""),
    ],
)
def test_what_a_name_owns_is_filled_in(question: str, last: Turn, filled: str) -> None:
    assert fill_owned(question, last) == filled


@pytest.mark.parametrize(
    ("named", "before", "filled"),
    [
        ("injured", "How many people died in it", "How many people were injured in it?"),
        ("cars stolen", "How many bikes were sold in May", "How many cars were stolen in May?"),
        ("women", "How many men died", ""),
        ("injured", "Who died", ""),
    ],
)
def test_a_count_is_asked_of_what_else_was_done(named: str, before: str, filled: str) -> None:
    assert fill_participle(named, before) == filled
