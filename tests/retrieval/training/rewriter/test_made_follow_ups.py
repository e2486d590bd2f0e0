import gzip
import json
import random
from pathlib import Path

import pytest

from retrieval.english.phrases import Phrase, find_phrases, stems_of
from retrieval.training.rewriter.made_follow_ups import make_follow_ups, point_back

CONTEXT = "The steel dyke at Arnsby broke. The dyke was clay. It was old."
ASKED = [
    ("Why did the steel dyke break?", "It was old"),
    ("Who built the steel dyke?", "monks"),
    ("What is the steel dyke made of?", "clay"),
]


def questions(path: Path) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number in range(8):
            for asked, answer in ASKED:
                record = {
                    "source": "new_wiki",
                    "context": f"{number} {CONTEXT}",
                    "question": asked,
                    "answers": [{"text": answer}],
                }
                file.write(json.dumps(record) + "\n")
    return path


def test_what_is_left_out_was_said_before(tmp_path: Path) -> None:
    made = make_follow_ups(questions(tmp_path / "q.jsonl.gz"), 500, seed=1)
    assert made == make_follow_ups(tmp_path / "q.jsonl.gz", 500, seed=1)
    pointing = [each for each in made if each.added]
    assert pointing
    assert any(not each.added for each in made)
    assert any(turn.answers for each in made for turn in each.history)
    for each in pointing:
        said = stems_of(" ".join(turn.question for turn in each.history))
        assert each.added <= said - stems_of(each.question)


@pytest.mark.parametrize("seed", range(12))
def test_a_phrase_becomes_a_pronoun_or_less(seed: int) -> None:
    question = "Who built the steel dyke?"
    phrase = find_phrases(question)[-1]
    made = point_back(question, phrase, CONTEXT, random.Random(seed))
    tail = {"it?", "this?", "that?", "the dyke?", "this dyke?"}
    assert made.lower().endswith(tuple(f"who built {each}" for each in tail))


def test_no_pronoun_is_put_behind_what_describes_it() -> None:
    question = "Who sold many houses?"
    phrase = Phrase("houses", 14, 20, ("who", "sold", "many"), is_name=False)
    assert question[phrase.start : phrase.end] == phrase.text
    assert point_back(question, phrase, "", random.Random(1)) == ""
