"""Make up the title and date that stand before a passage when reports are read."""

from __future__ import annotations

import datetime
import random
import re
from collections import Counter

from index.passages import day_and_title
from retrieval.evaluation.files.examples import Example

TITLED = 0.25
DATED = 0.25
"""The shares of examples that get a title and that get a date, by chance and independently."""

_NAME = re.compile(r"(?<=[a-z,] )[A-Z]\w+(?: (?:of |the |and )*[A-Z]\w+)*")


def made_context(example: Example) -> str:
    """What to read before the example's context; the same at every run."""
    chance = random.Random(example.id)  # noqa: S311
    title = _title(example.context) if chance.random() < TITLED else ""
    day = None
    if chance.random() < DATED:
        day = datetime.date(1985, 1, 1) + datetime.timedelta(days=chance.randrange(15_000))
    return day_and_title(title, day)


def _title(text: str) -> str:
    """The name that a text says most often."""
    names = Counter(_NAME.findall(text))
    return max(names, key=lambda name: (names[name], len(name)), default="")
