import collections
from pathlib import Path

import pytest

from retrieval.evaluation.files.examples import Example
from retrieval.evaluation.questions import read_questions
from tests.answer_sets.make import HELD_OUT, NEWS, REUTERS, read_lines, write_contexts, write_set


def test_what_is_asked_of_contexts_left_out_has_no_answer(tmp_path: Path) -> None:
    contexts = [f"The dam of town {number} broke." for number in range(10)]
    examples = [
        Example(f"e{number}", f"What broke in {number}?", text, ((4, 7),), source="made")
        for number, text in enumerate(contexts)
    ]
    examples += [
        Example("un", "Who fled?", contexts[3], ()),
        Example("stop", "What?", contexts[3], ((0, 3),)),
    ]
    write_contexts(tmp_path, examples)
    found = read_questions(tmp_path)
    left_out = set(range(0, 10, HELD_OUT))
    assert [each.text for each in found.corpus.documents.values()] == [
        text for number, text in enumerate(contexts) if number not in left_out
    ]
    assert list(found.questions) == [f"e{number}" for number in range(10)]
    for number, question in enumerate(found.questions.values()):
        assert question.answers == (() if number in left_out else ("dam",))
        assert question.relevant == (() if number in left_out else (f"c{number}",))
        assert question.source == "made"


def test_the_news_questions_are_as_many_as_they_have_to_be() -> None:
    questions = read_lines(NEWS)
    assert len(questions) >= 60
    assert sum(not each["answers"] for each in questions) == 20
    counts = collections.Counter(each["text"] for each in questions)
    assert max(counts.values()) == 1
    asked = " ".join(str(each["text"]).lower().split()[0] for each in questions)
    assert {"who", "when", "where", "how", "why"} <= set(asked.split())


@pytest.mark.skipif(not REUTERS.exists(), reason="needs ../shared/data/reports")
def test_every_news_answer_stands_in_a_report_that_answers(tmp_path: Path) -> None:
    write_set(tmp_path, read_lines(REUTERS), read_lines(NEWS))
    found = read_questions(tmp_path)
    for question in found.questions.values():
        texts = [found.corpus.documents[each].text for each in question.relevant]
        assert all(any(answer in text for answer in question.answers) for text in texts)
        assert all(any(answer in text for text in texts) for answer in question.answers)
