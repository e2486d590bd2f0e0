"""Make folders for `dateline evaluate answers` from ../shared/data, which is not copied here.

    python -m tests.answer_sets.make contexts FOLDER
    python -m tests.answer_sets.make news FOLDER

"contexts" asks the questions of qa/dev.jsonl.gz of all its contexts as one corpus, less one context
in five: what is asked of those no document answers. "news" asks the questions of
`news_questions.jsonl`, written for this by reading reports, of all of Reuters-21578.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from retrieval.evaluation.files.examples import Example, read_examples
from retrieval.evaluation.metrics.text_match import normalise

DATA = Path(__file__).parents[3] / "shared" / "data"
DEV = DATA / "qa/dev.jsonl.gz"
REUTERS = DATA / "reports/reuters21578.jsonl.gz"
NEWS = Path(__file__).with_name("news_questions.jsonl")

HELD_OUT = 5
"""One context in so many is left out of the corpus."""


def main() -> None:
    """Make the folder that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.answer_sets.make", description=__doc__)
    parser.add_argument("kind", choices=["contexts", "news"])
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    if options.kind == "news":
        write_set(options.folder, read_lines(REUTERS), read_lines(NEWS))
    else:
        write_contexts(options.folder, read_examples(DEV))


def write_contexts(folder: Path, examples: list[Example]) -> None:
    """The contexts as a corpus, and the questions that one of them answers or one left out did."""
    contexts = sorted({each.context for each in examples})
    kept = {text: f"c{number}" for number, text in enumerate(contexts) if number % HELD_OUT}
    by_id = {
        each.id: each for each in examples if each.answers and all(map(normalise, each.gold()))
    }
    write_set(
        folder,
        ({"id": name, "title": "", "text": text} for text, name in kept.items()),
        (
            {
                "_id": each.id,
                "text": each.question,
                "source": each.source,
                "answers": each.gold() if each.context in kept else [],
                "relevant": [kept[each.context]] if each.context in kept else [],
            }
            for each in by_id.values()
        ),
    )


def write_set(
    folder: Path,
    documents: Iterable[Mapping[str, object]],
    questions: Iterable[Mapping[str, object]],
) -> None:
    """Write `corpus.jsonl` and `questions.jsonl`."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = (
        {"_id": each["id"], "title": each["title"], "text": each["text"]} for each in documents
    )
    for name, rows in (("corpus.jsonl", corpus), ("questions.jsonl", questions)):
        with (folder / name).open("w", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(row)}\n" for row in rows)


def read_lines(path: Path) -> list[Mapping[str, object]]:
    """The objects of a file of JSON lines."""
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    return [json.loads(line) for line in text.splitlines()]


if __name__ == "__main__":
    main()
