import pytest

from retrieval.cues import Kind, cue_spans, cue_strength, question_kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("why did protests start?", Kind.CAUSE),
        ("WHY?", Kind.CAUSE),
        ("And why was nobody told when it began?", Kind.CAUSE),
        ("how come the dyke broke?", Kind.CAUSE),
        ("what caused the power cut?", Kind.CAUSE),
        ("what was the cause of the fire?", Kind.CAUSE),
        ("What led to the strike?", Kind.CAUSE),
        ("what sparked the riots in the north?", Kind.CAUSE),
        ("for what reason did he leave?", Kind.CAUSE),
        ("when did the protests begin?", Kind.TIME),
        ("On what day did the dyke break?", Kind.TIME),
        ("which year was it built in?", Kind.TIME),
        ("since when is he mayor?", Kind.TIME),
        ("how long ago was that?", Kind.TIME),
        ("how many people were beaten in Almaty?", Kind.FIGURE),
        ("how much did fuel prices rise?", Kind.FIGURE),
        ("How old is Marta Ellingrove?", Kind.FIGURE),
        ("what is the population of Kelmswick?", Kind.FIGURE),
        ("what was the death toll?", Kind.FIGURE),
        ("where did the protests begin?", Kind.PLACE),
        ("in which town did it happen?", Kind.PLACE),
        ("what other countries sent help?", Kind.PLACE),
        ("who leads the rescue operation?", Kind.PERSON),
        ("Whose house burned down?", Kind.PERSON),
        ("which retired official spoke?", Kind.PERSON),
        ("what did Tokayev call the protests?", Kind.OTHER),
        ("which buildings were seized?", Kind.OTHER),
        ("tell me about the flood", Kind.OTHER),
        ("price of gas", Kind.OTHER),
        ("nowhere, whenever, somewhy, because", Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_a_questions_words_tell_the_kind_of_answer(question: str, kind: Kind) -> None:
    assert question_kind(question) is kind


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("The dyke gave way because meltwater had softened it.", 1.0),
        ("Because of the storm the harbour closed.", 1.0),
        ("The cut was due to water in the substation.", 1.0),
        ("Water in the substation led to a power cut.", 1.0),
        ("Dissatisfied with the rise in the cost of gas, residents went to rallies.", 1.0),
        ("Fearing a second surge, the mayor evacuated the town.", 1.0),
        ("Angry at the price of gas, they marched.", 1.0),
        ("They marched in protest at the price.", 1.0),
        ("He went back to fetch his dog.", 0.5),
        ("They left after the flood.", 0.5),
        ("According to the mayor, nobody was hurt.", 0.5),
        ("Protests began on January 2.", 0.0),
        ("The mayor said nothing.", 0.0),
        ("", 0.0),
    ],
)
def test_a_text_gives_a_cause_plainly_a_little_or_not(text: str, strength: float) -> None:
    assert cue_strength(Kind.CAUSE, text) == strength


@pytest.mark.parametrize(
    ("kind", "text", "spans"),
    [
        (Kind.TIME, "Protests began on January 2.", ["on January 2"]),
        (Kind.TIME, "It broke at 4.20 a.m. on Tuesday, they say.", ["at 4.20 a.m. on Tuesday"]),
        (Kind.TIME, "On 2022-01-05 and in 1931.", ["2022-01-05", "in 1931"]),
        (Kind.TIME, "It closed three days later, last week.", ["three days later", "last week"]),
        (Kind.FIGURE, "about 500 people were beaten", ["about 500 people"]),
        (Kind.FIGURE, "It rose to 70 million and by 12.5%.", ["70 million", "12.5%"]),
        (Kind.FIGURE, "Nobody came", ["Nobody came"]),
        (Kind.PERSON, "said Mayor Odile Varnsby to us", ["Mayor Odile Varnsby"]),
        (Kind.PLACE, "they stay in Nur-Sultan today", ["Nur-Sultan"]),
        (
            Kind.CAUSE,
            "Dissatisfied with the cost of gas, residents went out.",
            ["Dissatisfied with the cost of gas"],
        ),
        (
            Kind.CAUSE,
            "They were told, because sewage had entered\nthe wells, to boil it.",
            ["because sewage had entered\nthe wells"],
        ),
        (Kind.OTHER, "On January 2 about 500 people fled Almaty because of it.", []),
    ],
)
def test_short_spans_that_look_like_the_kind_are_found(
    kind: Kind, text: str, spans: list[str]
) -> None:
    found = cue_spans(kind, text)
    assert [text[start:end] for start, end in found] == spans
    assert found == sorted(found)


@pytest.mark.parametrize("kind", [Kind.TIME, Kind.FIGURE, Kind.PERSON])
def test_a_text_has_a_cue_just_where_it_has_a_span(kind: Kind) -> None:
    for text in ("On January 2 about 500 people fled Almaty.", "rain fell", ""):
        assert cue_strength(kind, text) == float(bool(cue_spans(kind, text)))


def test_no_text_looks_like_an_answer_to_a_question_of_no_kind() -> None:
    assert cue_strength(Kind.OTHER, "On January 2 because of Almaty") == 0.0
