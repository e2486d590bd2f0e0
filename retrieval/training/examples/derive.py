"""The command of what makes examples out of other examples."""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from retrieval.answers.merge import answer_words
from retrieval.evaluation.files.examples import Example, read_examples


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


Row: TypeAlias = dict[str, object]
"""An example in the reader format."""


def derive(
    name: str,
    description: str,
    make: Callable[[Sequence[Example], Mapping[str, float]], Iterable[Row]],
) -> None:
    """Read the options, make rows of all examples and the shares of their sources, write them."""
    parser = argparse.ArgumentParser(
        prog=f"python -m retrieval.training.{name}", description=description
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="examples, JSON lines")
    parser.add_argument("--out", type=Path, required=True, help="what to write, gzipped")
    add_shares(parser, "the share of a source's questions that is taken (default: all)")
    options = parser.parse_args()
    examples = [example for path in options.files for example in read_examples(path)]
    with gzip.open(options.out, "wt", encoding="utf-8") as file:
        for row in make(examples, dict(options.share)):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
