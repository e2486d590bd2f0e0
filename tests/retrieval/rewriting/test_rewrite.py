from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.rewriting.rewrite import MAX_CHARACTERS, Rewritten, rewrite
from retrieval.types import Turn
from tests.factories import AWKWARD

Exchange = tuple[str, str]


def converse(exchanges: Sequence[Exchange], question: str) -> Rewritten:
    """Rewrite a question after questions with their answers ("" for none), each rewritten."""
    history: list[Turn] = []
    for asked, answered in exchanges:
        answers = (answered,) if answered else ()
        history.append(Turn(asked, rewrite(asked, history).text, answers=answers))
    return rewrite(question, history)


PROTESTS = [("Why did protests start in Kazakhstan?", "")]
HURT = [("How many men were hurt in Almaty?", "12")]
PRESIDENT = [("Who is the president of Kazakhstan?", "Tokayev")]
DYKE = [("Why did the dyke give way?", "")]
INQUIRY = [("What did the inquiry into the flood find?", "")]
MINISTER = [("Which minister was sacked?", "Askar Mamin")]
CAPITAL = [("What is the capital of Kazakhstan?", "Astana.")]
YOGA = [("Tell me about the benefits of yoga.", "")]

REWRITTEN: list[tuple[list[Exchange], str, str]] = [
    # Bare question words.
    (PROTESTS, "And where?", "where did protests start in Kazakhstan?"),
    (PROTESTS, "when", "when did protests start in Kazakhstan?"),
    (
        [("Did the government resign?", "")],
        "why?",
        "why did the government resign?",
    ),
    ([("Who won the cup?", "Spain")], "And when?", "Who won the cup, and when?"),
    (
        [("Who won the cup?", "Spain"), ("And when?", "")],
        "why?",
        "Who won the cup, and why?",
    ),
    # Of what an answer said, or a question took to be so.
    (
        [("Who was sacked by Tokayev?", "Askar Mamin")],
        "why?",
        "why was Askar Mamin sacked by Tokayev?",
    ),
    (
        [("What did the mayor declare?", "a state of emergency")],
        "And why?",
        "why did the mayor declare a state of emergency?",
    ),
    (
        [("Which bridge was closed?", "The Sarn bridge")],
        "when?",
        "when was the Sarn bridge closed?",
    ),
    (
        [("How many houses were flooded in Arnsby?", "120")],
        "why?",
        "why were houses flooded in Arnsby?",
    ),
    ([("How much did exports fall?", "by 3%")], "why?", "why did exports fall by 3%?"),
    ([("Did exports fall in 1986?", "")], "by how much?", "by how much did exports fall in 1986?"),
    (
        [("Did exports fall in 1986?", ""), ("by how much?", ""), ("and why?", "")],
        "and in 1987?",
        "why did exports fall in 1987?",
    ),
    # The same count of others, or of what else was done to them.
    (
        [("How many houses were destroyed by the flood?", "120")],
        "what about people evacuated?",
        "How many people were evacuated by the flood?",
    ),
    (
        [("How many miners died in the blast?", "9")],
        "and injured?",
        "How many miners were injured in the blast?",
    ),
    (
        [("How long did the flood last?", "a week")],
        "and how many died?",
        "and how many died in the flood?",
    ),
    (
        [("What caused the blast?", "gas")],
        "But how many were hurt?",
        "But how many were hurt in the blast?",
    ),
    # What a name owns.
    (
        [("Why did Arnsby's dyke hold?", "its clay was new")],
        "Why did Tharnock's break?",
        "Why did Tharnock's dyke break?",
    ),
    (
        [("What broke in the storm?", "Arnsby's harbour wall")],
        "Did Tharnock's hold?",
        "Did Tharnock's harbour wall hold?",
    ),
    # Corrections.
    ([*PROTESTS], "I meant Uzbekistan", "Why did protests start in Uzbekistan?"),
    ([*PROTESTS], "no, in Aktau", "Why did protests start in Aktau?"),
    (
        [("How many died in the first flood?", "12")],
        "sorry, I mean the second flood",
        "How many died in the second flood?",
    ),
    (
        [("When did the mill close?", "1988")],
        "No, I meant the brewery.",
        "When did the brewery close?",
    ),
    (
        [("How many were hurt in Almaty in 2021?", "12")],
        "sorry, in 2022",
        "How many were hurt in Almaty in 2022?",
    ),
    ([("Who runs Gencorp?", "A board")], "wait, make that Parcorp", "Who runs Parcorp?"),
    # Another place, time or thing in the question before.
    (PROTESTS, "and in Aktau?", "Why did protests start in Aktau?"),
    (PROTESTS, "In Aktau?", "Why did protests start in Aktau?"),
    (HURT, "how about women?", "How many women were hurt in Almaty?"),
    ([*HURT, ("how about women?", "")], "and in Aktau?", "How many women were hurt in Aktau?"),
    (
        [("Does Spotify pay musicians?", "")],
        "What about Apple Music?",
        "Does Apple Music pay musicians?",
    ),
    ([("Who won the cup?", "Spain")], "What about 2016?", "Who won the cup in 2016?"),
    (
        [("How much did exports fall in 1986?", "")],
        "and in 1987?",
        "How much did exports fall in 1987?",
    ),
    # Pronouns for what earlier questions named.
    (DYKE, "How long is it?", "How long is the dyke?"),
    (INQUIRY, "Who led it?", "Who led the inquiry?"),
    (
        [("What did Tokayev call the protests?", "")],
        "Did he resign?",
        "Did Tokayev resign?",
    ),
    ([("What is feijoada?", "")], "How is its history told?", "How is feijoada's history told?"),
    (PROTESTS, "How many were hurt there?", "How many were hurt in Kazakhstan?"),
    # Pronouns for what was answered.
    (PRESIDENT, "When was he elected?", "When was Tokayev elected?"),
    (CAPITAL, "How big is it?", "How big is Astana?"),
    (CAPITAL, "Who founded the city?", "Who founded Astana?"),
    (
        [*MINISTER, ("Why was he sacked?", "")],
        "Who replaced him?",
        "Who replaced Askar Mamin?",
    ),
    (
        [("Where did the flood begin?", "Tharnock")],
        "How high was the water there?",
        "How high was the water in Tharnock?",
    ),
    (
        [("When did the protests begin?", "January 2")],
        "What happened then?",
        "What happened on January 2?",
    ),
    (
        [("When did the protests begin?", "In 2022")],
        "What happened then?",
        "What happened in 2022?",
    ),
    (
        [("Who owns Gencorp?", "General Partners")],
        "How much did they offer for it?",
        "How much did General Partners offer for Gencorp?",
    ),
    # What is implied.
    (YOGA, "What are the different types?", "What are the different types of yoga?"),
    (DYKE, "Tell me more.", "Tell me more about the dyke."),
    (
        [("What was the Stanford Experiment?", "")],
        "Tell me about the author of the experiment.",
        "Tell me about the author of the Stanford Experiment.",
    ),
]


@pytest.mark.parametrize(
    ("exchanges", "question", "expected"), REWRITTEN, ids=lambda value: str(value)[:40]
)
def test_a_dependent_question_is_asked_in_full(
    exchanges: list[Exchange], question: str, expected: str
) -> None:
    found = converse(exchanges, question)
    assert found.text == expected
    assert found.depends


STANDALONE: list[tuple[list[Exchange], str]] = [
    (PROTESTS, "Who is the prime minister of Japan?"),
    (PROTESTS, "Why did protests start in Kazakhstan?"),
    (DYKE, "Who repaired the dyke?"),
    (DYKE, "Who won the football cup final?"),
    (PRESIDENT, "What is the outlook for OPEC oil prices?"),
    (PRESIDENT, "Is it safe to invest in gold?"),
    (PRESIDENT, "What is frictional unemployment and why is it important?"),
    (PRESIDENT, "How do companies hire their employees?"),
    (PRESIDENT, "Are there any earthquakes in Chile?"),
    (CAPITAL, "What is the weather forecast for Sunday?"),
    (CAPITAL, "What happens to the city of Almaty?"),
    (YOGA, "..."),
    (YOGA, ""),
]


@pytest.mark.parametrize(("exchanges", "question"), STANDALONE, ids=lambda value: str(value)[:40])
def test_a_question_that_stands_alone_passes_through(
    exchanges: list[Exchange], question: str
) -> None:
    assert converse(exchanges, question) == Rewritten(question, depends=False, added=())


@pytest.mark.parametrize("question", ["And where?", "How big is it?", "Who won the cup?"])
def test_a_first_question_is_only_stripped(question: str) -> None:
    assert rewrite(f"  {question}\n") == Rewritten(question, depends=False, added=())


def test_what_was_added_is_said() -> None:
    assert converse(PRESIDENT, "When was he elected?").added == ("Tokayev",)
    assert converse(DYKE, "Tell me more.").added == ("dyke",)
    assert converse(PROTESTS, "And where?").added == ()


def test_a_topic_is_carried_over_questions_that_only_imply_it() -> None:
    exchanges = [*DYKE, ("How long is it?", "")]
    assert converse(exchanges, "Who built it?").text == "Who built the dyke?"


def test_without_standalone_questions_the_questions_as_asked_count() -> None:
    assert rewrite("How long is it?", [Turn("Why did the dyke give way?")]).text == (
        "How long is the dyke?"
    )


def test_a_long_question_is_left_alone() -> None:
    long = "How long is it, " + "really " * (MAX_CHARACTERS // 7) + "?"
    assert not converse(DYKE, long).depends
    assert not converse([(long, "")], "And where?").depends


@given(
    st.lists(st.tuples(st.text(), st.text()), max_size=4),
    st.lists(
        st.sampled_from(
            [*AWKWARD, "it ", "there ", "and ", "what about ", "the ", "he ", "Bob ", "?"]
        )
    ).map("".join),
)
def test_any_text_can_be_asked(exchanges: list[Exchange], question: str) -> None:
    found = converse([(asked.strip(), answered) for asked, answered in exchanges], question)
    assert found.depends == (found.text != question.strip())
    assert converse([], question).text == question.strip()
