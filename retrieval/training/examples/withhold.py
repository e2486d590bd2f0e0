"""Take the answering sentence out of its context: what is left is about the matter, and silent.

python -m retrieval.training.examples.withhold FILE... --out FILE [--share SOURCE=SHARE]...
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from index.sentences import split_sentences
from retrieval.evaluation.files.examples import Example
from retrieval.training.examples.derive import Row, derive, lacks_answers

LEAST_WORDS = 30
"""What has to be left of a context."""


def main() -> None:
    """Read the options, write examples."""
    derive("withhold", "Withhold answers.", withhold)


def withhold(examples: Sequence[Example], shares: Mapping[str, float]) -> Iterator[Row]:
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
