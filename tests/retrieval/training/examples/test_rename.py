import gzip
import json
import sys
from pathlib import Path

import pytest

from retrieval.evaluation.files.examples import Example, read_examples
from retrieval.training.examples.rename import main, rename

FLOOD = "About 700 people fled from Hue when the dyke broke in 1953, said Anna Lund."
FIRE = "A warehouse burned down in Split because of a cigarette."


def make_example(question: str, context: str = FLOOD, source: str = "wiki") -> Example:
    """An example answered by the first two words of its context."""
    end = len(" ".join(context.split()[:2]))
    return Example(question, question, context, ((0, end),), source=source)


def questions(*examples: Example) -> list[str]:
    """What is asked instead of it, of the examples without answers."""
    return [str(each["question"]) for each in rename(examples, {}) if not each["answers"]]


def test_a_name_that_the_context_has_gives_way_to_one_that_it_lacks() -> None:
    other = make_example("How many fled from Oran?", "Nobody fled from Oran.")
    asked = questions(make_example("How many fled from Hue?"), other)
    assert asked == ["How many fled from Oran?", "How many fled from Hue?"]


def test_the_context_stays_and_has_no_answer() -> None:
    other = make_example("Who fled from Oran?", FIRE)
    (found,) = rename([make_example("How many fled from Hue?"), other], {})
    assert found == {
        "id": "How many fled from Hue?-renamed",
        "source": "renamed",
        "question": "How many fled from Oran?",
        "context": FLOOD,
        "answers": [],
    }


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("How many fled from Oran?", "Who fled from Bonn?"),  # not a name of its context
        ("How many fled from Hue?", "Who fled from Anna?"),  # the context has the other name too
        ("Hue was flooded when?", "Who fled from Oran?"),  # what opens a question has a capital
        ("How many fled?", "Who fled from Oran?"),
    ],
)
def test_what_could_still_be_answered_is_left_out(question: str, other: str) -> None:
    # Both names are drawn in time: forty like questions.
    again = [make_example(other, FIRE) for _ in range(40)]
    for asked in questions(make_example(question), *again):
        assert asked not in (question, other)
        assert "Anna" not in asked


def test_names_are_exchanged_for_like_ones() -> None:
    examples = [
        make_example("How many fled in 1953?"),
        make_example("What did Anna Lund say?"),
        *(make_example(f"What about {year} and {year - 9}?", FIRE) for year in range(1900, 1940)),
        *(make_example(f"What did {name} Berg do?", FIRE) for name in ("Ida", "Ola", "Per") * 9),
        *(make_example(f"What did {name} do?", FIRE) for name in ("Kim", "Bo")),
        *(make_example(f"What of {number} men?", FIRE) for number in (12, 345)),
    ]
    found = {str(each["id"]): str(each["question"]) for each in rename(examples, {})}
    year = found["How many fled in 1953?-renamed"].removeprefix("How many fled in ")
    assert 1891 <= int(year.removesuffix("?")) < 1940
    assert found["What did Anna Lund say?-renamed"].split()[3] == "Berg"


def test_a_report_of_one_place_is_asked_of_it_or_of_another() -> None:
    reports = [
        make_example(f"Why did {number} houses burn?", FIRE.replace("Split", town), source="made")
        for number, town in enumerate(["Split", "Hue", "Oran", "Bonn"] * 5)
    ]
    found = list(rename(reports, {}))
    assert len(found) == len(reports)
    for each in found:
        town = str(each["question"]).removesuffix("?").split()[-1]
        assert bool(each["answers"]) == (f"in {town} " in str(each["context"]))
    assert {bool(each["answers"]) for each in found} == {True, False}


def test_a_report_of_two_places_is_left_out() -> None:
    report = "BONN, 3 May - A warehouse burned down in Split because of a cigarette."
    assert list(rename([make_example("Why did it burn?", report, source="made")], {})) == []


def test_a_dateline_alone_is_a_place() -> None:
    report = "BONN, 3 May - A warehouse burned down."
    (found,) = rename([make_example("Why did it burn?", report, source="made")], {})
    assert found["question"] == "Why did it burn in Bonn?"


def test_without_an_answer_there_is_nothing_to_take_away() -> None:
    example = Example("1", "How many fled from Hue?", FLOOD, ())
    assert list(rename([example, make_example("Who fled from Oran?", FIRE)], {})) == []


def test_a_share_of_a_source_is_taken_and_the_same_every_time() -> None:
    examples = [
        make_example(f"How many fled from {name}?", f"Some fled from {name}.", source=source)
        for name in ("Hue", "Oran", "Bonn", "Split")
        for source in ("a", "b", "c") * 25
    ]
    shares = {"a": 0.0, "b": 0.5}
    found = list(rename(examples, shares))
    assert found == list(rename(examples, shares))
    assert 80 < len(found) < 150


def test_what_is_written_can_be_read_as_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl.gz"
    rows = [
        {"id": "1", "question": "Who fled from Hue?", "context": FLOOD, "source": "wiki"},
        {"id": "2", "question": "Who fled from Oran?", "context": FIRE, "source": "wiki"},
    ]
    answer = {"text": "700", "start": FLOOD.index("700")}
    source.write_text("".join(json.dumps({**row, "answers": [answer]}) + "\n" for row in rows[:1]))
    with source.open("a") as file:
        file.write(json.dumps({**rows[1], "answers": []}) + "\n")
    monkeypatch.setattr(sys, "argv", ["rename", str(source), "--out", str(target)])
    main()
    (example,) = read_examples(target)
    assert (example.question, example.answers) == ("Who fled from Oran?", ())
    assert example.source == "renamed"
    with gzip.open(target, "rt") as written:
        assert written.read().count("\n") == 1
