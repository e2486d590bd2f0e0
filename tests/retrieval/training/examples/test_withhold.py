import gzip
import json
import sys
from pathlib import Path

import pytest

from retrieval.evaluation.files.examples import Example, read_examples
from retrieval.training.examples.withhold import LEAST_WORDS, main, withhold

ANSWER = "the clay core had softened"
BEFORE = "Heavy rain fell on the upper valley for three days and three nights without a break."
SAYS = f"The dyke broke because {ANSWER}."
AFTER = "About twelve hundred people left their homes in the old town and went to the school."
CONTEXT = f"{BEFORE} {SAYS} {AFTER}"


def make_example(context: str = CONTEXT, number: int = 1, source: str = "made") -> Example:
    """An example answered by ANSWER wherever it stands, and by nothing if it does not."""
    starts = [at for at in range(len(context)) if context.startswith(ANSWER, at)]
    ranges = tuple((at, at + len(ANSWER)) for at in starts)
    return Example(f"e{number}", "Why did it break?", context, ranges, source=source)


def test_the_sentence_that_answers_is_gone_and_the_others_stay() -> None:
    assert list(withhold([make_example()], {})) == [
        {
            "id": "e1-withheld",
            "source": "withheld",
            "question": "Why did it break?",
            "context": f"{BEFORE} {AFTER}",
            "answers": [],
        }
    ]


def test_every_sentence_that_answers_is_gone() -> None:
    (found,) = withhold([make_example(f"{CONTEXT} They say {ANSWER} in May.")], {})
    assert found["context"] == f"{BEFORE} {AFTER}"


def test_an_answer_over_two_sentences_takes_both_with_it() -> None:
    context = f"{CONTEXT} {AFTER}"
    start = context.index(ANSWER)
    example = Example("e1", "Why?", context, ((start, context.index(AFTER) + 5),))
    (found,) = withhold([example], {})
    assert found["context"] == f"{BEFORE} {AFTER}"


def test_a_context_that_still_has_the_answer_in_it_is_left_out() -> None:
    example = make_example()
    repeated = f"{CONTEXT} Clay core: {ANSWER.upper()}."
    assert list(withhold([Example("e1", "Why?", repeated, example.answers)], {})) == []


def test_a_context_of_which_little_is_left_is_left_out() -> None:
    enough = " ".join(["It rained."] * (LEAST_WORDS // 2))
    assert len(list(withhold([make_example(f"{SAYS} {enough}")], {}))) == 1
    few = enough.removesuffix(" It rained.")
    assert list(withhold([make_example(f"{SAYS} {few}")], {})) == []


def test_an_example_without_answers_is_left_out() -> None:
    assert list(withhold([make_example(f"{BEFORE} {AFTER}")], {})) == []


def test_a_share_of_a_sources_questions_is_taken_the_same_every_time() -> None:
    examples = [make_example(number=n, source=s) for n in range(300) for s in ("a", "b", "c")]
    found = list(withhold(examples, {"a": 0.0, "b": 0.5}))
    assert found == list(withhold(examples, {"a": 0.0, "b": 0.5}))
    taken = [each["id"] for each in found]
    assert 300 + 110 < len(taken) < 300 + 190
    assert all(count <= 2 for count in map(taken.count, set(taken)))


def test_what_is_written_can_be_read_as_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl.gz"
    answer = {"text": ANSWER, "start": CONTEXT.index(ANSWER)}
    row = {"id": "e1", "question": "Why?", "context": CONTEXT, "answers": [answer], "source": "a"}
    source.write_text(json.dumps(row) + "\n")
    arguments = ["withhold", str(source), "--out", str(target), "--share", "a=1"]
    monkeypatch.setattr(sys, "argv", arguments)
    main()
    (example,) = read_examples(target)
    assert (example.context, example.answers) == (f"{BEFORE} {AFTER}", ())
    with gzip.open(target, "rt") as file:
        assert file.read().count("\n") == 1
