import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from index.sentences import split_sentences
from retrieval.evaluation.files.examples import read_examples
from retrieval.training.examples import causes as under_test
from retrieval.training.examples.causes import NAME_QUESTIONS, SOURCE, SYNONYMS, find_causes, main

WORDS = Counter("close close resign resign march march move move block block collapse".split() * 2)
"""Plain forms that the text has: what tells a verb in the past from another word in -ed."""

CLAUSES = [
    (
        "The school was closed because the boiler had broken.",
        "Why was the school closed?",
        "the boiler had broken",
    ),
    (
        "The river left its bed because the dyke had broken, and people fled.",
        "Why did the river leave its bed?",
        "the dyke had broken",
    ),
    (
        "The minister resigned due to the scandal over the dam.",
        "Why did the minister resign?",
        "the scandal over the dam",
    ),
    (
        "The workers marched in protest at the new pay rules.",
        "Why did the workers march?",
        "in protest at the new pay rules",
    ),
    (
        "Smith moved the capital in order to be nearer to the coast.",
        "Why did Smith move the capital?",
        "in order to be nearer to the coast",
    ),
    (
        "Because the harvest had failed, the farmers moved to the city.",
        "Why did the farmers move to the city?",
        "the harvest had failed",
    ),
    (
        "Due to heavy rain, the match was called off on Monday.",
        "Why was the match called off on Monday?",
        "heavy rain",
    ),
    (
        "Angered by the rise in fares, students blocked the main road.",
        "Why did students block the main road?",
        "Angered by the rise in fares",
    ),
    (
        "In response to the attack, the army closed the border.",
        "Why did the army close the border?",
        "In response to the attack",
    ),
    (
        "The bank collapsed after its largest borrower had failed to pay.",
        "Why did the bank collapse?",
        "its largest borrower had failed to pay",
    ),
]
NAMES = [
    (
        "The rise in fuel prices led to the protests in January.",
        "the protests in January",
        "The rise in fuel prices",
    ),
    ("The fire was caused by a fault in the wiring.", "the fire", "a fault in the wiring"),
    ("The strike started over the cut in wages.", "the strike", "the cut in wages"),
]
NONE = [
    "Rain fell in the valley for three days.",
    "Was the school closed because the boiler had broken?",
    "They left because they were afraid of the flood.",
    "This led to the war of the two valleys.",
    "They caused the worst flood of the century.",
    "What the mayor said was false because the dam had held.",
    "When the river rose because the rain fell hard",
    "The school is because of the flood.",
    "It closed because of the.",
    "The wretched man of the valley, because the rain fell on him.",
    "The man who left was blamed because the dam had broken.",
    "Because of the",
    "because because because because because because because",
    "; ; because ( of ) , , due to : the",
    "",
]


@pytest.fixture
def _as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions in the words of the text."""
    monkeypatch.setattr(under_test, "_reword", lambda question, chance: question)


def asked(context: str) -> list[tuple[str, str]]:
    """The questions about a context and their answers."""
    return [(each.question, context[each.start : each.end]) for each in find_causes(context, WORDS)]


@pytest.mark.usefixtures("_as_asked")
@pytest.mark.parametrize(("sentence", "question", "answer"), CLAUSES)
def test_a_clause_is_asked_about_with_why(sentence: str, question: str, answer: str) -> None:
    assert asked(sentence) == [(question, answer)]


@pytest.mark.usefixtures("_as_asked")
@pytest.mark.parametrize(("sentence", "name", "answer"), NAMES)
def test_a_thing_is_asked_about_by_its_name(sentence: str, name: str, answer: str) -> None:
    ((question, found),) = asked(sentence)
    assert question in {form.format(name) for form in NAME_QUESTIONS}
    assert found == answer


@pytest.mark.parametrize("sentence", NONE)
def test_nothing_is_asked_where_no_cause_or_no_subject_is_plain(sentence: str) -> None:
    assert asked(sentence) == []


def test_each_sentence_of_a_context_is_asked_about_and_answered_by_itself() -> None:
    sentences = [row[0] for row in (*CLAUSES, *NAMES)]
    context = "\n\n".join(
        f"Rain fell.  {sentence}\n\u201cYes,\u201d he said." for sentence in sentences
    )
    found = list(find_causes(context, WORDS))
    ranges = split_sentences(context)
    for (sentence, _, answer), each in zip((*CLAUSES, *NAMES), found, strict=True):
        assert context[each.start : each.end] == answer
        (home,) = [context[a:b] for a, b in ranges if a <= each.start and each.end <= b]
        assert home == sentence


def test_a_verb_that_the_texts_do_not_have_is_not_asked_about() -> None:
    sentence = CLAUSES[2][0]
    assert list(find_causes(sentence, Counter(resign=1))) == []
    assert len(list(find_causes(sentence, Counter(resign=2)))) == 1


def test_rewording_changes_words_for_others_of_the_same_sense_alone() -> None:
    groups = {word: group for group in SYNONYMS for word in group if " " not in word}
    changed = 0
    for number in range(60):
        sentence = (
            f"The workers closed the city after the king of {number} farms had failed to pay."
        )
        ((question, _),) = asked(sentence)
        plain = "Why did the workers close the city?"
        alike = [re.escape(word) for word in plain.rstrip("?").split()]
        alike = [f"(?:{'|'.join(groups[word])})" if word in groups else word for word in alike]
        assert re.fullmatch(" ".join(alike) + r"\??", question, re.IGNORECASE), question
        changed += question != plain
    assert 10 < changed < 60


def test_the_same_text_is_asked_about_in_the_same_words() -> None:
    context = " ".join(row[0] for row in (*CLAUSES, *NAMES))
    assert asked(context) == asked(context)


def test_what_is_written_can_be_read_as_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl.gz"
    context = f"Rain fell. {CLAUSES[0][0]} The town was quiet. {NAMES[1][0]}"
    row = {"id": "e1", "question": "Why?", "context": context, "answers": []}
    source.write_text("".join(json.dumps(row | {"id": name}) + "\n" for name in "ab"))
    monkeypatch.setattr(sys, "argv", ["causes", str(source), "--out", str(target)])
    main()
    found = read_examples(target)  # refuses an answer that does not stand where it is said to
    assert [example.gold() for example in found] == [(CLAUSES[0][2],), (NAMES[1][2],)]
    assert {(example.context, example.source) for example in found} == {(context, SOURCE)}
    with gzip.open(target, "rt") as file:
        assert len({json.loads(line)["id"] for line in file}) == 2
