import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.cues import Kind
from retrieval.spans import MAX_CLAUSES, candidates
from tests.factories import AWKWARD, awkward_texts

PUNCTUATION = " \t\r\n.,;:!?()[]\u2013\u2014\"\u201c\u201d'\u2018\u2019*#>_-"
WORDS = (
    *(
        "because ",
        "due to ",
        "at 4 p.m. ",
        "the U.S. ",
        "said (he ",
        "so) ",
        " - ",
        "\u2014",
        ", that ",
    ),
    *(
        "Anna ",
        "January 2 ",
        "12,000 ",
        "and ",
        "to ",
        "led to ",
        "\u201cno\u201d",
        "Acme Inc.",
        "). (",
    ),
)
SENTENCES = st.one_of(
    awkward_texts(8).map(lambda text: text[:600]),
    st.lists(st.sampled_from([*WORDS, *AWKWARD[:20]]), max_size=14).map("".join),
)


@settings(max_examples=150, deadline=None)
@given(SENTENCES, st.sampled_from(Kind))
@example("(", Kind.OTHER)
@example("(a)", Kind.OTHER)
@example("a.m.", Kind.TIME)
@example(", that ,", Kind.CAUSE)
def test_candidates_lie_inside_and_have_no_punctuation_at_their_edges(
    sentence: str, kind: Kind
) -> None:
    found = candidates(sentence, kind)
    ranges = [(each.start, each.end) for each in found]
    assert ranges == sorted(set(ranges))
    for start, end in ranges:
        assert 0 <= start < end <= len(sentence)
        text = sentence[start:end]
        assert any(character.isalnum() for character in text)
        assert text[0] not in PUNCTUATION
        # A bracket that closes and an abbreviation's dot belong to the quote.
        closes = (text[-1] == ")" and "(" in text) or (text[-1] == "." and text[-2].isalpha())
        assert text[-1] not in PUNCTUATION or closes
    assert bool(found) == any(character.isalnum() for character in sentence)
    assert candidates(sentence, kind) == found


def quotes(sentence: str, kind: Kind, form: str | None = None) -> list[str]:
    found = candidates(sentence, kind)
    return [sentence[each.start : each.end] for each in found if form in (None, each.form)]


def test_a_sentence_is_a_candidate_without_the_marks_around_it() -> None:
    assert quotes("* \u201cRain fell.\u201d ", Kind.OTHER) == ["Rain fell"]


def test_clauses_are_candidates_alone_and_together() -> None:
    assert quotes("Rain fell, the river rose; people fled.", Kind.OTHER) == [
        "Rain fell",
        "Rain fell, the river rose",
        "Rain fell, the river rose; people fled",
        "the river rose",
        "the river rose; people fled",
        "people fled",
    ]


def test_no_span_runs_over_more_clauses_than_allowed() -> None:
    clauses = quotes("one, two, three, four, five", Kind.OTHER, "clause")
    # Three, as the weights were fitted.
    assert max(text.count(",") for text in clauses) == MAX_CLAUSES - 1 == 2
    assert quotes("one, two, three, four, five", Kind.OTHER, "sentence") == [
        "one, two, three, four, five"
    ]


@pytest.mark.parametrize(
    ("sentence", "kind", "quote"),
    [
        ("The dyke gave way because meltwater had softened it.", Kind.CAUSE, "because meltwater"),
        ("Fearing a second surge, they left.", Kind.CAUSE, "Fearing a second surge"),
        ("The river broke through at 4.20 a.m.", Kind.TIME, "at 4.20 a.m."),
        ("About 500 people, he said, were hurt.", Kind.FIGURE, "About 500 people"),
        ("It rose to 12,000 in a day.", Kind.FIGURE, "12,000"),
    ],
)
def test_what_looks_like_the_kind_is_a_candidate(sentence: str, kind: Kind, quote: str) -> None:
    assert any(text.startswith(quote) for text in quotes(sentence, kind, "cue"))


def test_a_number_is_not_cut_at_its_comma() -> None:
    assert "9,000 homes" not in quotes("It left 9", Kind.OTHER)
    texts = quotes("It left 9,000 homes dark, they said.", Kind.OTHER)
    assert "It left 9,000 homes dark" in texts
    assert "It left 9" not in texts


def test_a_closing_bracket_stays_with_its_opening_one() -> None:
    sentence = "from 60 tenge (10 rubles) per liter to 120 (20 rubles)."
    assert sentence[:-1] in quotes(sentence, Kind.FIGURE)


def test_cued_spans_keep_their_form_where_a_clause_is_the_same() -> None:
    found = candidates("because of rain", Kind.CAUSE)
    assert [(each.start, each.end, each.form) for each in found] == [(0, 15, "cue")]


@pytest.mark.parametrize("sentence", ["", " ", "...", "\u201c\u201d", "()", "\U0001f600"])
def test_what_has_no_letter_or_digit_has_no_candidate(sentence: str) -> None:
    for kind in Kind:
        assert candidates(sentence, kind) == []
