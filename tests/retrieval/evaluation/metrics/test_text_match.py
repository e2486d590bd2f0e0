import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.metrics.text_match import best_exact, best_f1, normalise
from tests.factories import awkward_texts


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("The Mayor", "mayor"),
        ("an apple a day", "apple day"),
        ("theatre and another", "theatre and another"),
        ("A.", ""),
        ("the", ""),
        ("", ""),
        ("  two \t\n words\u00a0here ", "two words here"),
        ("it's", "its"),
        # Punctuation goes before articles: what is left of "a-b" is no article.
        ("a-b", "ab"),
        ("U.S.", "us"),
        ("the-mayor", "themayor"),
        ("$1,200.50", "120050"),
        ("12 000", "12 000"),
        ("4.2 metres", "42 metres"),
        ("CAF\u00c9", "caf\u00e9"),
        ("\u0130", "i\u0307"),
        # As the official script has it, only ASCII punctuation is dropped.
        ("\u201cgas\u201d", "\u201cgas\u201d"),
        ("gas \u2013 dear", "gas \u2013 dear"),
        ("\u4e2d\u6587", "\u4e2d\u6587"),
        # An article is bounded by what is no word character, of any script.
        ("the\u201d", "\u201d"),
        ("\u00e9the", "\u00e9the"),
    ],
)
def test_text_is_normalised_as_the_official_script_does(text: str, normalised: str) -> None:
    assert normalise(text) == normalised


@given(awkward_texts(max_pieces=8))
def test_what_is_normalised_has_single_spaces(text: str) -> None:
    assert normalise(text) == " ".join(normalise(text).split())


@pytest.mark.parametrize(
    ("text", "accepted", "exact"),
    [
        ("The mayor!", ["mayor"], 1),
        ("mayor", ["the city", "a Mayor"], 1),
        ("mayors", ["mayor"], 0),
        ("", ["mayor"], 0),
        ("", [], 1),
        ("mayor", [], 0),
        # Oddities of the official script, kept.
        ("the", [], 1),
        ("", ["the"], 1),
        ("the", ["the", "mayor"], 0),
    ],
)
def test_an_exact_match_is_of_normalised_texts(
    text: str, accepted: list[str], exact: float
) -> None:
    assert best_exact(text, accepted) == exact


@pytest.mark.parametrize(
    ("text", "accepted", "f1"),
    [
        # Two words of three are right, and both of the two wanted: 2 * 2/3 * 1 / (2/3 + 1).
        ("high gas prices", ["gas prices"], 0.8),
        # One of two, one of three: 2 * 1/2 * 1/3 / (1/2 + 1/3).
        ("gas shortage", ["price of gas"], 0.4),
        # Order does not count, articles and punctuation neither.
        ("Prices, the gas", ["a gas prices"], 1),
        # A word counts as often as both have it: 2 in common of 3 and 2.
        ("rain rain rain", ["rain rain"], 0.8),
        # The best accepted answer counts.
        ("gas", ["the price of gas", "gas price", "protests"], 2 / 3),
        ("rain", ["gas"], 0),
        ("", ["gas"], 0),
        ("the", ["gas"], 0),
        ("", [], 1),
        ("gas", [], 0),
    ],
)
def test_f1_is_of_the_words_of_both(text: str, accepted: list[str], f1: float) -> None:
    assert best_f1(text, accepted) == pytest.approx(f1)


WORDS = st.lists(st.sampled_from(["gas", "price", "rain", "the", "a.", "\u00c9t\u00e9"])).map(
    " ".join
)


@given(WORDS, WORDS)
def test_f1_is_symmetric_and_at_least_the_exact_match(text: str, other: str) -> None:
    f1 = best_f1(text, [other])
    assert best_exact(text, [other]) <= f1 <= 1
    assert f1 == best_f1(other, [text])


@given(WORDS, st.lists(WORDS, min_size=1, max_size=3), WORDS.filter(normalise))
def test_another_accepted_answer_makes_a_text_that_says_something_no_worse(
    text: str, accepted: list[str], more: str
) -> None:
    if normalise(text):
        assert best_f1(text, [*accepted, more]) >= best_f1(text, accepted)
        assert best_exact(text, [*accepted, more]) >= best_exact(text, accepted)
