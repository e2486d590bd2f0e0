"""Read questions with a person's rewrites, and measure other rewrites against them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.english.phrases import find_words, stems_of
from retrieval.errors import BadExample
from retrieval.evaluation.files.records import read_records, read_text, read_texts
from retrieval.rewriting.rewrite import rewrite
from retrieval.types import TermFinder, Turn

KEPT_BACK = 5
"""One conversation in so many is kept back from training."""

_SEED = 5


@dataclass(frozen=True, slots=True)
class RewriteExample:
    """A question, the user's questions before it, and how a person would ask it by itself."""

    id: str
    source: str
    history: tuple[str, ...]
    question: str
    rewrite: str

    @property
    def conversation(self) -> tuple[str, str]:
        """What its conversation began with: the same for all questions of one conversation."""
        return self.source, self.history[0] if self.history else self.question

    @property
    def left_alone(self) -> bool:
        """Whether the person changed no word."""
        return plain(self.question) == plain(self.rewrite)

    @property
    def added(self) -> set[str]:
        """The stems that the person added."""
        return stems_of(self.rewrite) - stems_of(self.question)


@dataclass(frozen=True, slots=True)
class RewriteFigures:
    """How rewrites compare with a person's, by stems added, counted over all questions together.

    `recall` and `f1` are of all that the person added; `recall_found` and `f1_found` of what of it
    stands in an earlier question, which is all that a rewriter without answers can find. `changed`
    is the share changed of those that the person left alone, first questions too;
    `changed_follow_ups` without those.
    """

    count: int
    precision: float
    recall: float
    f1: float
    recall_found: float
    f1_found: float
    changed: float
    changed_follow_ups: float


def plain(text: str) -> str:
    """The words in lower case, with one blank between."""
    return " ".join(word.lower for word in find_words(text))


def read_rewrites(path: Path) -> list[RewriteExample]:
    """Read a file with `{"_id", "source", "history", "question", "rewrite"}` on each line.

    Raises BadExample, with file and line; OSError if it cannot be read.
    """
    examples = []
    for number, record in read_records(path):
        history = tuple(read_texts(record, "history", path, number))
        names = ("_id", "source", "question", "rewrite")
        texts = [read_text(record, name, path, number) for name in names]
        if not all(find_words(text) for text in texts[2:]):
            raise BadExample(path, number, "the question or its rewrite has no word in it")
        examples.append(RewriteExample(texts[0], texts[1], history, texts[2], texts[3]))
    return examples


def keep_back(
    examples: Sequence[RewriteExample],
) -> tuple[list[RewriteExample], list[RewriteExample]]:
    """Those to train on, and those of the conversations that are kept back."""
    conversations = sorted({example.conversation for example in examples})
    random.Random(_SEED).shuffle(conversations)  # noqa: S311
    kept = set(conversations[: len(conversations) // KEPT_BACK])
    train = [example for example in examples if example.conversation not in kept]
    return train, [example for example in examples if example.conversation in kept]


def rewrite_all(examples: Sequence[RewriteExample], finder: TermFinder | None = None) -> list[str]:
    """The rewriter's own text for each example, each turn going by its own of the turns before."""
    texts: dict[tuple[str, tuple[str, ...]], str] = {}

    def text_of(source: str, questions: tuple[str, ...]) -> str:
        key = source, questions
        if key not in texts:
            history = [
                Turn(asked, text_of(source, questions[: number + 1]))
                for number, asked in enumerate(questions[:-1])
            ]
            texts[key] = rewrite(questions[-1], history, finder).text
        return texts[key]

    return [text_of(example.source, (*example.history, example.question)) for example in examples]


def rewrite_figures(examples: Sequence[RewriteExample], rewrites: Sequence[str]) -> RewriteFigures:
    """Measure a rewrite for each example."""
    right = wrong = wanted = found = 0
    for example, text in zip(examples, rewrites, strict=True):
        added = stems_of(text) - stems_of(example.question)
        right += len(added & example.added)
        wrong += len(added - example.added)
        wanted += len(example.added)
        found += len(example.added & stems_of(" ".join(example.history)))
    alone = [
        (bool(example.history), plain(text) != plain(example.question))
        for example, text in zip(examples, rewrites, strict=True)
        if example.left_alone
    ]
    return RewriteFigures(
        count=len(examples),
        precision=_share(right, right + wrong),
        recall=_share(right, wanted),
        f1=_share(2 * right, right + wrong + wanted),
        recall_found=_share(right, found),
        f1_found=_share(2 * right, right + wrong + found),
        changed=_share(sum(changed for _, changed in alone), len(alone)),
        changed_follow_ups=_share(
            sum(changed for follows, changed in alone if follows),
            sum(follows for follows, _ in alone),
        ),
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
