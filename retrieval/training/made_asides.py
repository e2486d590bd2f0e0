"""What a made-up report says beside the cause: claims, consequences and counts."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.training.made_events import Event, draw_numbers, fill
from retrieval.training.made_frames import capitalise, mark

LEADING = ("what did {} lead to?", "what was the result of {}?", "what did {} cause?")


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences that stay together, one span marked, with the questions that it answers."""

    text: str
    questions: tuple[str, ...] = ()


def say_label(chance: random.Random, event: Event, facts: Mapping[str, str]) -> Part:
    """What an official called the event: a claim, not its cause."""
    official, label = chance.choice(event.domain.officials), chance.choice(event.domain.labels)
    name = chance.choice(event.names)
    person = f", {facts['person2']}," if chance.random() < 0.4 else ""
    frames = (
        "The {}{} called {} {}.",
        "The {}{} described {} as {}.",
        "The {}{} characterised {} as {}.",
    )
    text = chance.choice(frames).format(official, person, name, mark(label))
    other = chance.choice(event.names)
    asks = (f"what did the {official} call {other}?", f"how did the {official} describe {other}?")
    return Part(fill(text, facts), tuple(fill(ask, facts) for ask in asks))


def say_effect(chance: random.Random, event: Event, facts: Mapping[str, str]) -> Part:
    """What the event led to, in the words that name causes elsewhere."""
    effect, name = chance.choice(event.domain.effects), chance.choice(event.names)
    were = "were" if effect.startswith("+") else "was"
    effect = mark(effect.lstrip("+"))
    frames = [f"{name} {verb} {effect}." for verb in ("led to", "caused", "resulted in")]
    frames += [f"{effect} {were} {verb} {name}." for verb in ("blamed on", "put down to")]
    if not effect.startswith(mark("the ")[:-1]):
        frames += [f"Because of {name}, there {were} {effect}."]
        frames += [f"After {name} there {were} {effect}."]
    text = fill(chance.choice(frames), draw_numbers(chance, facts))
    asks = [ask.format(other) for ask in LEADING for other in event.names]
    return Part(capitalise(text), tuple(fill(ask, facts) for ask in asks))


def say_count(chance: random.Random, event: Event, facts: Mapping[str, str]) -> Part:
    """How many were hurt, took part or the like."""
    sentence, ask = chance.choice(event.domain.counts)
    text = sentence.replace("[", "⟦").replace("]", "⟧")
    return Part(capitalise(fill(text, draw_numbers(chance, facts))), (fill(ask, facts),))
