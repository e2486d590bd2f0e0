"""The events, causes and names that made-up reports are put together from."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LISTS = Path(__file__).with_name("made_reports.json")
ANGER: tuple[str, ...] = (
    "Angered by",
    "Furious at",
    "Dissatisfied with",
    "Unhappy with",
    "Outraged by",
)
ANGER += ("Fed up with", "Upset by", "Frustrated by", "Incensed by", "Stirred up by", "Enraged by")
DECISION: tuple[str, ...] = ("Citing", "Faced with", "Alarmed by", "Worried by", "Concerned about")
DECISION += ("Confronted with", "Reacting to", "Forced by")
ROUND = (20, 24, 35, 40, 60, 75, 90, 120, 150, 170, 210, 240, 260, 310, 340, 375, 420, 470, 530)
PLACES = ("place", "place2", "place3")
COUNTRIES = ("country", "country2", "country3")
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause in its shapes, unfilled; `fronts` open a sentence, `withs` begin with 'with'."""

    noun: str
    plural: bool
    clause: str
    fronts: tuple[str, ...]
    purposes: tuple[str, ...]
    withs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    """What reports of one field say beside the cause; `counts` are (sentence, question)."""

    officials: tuple[str, ...]
    labels: tuple[str, ...]
    effects: tuple[str, ...]
    counts: tuple[tuple[str, str], ...]
    responses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One type of event; `acts` have a subject that can feel or decide, `happens` need not.

    `names` follow its first mention ('the unrest'); `things` stand for it on their own.
    """

    name: str
    field: str
    domain: Domain
    kind: str
    causes: tuple[Cause, ...]
    fronts: tuple[str, ...]
    acts: tuple[str, ...]
    happens: tuple[str, ...]
    names: tuple[str, ...]
    things: tuple[str, ...]
    asks: tuple[str, ...]
    who: str


@dataclass(frozen=True, slots=True)
class Stock:
    """All that the reports are made from."""

    events: tuple[Event, ...]
    lists: Mapping[str, tuple[str, ...]]


def read_stock(path: Path = LISTS) -> Stock:
    """The events and lists of a JSON file; its strings hold items parted by ' | '."""
    data = json.loads(path.read_text("utf-8"))
    families = data["families"]
    domains = {name: _domain(parts) for name, parts in data["domains"].items()}
    events = []
    for name, row in data["events"].items():
        family = families[row[1]]
        kind = family["kind"]
        fronts = {"anger": ANGER, "decision": DECISION}.get(kind) or _items(family["fronts"])
        acts, happens, names, things, asks = (_items(text) for text in row[2:7])
        causes = tuple(_cause(text) for text in family["causes"])
        who = row[7] if len(row) > 7 else ""
        domain = domains[row[0]]
        told = (acts, happens, names, things, asks)
        events.append(Event(name, row[0], domain, kind, causes, fronts, *told, who))
    return Stock(tuple(events), {name: _listed(text) for name, text in data["lists"].items()})


def _items(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split("|") if item.strip())


def _listed(text: str) -> tuple[str, ...]:
    for mark in ("|", ", "):
        if mark in text:
            return tuple(item.strip() for item in text.split(mark))
    return tuple(text.split())


def _domain(parts: Mapping[str, str]) -> Domain:
    counts = []
    for item in _items(parts["counts"]):
        sentence, question = item.split(" ? ")
        counts.append((sentence, question))
    officials, labels, effects = (_items(parts[key]) for key in ("official", "labels", "effects"))
    return Domain(officials, labels, effects, tuple(counts), _items(parts["response"]))


def _cause(text: str) -> Cause:
    noun, clause, *others = _items(text)
    purposes = tuple(item for item in others if item.startswith("to "))
    withs = tuple(item for item in others if item.startswith("with "))
    fronts = tuple(item for item in others if item[0].isupper())
    return Cause(noun.lstrip("+"), noun.startswith("+"), clause, fronts, purposes, withs)


def draw_facts(chance: random.Random, stock: Stock) -> dict[str, str]:
    """What the slots of one report hold: its places, people, firms, goods and numbers."""
    lists = stock.lists
    facts = dict(zip(PLACES, chance.sample(lists["place"], 3), strict=True))
    facts |= zip(COUNTRIES, chance.sample(lists["country"], 3), strict=True)
    facts |= zip(("company", "company2"), chance.sample(lists["firm"], 2), strict=True)
    firsts, lasts = chance.sample(lists["first"], 3), chance.sample(lists["last"], 4)
    facts["person"] = f"{firsts[0]} {lasts[0]}"
    facts["person2"] = f"{firsts[1]} {lasts[1]}"
    facts["person3"] = f"{firsts[2]} {lasts[3]}"
    facts["manager"] = f"{chance.choice(lists['boy'])} {lasts[2]}"
    for name, values in lists.items():
        facts.setdefault(name, chance.choice(values))
    return draw_numbers(chance, facts)


def draw_numbers(chance: random.Random, facts: Mapping[str, str]) -> dict[str, str]:
    """The same facts with other numbers."""
    numbers = {
        "n": str(chance.choice(ROUND)),
        "few": chance.choice("three four five six seven nine twelve fourteen sixteen".split()),
        "big": f"{chance.choice((2, 3, 4, 6, 7, 9, 12, 15, 20, 30, 40, 60))},{_hundreds(chance)}",
        "pct": str(chance.choice((2, 3, 4, 5, 6, 7, 9, 12, 14, 15, 17, 20, 25, 30))),
        "sum": f"${chance.choice((2, 3, 4, 6, 7, 9, 12, 14, 20, 25, 40, 60, 70, 90))} million",
        "hours": str(chance.choice((10, 12, 13, 14, 15, 16))),
        "months": chance.choice("two three four five six".split()),
        "age": str(chance.randint(65, 70)),
        "young": str(chance.randint(19, 29)),
        "speed": str(chance.choice((90, 100, 110, 120, 130, 140))),
        "cm": str(chance.choice((20, 30, 40, 50, 60))),
        "hot": str(chance.randint(38, 45)),
    }
    return {**facts, **numbers}


def _hundreds(chance: random.Random) -> str:
    return f"{chance.randint(0, 9)}00"


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its slots filled."""
    return SLOT.sub(lambda found: facts[found[1]], text)
