import pytest

from retrieval.rewriting.anaphora import find_anaphors
from retrieval.rewriting.short_answer import answer_antecedent, person_in_answer, short_answer
from retrieval.types import Turn


@pytest.mark.parametrize(
    ("asked", "answer", "question", "meant"),
    [
        ("Who is the president?", "Tokayev", "When was he elected?", "Tokayev"),
        ("Who is the president?", "nobody", "When was he elected?", ""),
        ("Why did it end?", "Tokayev", "When was he elected?", ""),
        ("What is the mayor's name?", "Odile Varn", "What did she say?", "Odile Varn"),
        ("What was the name of the mayor?", "Odile Varn", "Is she ill?", "Odile Varn"),
        ("What did the mayor say?", "Odile Varn", "Is she ill?", ""),
        ("Where did it start?", "in Zhanaozen", "Who lives there?", "in Zhanaozen"),
        ("Where did it start?", "Zhanaozen", "Who lives there?", "in Zhanaozen"),
        ("Who led it?", "Zhanaozen", "Who lives there?", ""),
        ("When did it start?", "January 2", "What happened then?", "on January 2"),
        ("When did it start?", "Sunday", "What happened then?", "on Sunday"),
        ("When did it start?", "May 2022", "What happened then?", "in May 2022"),
        ("When did it start?", "2022", "What happened then?", "in 2022"),
        ("When did it start?", "At dawn", "What happened then?", "at dawn"),
        ("When did it start?", "dawn", "What happened then?", "at dawn"),
        ("Which town was hit?", "Aktau", "How big is it?", "Aktau"),
        ("Which town was hit?", "Aktau", "Where is this town?", "Aktau"),
        ("Who was hit?", "Aktau", "Where is this town?", ""),
        ("What happened?", "Aktau burned", "How big is it?", ""),
        ("Who bid?", "General Partners", "How much did they bid?", "General Partners"),
        ("Which town was hit?", "", "How big is it?", ""),
    ],
)
def test_an_answer_is_meant_where_the_question_asked_for_its_kind(
    asked: str, answer: str, question: str, meant: str
) -> None:
    (anaphor,) = find_anaphors(question)
    turn = Turn(asked, answers=(answer,) if answer else ())
    assert answer_antecedent(anaphor, turn) == meant


@pytest.mark.parametrize(
    ("answer", "short"),
    [
        (" Astana. ", "Astana"),
        ("He went home. It rained.", ""),
        ("one two three four five six seven", ""),
        ("?", ""),
    ],
)
def test_only_a_short_answer_can_stand_in_a_question(answer: str, short: str) -> None:
    assert short_answer(Turn("Where?", answers=(answer,))) == short


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The inquiry was led by Mara Venn.", "Mara Venn"),
        ("It stood in New York for long.", ""),
        ("nobody", ""),
        ("But When Mara Venn spoke", "Mara Venn"),
    ],
)
def test_a_person_is_found_in_a_longer_answer(text: str, name: str) -> None:
    assert person_in_answer(Turn("How?", quotes=(text,))) == name
