import argparse

import pytest

from retrieval.evaluation.files.examples import Example
from retrieval.training.examples.derive import add_shares, lacks_answers


def shares(*arguments: str) -> list[tuple[str, float]]:
    parser = argparse.ArgumentParser()
    add_shares(parser, "how much")
    found: list[tuple[str, float]] = parser.parse_args(arguments).share
    return found


def test_shares_are_given_by_source_any_number_of_times() -> None:
    assert shares() == []
    assert shares("--share", "policy=0.1", "--share", "squad=2") == [("policy", 0.1), ("squad", 2)]
    assert shares("--share", "a=0") == [("a", 0.0)]


@pytest.mark.parametrize("text", ["policy", "=1", "policy=", "policy=much", "policy=-1", "p=nan"])
def test_what_is_no_share_is_refused_with_an_example(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        shares(f"--share={text}")
    assert f"'{text}' is not SOURCE=SHARE, as in policy=0.1" in capsys.readouterr().err


CONTEXT = "The dyke broke after 1,200 litres of rain."


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("A DYKE broke.", False),  # letters' case and articles do not count
        ("Rain fell; the dyke, (broke)", False),
        ("The dyke was broke.", True),
        ("broke the dyke", True),
        ("The dykes broke", True),
        ("About 1,200 litres came.", False),
        ("About 11,200 litres came.", True),
        ("About 1 200 litres came.", True),
        ("", True),
    ],
)
def test_a_text_lacks_the_answers_if_none_stands_in_it_word_by_word(text: str, lacks: bool) -> None:
    answers = tuple(
        (CONTEXT.index(gold), CONTEXT.index(gold) + len(gold))
        for gold in ("The dyke broke", "1,200 litres")
    )
    assert lacks_answers(text, Example("e1", "Why?", CONTEXT, answers)) is lacks
