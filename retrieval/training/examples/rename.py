"""Ask of another place, person or year: the passage is about such a thing, and not about this one.

    python -m retrieval.training.examples.rename FILE... --out FILE [--share SOURCE=SHARE]...

A passage on the flood at one town does not say how many died in the flood at another. Each question
with a name that its context has gets, in its place, a like one that the context lacks. A question
that names nothing, on a report of one place, is asked of that place (answered) or of another.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from index.search.words import STOP_WORDS
from retrieval.evaluation.files.examples import Example
from retrieval.training.examples.derive import Row, derive

_NAME = re.compile(r"(?<=\w )(?:[A-Z][\w'-]*\w(?: [A-Z][\w'-]*\w)*|\d[\d.,]*\d)(?!\w)")
_PLACE = re.compile(r"\b(?:in|at) ([A-Z]\w+)")
_DATELINE = re.compile(r"([A-Z][A-Z ]+), \d")
_REPORTS = "made"


def main() -> None:
    """Read the options, write examples."""
    derive("rename", "Ask of another name.", rename)


def rename(examples: Sequence[Example], shares: Mapping[str, float]) -> Iterator[Row]:
    """Examples in the reader format, most without answers; the same ones at every run."""
    chance = random.Random(7)  # noqa: S311
    pool: dict[tuple[str, str], list[str]] = defaultdict(list)
    for example in examples:
        for match in _names(example.question):
            pool[_kind(match)].append(match.group())
    places = sorted({_place(each.context) for each in examples if each.source == _REPORTS} - {""})
    for example in examples:
        if not example.answers or chance.random() >= shares.get(example.source, 1.0):
            continue
        context = example.context.casefold()
        named = [m for m in _names(example.question) if m.group().casefold() in context]
        if named:
            old = chance.choice(named)
            new = chance.choice(pool[_kind(old)])
            if not any(word.casefold() in context for word in new.split()):
                asked = example.question[: old.start()] + new + example.question[old.end() :]
                yield _row(example, asked, answered=False)
        elif example.source == _REPORTS and (place := _place(example.context)):
            other = chance.choice(places)
            stays = chance.random() < 0.5 or other.casefold() in context
            asked = f"{example.question.removesuffix('?')} in {place if stays else other}?"
            yield _row(example, asked, answered=stays)


def _row(example: Example, question: str, *, answered: bool) -> Row:
    return {
        "id": f"{example.id}-renamed",
        "source": "renamed",
        "question": question,
        "context": example.context,
        "answers": [
            {"text": example.context[start:end], "start": start}
            for start, end in example.answers
            if answered
        ],
    }


def _names(question: str) -> list[re.Match[str]]:
    """Where a question has names or numbers: what has a capital and does not open it, or digits."""
    found = _NAME.finditer(question)
    return [match for match in found if match.group().casefold() not in STOP_WORDS]


def _kind(name: re.Match[str]) -> tuple[str, str]:
    """What has to be alike of two names: the word before, and how many words or digits it has."""
    text = name.group()
    if text[0].isdigit():
        return "", re.sub(r"\d", "0", text)
    return name.string[: name.start()].split()[-1].casefold(), f"{len(text.split())} words"


def _place(report: str) -> str:
    """The one place that a report names, or nothing."""
    found = set(_PLACE.findall(report))
    if dateline := _DATELINE.match(report):
        found.add(dateline[1].title())
    return found.pop() if len(found) == 1 else ""


if __name__ == "__main__":
    main()
