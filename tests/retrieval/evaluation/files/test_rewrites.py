import json
from pathlib import Path

import pytest

from retrieval.errors import BadExample
from retrieval.evaluation.files.rewrites import (
    KEPT_BACK,
    RewriteExample,
    keep_back,
    read_rewrites,
    rewrite_figures,
)

FIRST = RewriteExample("c1_1", "made", (), "Who led the inquiry?", "Who led the inquiry?")
SECOND = RewriteExample(
    "c1_2",
    "made",
    ("Who led the inquiry?",),
    "What did it find?",
    "What did the flood inquiry find?",
)
ALONE = RewriteExample(
    "c1_3", "made", ("Who led the inquiry?", "What did it find?"), "Who won?", "who won"
)


def line(**changes: object) -> str:
    record = {"_id": "a", "source": "made", "history": [], "question": "Why?", "rewrite": "Why?"}
    return json.dumps(record | changes)


def test_examples_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "rewrites.jsonl"
    path.write_text(line() + "\n\n" + line(_id="b", history=["Why?"], question="When?") + "\n")
    assert read_rewrites(path) == [
        RewriteExample("a", "made", (), "Why?", "Why?"),
        RewriteExample("b", "made", ("Why?",), "When?", "Why?"),
    ]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        (line(history="Why?"), "'history' is not a list of texts"),
        (line(history=[1]), "'history' is not a list of texts"),
        (line(question=3), "'question' is not a text"),
        (line(rewrite="..."), "no word"),
        ('{"history": []}', "'_id' is missing"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, bad: str, reason: str) -> None:
    path = tmp_path / "rewrites.jsonl"
    path.write_text(f"{line()}\n{bad}\n")
    with pytest.raises(BadExample, match=rf"rewrites.jsonl, line 2: .*{reason}"):
        read_rewrites(path)


def test_whole_conversations_are_kept_back() -> None:
    examples = [
        RewriteExample(f"{start}_{turn}", "made", (f"q{start}",) * turn, f"q{start}", "r")
        for start in range(50)
        for turn in range(3)
    ]
    train, kept = keep_back(examples)
    assert len(kept) == len(examples) // KEPT_BACK
    assert sorted(each.id for each in [*train, *kept]) == sorted(each.id for each in examples)
    assert not {each.conversation for each in train} & {each.conversation for each in kept}
    assert keep_back(examples) == (train, kept)


def test_figures_by_hand() -> None:
    # The person added "flood" and "inquiry", of which history has "inquiry" alone.
    texts = ["Who led the inquiry?", "What did the inquiry of Venn find?", "Who won the match?"]
    figures = rewrite_figures([FIRST, SECOND, ALONE], texts)
    assert figures.count == 3
    # Right: inquiry. Wrong: venn, match.
    assert figures.precision == pytest.approx(1 / 3)
    assert figures.recall == pytest.approx(1 / 2)
    assert figures.f1 == pytest.approx(2 / 5)
    assert figures.recall_found == pytest.approx(1)
    assert figures.f1_found == pytest.approx(2 / 4)
    assert figures.changed == pytest.approx(1 / 2)
    assert figures.changed_follow_ups == pytest.approx(1)


def test_figures_of_nothing_are_zero() -> None:
    assert rewrite_figures([], []).f1 == 0
    assert rewrite_figures([FIRST], [FIRST.question]).changed == 0
