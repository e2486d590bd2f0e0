"""Composes made-up reports with questions, mostly on why something happened.

Run as `python -m retrieval.training.examples.made_reports --count 6000 --out FILE.jsonl.gz`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.training.examples.made_events import (
    SLOT,
    Cause,
    Event,
    Stock,
    draw_facts,
    draw_numbers,
    fill,
    read_stock,
)
from retrieval.training.examples.made_frames import (
    MARKS,
    WILLED,
    Part,
    Told,
    capitalise,
    draw_time,
    mark,
    say_count,
    say_effect,
    say_label,
    spans,
    tell,
)

ENDS = re.compile(r"[.?!]\"? ")
UNANSWERABLE = 0.145
OTHER = 0.2
HARD = 0.12
ASKING: tuple[str, ...] = ("what caused {}?", "what led to {}?", "what was the reason for {}?")
ASKING += (
    "what was behind {}?",
    "what triggered {}?",
    "what prompted {}?",
    "what brought about {}?",
)
COMMON = frozenset("why did was were the of in a an is are what for to by there".split())
PLACED = frozenset("street labour transport school disaster utility security".split())


@dataclass(frozen=True, slots=True)
class Made:
    """One example; `answers` are (text, start), the fullest first, none where nothing answers."""

    id: str
    question: str
    context: str
    answers: tuple[tuple[str, int], ...]
    event: str
    frame: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report in parts; `first` tells of the event alone, where nothing else says it."""

    head: str
    first: Part | None
    told: Part
    rest: tuple[Part, ...]
    frame: str


def make(count: int, seed: int = 0) -> list[Made]:
    """That many different examples, the same for the same seed."""
    stock = read_stock()
    chance = random.Random(seed)  # noqa: S311
    made: dict[tuple[str, str], Made] = {}
    events: list[Event] = []
    counts = [1 + (event.kind == "anger") for event in stock.events]
    while len(made) < count:
        events = events or chance.sample(stock.events, sum(counts), counts=counts)
        example = _example(chance, stock, events.pop(), len(made))
        if example:
            made.setdefault((example.question, example.context), example)
    return list(made.values())


def _example(chance: random.Random, stock: Stock, event: Event, number: int) -> Made | None:
    missing = chance.random() < UNANSWERABLE
    report = _report(chance, stock, event, missing)
    parts = [report.told, *report.rest]
    wanted = report.told
    if not missing and chance.random() < OTHER:
        parts_asked = [part for part in (*report.rest, report.first) if part and part.questions]
        wanted = chance.choice(parts_asked)
    if missing:
        parts = list(report.rest)
    chance.shuffle(parts)
    told_early = chance.random() < 0.25
    if told_early and not missing:
        parts.sort(key=lambda part: part is not report.told)
    if report.first:
        before = parts.index(report.told) if report.told in parts else len(parts)
        parts.insert(chance.randint(0, before) if chance.random() < 0.3 else 0, report.first)
    text = report.head
    answers: tuple[tuple[str, int], ...] = ()
    for part in parts:
        if part is wanted and not missing:
            found = spans(part.text)
            answers = tuple((span, len(text) + start) for span, start in found)
        text += MARKS.sub("", part.text) + " "
    question = _pick(chance, wanted.questions, MARKS.sub("", wanted.text))
    frame = report.frame if wanted is report.told else "other"
    name = f"made-{number:05d}" + ("-un" if missing else "")
    sentences = len(ENDS.findall(text))
    if not 3 <= sentences <= 7 or (answers and text.count(answers[0][0]) > 1):
        return None
    return Made(name, question, text.rstrip(), answers, event.name, frame)


def _report(chance: random.Random, stock: Stock, event: Event, missing: bool) -> Report:
    facts = draw_facts(chance, stock)
    cause = _settle(chance, chance.choice(event.causes), facts)
    hard = chance.random() < HARD
    told = tell(chance, event, cause, facts, hard)
    clause = chance.choice(event.acts + event.happens)
    told = Told(told.text, clause, told.frame, told.named) if missing else told
    asks = _asks(event, told.template if hard else None)
    if not asks:
        hard, asks = False, _asks(event, None)
    first = _first(chance, event, clause, facts) if missing or told.named else None
    other = _other(chance, stock, event, facts, hard)
    sayings = [say_label(chance, event, facts), say_effect(chance, event, facts)]
    sayings.append(say_count(chance, event, facts))
    plain = [fill(chance.choice(event.domain.responses), facts)]
    plain.append(fill(facts["background"], draw_numbers(chance, facts)))
    plain.append(f'"{facts["quote"]}," said {_person(chance, stock)}, {facts["job"]}.')
    kept = chance.sample(sayings, chance.choice((1, 2, 2, 3)))
    kept += [Part(text) for text in chance.sample(plain, chance.choice((0, 1, 1, 2)))]
    if hard or missing or chance.random() < 0.7:
        kept.append(other)
    elif len(kept) < 2:
        kept.append(Part(plain[0]))
    asked = Part(told.text, tuple(fill(ask, facts) for ask in asks))
    seen = MARKS.sub("", first.text if first else told.text)
    head = _head(chance, facts) if facts["place"] in seen and chance.random() < 0.5 else ""
    return Report(head, first, asked, tuple(dict.fromkeys(kept)), told.frame)


def _settle(chance: random.Random, cause: Cause, facts: Mapping[str, str]) -> Cause:
    """The cause with numbers of its own, the same in each of its shapes."""
    numbers = draw_numbers(chance, facts)
    shapes = (cause.fronts, cause.purposes, cause.withs)
    filled = (tuple(fill(text, numbers) for text in shape) for shape in shapes)
    clause = fill(cause.clause, numbers)
    return Cause(fill(cause.noun, numbers), cause.plural, clause, *filled)


def _asks(event: Event, template: str | None) -> tuple[str, ...]:
    """Questions on the cause; given a template, only those that name one of its slots."""
    asking = [ask for ask in ASKING if event.kind != "plain" or not WILLED.search(ask)]
    generic = [ask.format(name) for ask in asking for name in event.names]
    full = [ask.format(thing) for ask in ASKING[:4] for thing in event.things]
    asks = (*(event.asks * 8), *generic, *full)
    if template is None:
        return asks
    known = {slot for slot in SLOT.findall(template) if slot.startswith(("place", "country"))}
    return tuple(ask for ask in asks if known & set(SLOT.findall(ask)))


def _first(chance: random.Random, event: Event, clause: str, facts: Mapping[str, str]) -> Part:
    time = draw_time(chance, event, facts)
    places = clause.count("{place}")
    if event.field in PLACED and places == 1 and chance.random() < 0.5:
        text = clause.replace("{place}", mark("{place}"))
        asks = _turned(event, "where", "{place}")
    else:
        preposition, day = time.strip().rsplit(" ", 1)
        text, asks = f"{clause} ⟦{preposition} ⟪{day}⟫⟧", _turned(event, "when", "{month}")
        if "{month}" in clause or re.search(r"\b(day|night|week|dark|running|years)\b", clause):
            text, asks = clause, ()
    return Part(capitalise(fill(f"{text}.", facts)), tuple(fill(ask, facts) for ask in asks))


def _turned(event: Event, word: str, without: str) -> tuple[str, ...]:
    return tuple(
        word + ask[3:]
        for ask in event.asks
        if re.match("why (did|was|were) ", ask) and " so " not in ask and without not in ask
    )


def _other(
    chance: random.Random, stock: Stock, event: Event, facts: Mapping[str, str], hard: bool
) -> Part:
    """Another event with its cause: of the same type elsewhere if `hard`, else of another field."""
    apart = [
        other
        for other in stock.events
        if other.field != event.field and not set(other.names) & set(event.names)
    ]
    other = event if hard else chance.choice(apart)
    others = draw_facts(chance, stock)
    while set(others.values()) & {facts["place"], facts["country"], facts["place2"]}:
        others = draw_facts(chance, stock)
    told = tell(chance, other, _settle(chance, chance.choice(other.causes), others), others, True)
    # One of the same type serves only as a distractor: its questions could mean either event.
    asks = () if hard else tuple(fill(ask, others) for ask in _asks(other, None))
    return Part(told.text, asks)


def _person(chance: random.Random, stock: Stock) -> str:
    return f"{chance.choice(stock.lists['first'])} {chance.choice(stock.lists['last'])}"


def _head(chance: random.Random, facts: Mapping[str, str]) -> str:
    dash = chance.choice(("-", "—", "(AFN) -"))
    return f"{facts['place'].upper()}, {chance.randint(1, 28)} {facts['month']} {dash} "


def _pick(chance: random.Random, questions: Sequence[str], text: str) -> str:
    """One of the questions, mostly of a few the one that shares fewest words with the text."""
    drawn = [chance.choice(questions) for _ in range(3 if chance.random() < 0.6 else 1)]
    words = set(re.findall(r"\w+", text.lower())) - COMMON
    question = min(drawn, key=lambda ask: len(words & set(re.findall(r"\w+", ask.lower()))))
    if chance.random() < 0.25:
        return question.lower().rstrip("?")
    return question[0].upper() + question[1:] if chance.random() < 0.6 else question


def main() -> None:
    """Write the examples, one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    with gzip.open(options.out, "wt", encoding="utf-8") as lines:
        for made in make(options.count, options.seed):
            answers = [{"text": text, "start": start} for text, start in made.answers]
            row = {"id": made.id, "source": "made", "question": made.question}
            lines.write(json.dumps({**row, "context": made.context, "answers": answers}) + "\n")


if __name__ == "__main__":
    main()
