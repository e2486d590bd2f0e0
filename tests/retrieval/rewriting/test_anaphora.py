import pytest

from retrieval.rewriting.anaphora import Kind, find_anaphors


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("When was he elected?", [("he", Kind.PERSON)]),
        ("How big is it?", [("it", Kind.NEUTER)]),
        ("it's how big?", [("it", Kind.NEUTER)]),
        ("Did they tell her?", [("they", Kind.PLURAL), ("her", Kind.PERSON)]),
        ("How many were hurt there?", [("there", Kind.PLACE)]),
        ("What happened then?", [("then", Kind.TIME)]),
        ("Why is this important?", [("this", Kind.POINTER)]),
        ("What fell with this empire?", [("this empire", Kind.NOUN)]),
        ("Are these clinics open?", [("these clinics", Kind.NOUN)]),
        ("Which ones are best?", [("ones", Kind.ONE)]),
        ("Which is the best one?", [("one", Kind.ONE)]),
        # What is none.
        ("Is there a river?", []),
        ("How many stones are there?", []),
        ("Is it safe to swim?", []),
        ("Is it similar to rugby?", [("it", Kind.NEUTER)]),
        ("then who won?", []),
        ("Do you think that the river rose?", []),
        # What the question explains itself.
        ("What is zinc and why is it used?", []),
        ("How do companies hire their employees?", []),
        ("Did Tokayev say when he resigns?", []),
        ("Which foods cause it?", [("it", Kind.NEUTER)]),
    ],
)
def test_anaphors_are_told_from_what_looks_alike(
    question: str, found: list[tuple[str, Kind]]
) -> None:
    anaphors = find_anaphors(question)
    assert [(each.text, each.kind) for each in anaphors] == found
    assert all(question[each.start : each.end] == each.text for each in anaphors)


@pytest.mark.parametrize(
    ("question", "possessive"),
    [("What is its capital?", True), ("Who saw her?", False), ("Who read her book?", True)],
)
def test_possessives_are_known(question: str, possessive: bool) -> None:
    assert [each.possessive for each in find_anaphors(question)] == [possessive]


def test_a_pointed_noun_is_the_last_word_of_its_phrase() -> None:
    (anaphor,) = find_anaphors("Who joined this steel strike?")
    assert (anaphor.text, anaphor.noun) == ("this steel strike", "strike")
