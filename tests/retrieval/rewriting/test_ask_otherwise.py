import pytest

from retrieval.rewriting.ellipsis import ask_otherwise, without_added


@pytest.mark.parametrize(
    ("word", "before", "answer", "asked"),
    [
        ("why", "Who was fined by the court", "Gencorp", "why was Gencorp fined by the court?"),
        ("why", "What is Gencorp building", "a mill", "why is Gencorp building a mill?"),
        ("when", "What did Venn say", "it rained", "when did Venn say it rained?"),
        ("why", "How many trains were late", "", "why were trains late?"),
        ("why", "Who was fined", "", "Who was fined, and why?"),
        ("why", "Who won", "Spain", "Who won, and why?"),
        ("with whom", "Who met Venn", "Brandt", "Who met Venn, and with whom?"),
        ("since when", "Is the mill shut", "", "since when is the mill shut?"),
    ],
)
def test_another_thing_is_asked_of_what_was_said_to_be_so(
    word: str, before: str, answer: str, asked: str
) -> None:
    assert ask_otherwise(word, before, answer) == asked


def test_what_was_added_is_taken_off_again() -> None:
    for word in ("why", "by whom", "with whom", "by how much"):
        asked = ask_otherwise(word, "Who won the cup", "Spain")
        assert without_added(asked) == "Who won the cup"
