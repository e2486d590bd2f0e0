"""Find passages that look right for a question and do not answer it, with Dateline's own search.

    python -m retrieval.training.examples.mine FILE... --out FILE --models FOLDER

Takes all contexts of the files as one pile of reports and writes, for each question, one of the
best passages in which no answer of it stands, as an example without answers. Contexts that answer
the same question are left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from index.models.load import DEFAULT_ENCODER, load_encoder
from index.types import Filter
from retrieval.evaluation.files.examples import Example, read_examples
from retrieval.search.hybrid import search
from retrieval.training.examples.derive import add_shares, lacks_answers
from retrieval.training.examples.pile import open_pile

FOUND = 8
"""Passages looked at for each question."""


def main() -> None:
    """Read the options, search, write."""
    parser = argparse.ArgumentParser(
        prog="python -m retrieval.training.examples.mine",
        description="Mine passages that do not answer.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="examples, JSON lines")
    parser.add_argument("--out", type=Path, required=True, help="what to write, gzipped")
    parser.add_argument("--models", type=Path, required=True, help="where models are converted to")
    parser.add_argument("--source", default="mined", help="what the examples are said to be from")
    add_shares(parser, "the share of a source's questions that is taken (default: all)")
    options = parser.parse_args()
    examples = [example for path in options.files for example in read_examples(path)]
    with gzip.open(options.out, "wt", encoding="utf-8") as file:
        for found in mine(examples, options.models, dict(options.share), options.source):
            file.write(json.dumps(found, ensure_ascii=False) + "\n")


def mine(
    examples: Sequence[Example], models: Path, shares: Mapping[str, float], source: str
) -> Iterator[dict[str, object]]:
    """Examples without answers, in the reader format; the same ones at every run."""
    encoder = load_encoder(DEFAULT_ENCODER, models)
    chance = random.Random(3)  # noqa: S311
    contexts: dict[str, set[str]] = {}
    for example in examples:
        contexts.setdefault(example.question, set()).add(example.context)
    with open_pile(list(dict.fromkeys(each.context for each in examples)), encoder) as pile:
        for example in tqdm(examples):
            if not example.answers or chance.random() >= shares.get(example.source, 1.0):
                continue
            hits = search(
                example.question,
                Filter(),
                FOUND,
                database=pile.database,
                encoder=encoder,
                index=pile.index,
            )
            answering = {pile.documents[context] for context in contexts[example.question]}
            hits = [
                hit
                for hit in hits
                if hit.passage.document_id not in answering
                and lacks_answers(hit.passage.text, example)
            ]
            if hits:
                # The best more often than the next: the place is drawn twice, the better one kept.
                place = min(chance.randrange(len(hits)), chance.randrange(len(hits)))
                yield {
                    "id": f"{example.id}-un",
                    "source": source,
                    "question": example.question,
                    "context": hits[place].passage.text,
                    "answers": [],
                }


if __name__ == "__main__":
    main()
