"""The command of what makes examples out of other examples."""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from retrieval.examples import Example, read_examples
from retrieval.training.choose import add_shares

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
