"""Choose what to train on: how much of each source, and which texts lack an answer."""

from __future__ import annotations

import argparse

from retrieval.examples import Example
from retrieval.merge import answer_words


def add_shares(parser: argparse.ArgumentParser, meaning: str) -> None:
    """Add `--share SOURCE=SHARE`, given any number of times; its value is a list of pairs."""
    parser.add_argument(
        "--share", type=_share, action="append", default=[], metavar="SOURCE=SHARE", help=meaning
    )


def _share(text: str) -> tuple[str, float]:
    source, equals, share = text.partition("=")
    try:
        found = float(share)
    except ValueError:
        found = -1.0
    if not (source and equals and found >= 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not SOURCE=SHARE, as in policy=0.1")
    return source, found


def lacks_answers(text: str, example: Example) -> bool:
    """Whether no answer's words stand in the text in their order."""
    words = f" {' '.join(answer_words(text))} "
    return not any(f" {' '.join(answer_words(gold))} " in words for gold in example.gold())
