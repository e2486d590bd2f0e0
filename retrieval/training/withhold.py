"""Take the answering sentence out of its context: what is left is about the matter, and silent.

python -m retrieval.training.withhold FILE... --out FILE [--share SOURCE=SHARE]...
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from index.sentences import split_sentences
from retrieval.examples import Example, read_examples
from retrieval.training.choose import add_shares, lacks_answers

LEAST_WORDS = 30
"""What has to be left of a context."""


def main() -> None:
    """Read the options, write examples without answers."""
    parser = argparse.ArgumentParser(
        prog="python -m retrieval.training.withhold", description="Withhold answers."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="examples, JSON lines")
    parser.add_argument("--out", type=Path, required=True, help="what to write, gzipped")
    add_shares(parser, "the share of a source's questions that is taken (default: all)")
    options = parser.parse_args()
    examples = [example for path in options.files for example in read_examples(path)]
    with gzip.open(options.out, "wt", encoding="utf-8") as file:
        for found in withhold(examples, dict(options.share)):
            file.write(json.dumps(found, ensure_ascii=False) + "\n")


def withhold(
    examples: Sequence[Example], shares: Mapping[str, float]
) -> Iterator[dict[str, object]]:
    """Examples without answers, in the reader format; the same ones at every run."""
    chance = random.Random(5)  # noqa: S311
    for example in examples:
        if not example.answers or chance.random() >= shares.get(example.source, 1.0):
            continue
        left = " ".join(
            example.context[start:end]
            for start, end in split_sentences(example.context)
            if not any(a < end and start < b for a, b in example.answers)
        )
        if len(left.split()) >= LEAST_WORDS and lacks_answers(left, example):
            yield {
                "id": f"{example.id}-withheld",
                "source": "withheld",
                "question": example.question,
                "context": left,
                "answers": [],
            }


if __name__ == "__main__":
    main()
