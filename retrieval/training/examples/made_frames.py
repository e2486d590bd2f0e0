"""The sentence frames that tie a made-up event to its cause."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.training.examples.made_events import Cause, Event, draw_numbers, fill

OPEN, CLOSE, OPEN_OTHER, CLOSE_OTHER = "⟦⟧⟪⟫"
MARKS = re.compile("[⟦⟧⟪⟫]")
FRAMES = {
    "noun": """{E} because of {N}. | {E} due to {N}. | {E} owing to {N}. | {E} amid {N}.
        | {E} following {N}. | {E} after {N}. | {E} as a result of {N}. | Owing to {N}, {E}.
        | Because of {N}, {E}. | {E}, {S} said, because of {N}. | Following {N}, {E}.
        | {E} on account of {N}. | {E} in the wake of {N}. | After {N}, {E}.""",
    "agent_noun": "{A} in response to {N}. | In response to {N}, {A}. | In reaction to {N}, {A}.",
    "anger_noun": """{A} over {N}. | {A} ⟦in protest at ⟪{n}⟫⟧. | {A} ⟦in protest against ⟪{n}⟫⟧.
        | {A}. They were angry at {N}. | {A}. They blamed {N}. | {A}. Many spoke bitterly of {N}.
        | {A}. What they would not accept was {N}. | {A}. Their complaint was {N}.""",
    "thing": """{N} led to {X}. | {N} prompted {X}. | {N} triggered {X}. | {N} sparked {X}.
        | {N} caused {X}. | {N} brought about {X}. | It was {N} that led to {X}.
        | {S} said {N} had led to {X}. | Commentators spoke of {N} that had set off {X}.
        | Behind {X} {was_N} {N}. | {C}. That prompted {X}. | {C}. This led to {X}.
        | The fact that {C} led to {X}. | {C}, which set off {X}. | {C}, sparking {X}.""",
    "named": """{I} {was_I} blamed on {N}. | {I} {was_I} prompted by {N}. | {N} {was_N} behind {I}.
        | {I} {was_I} put down to {N}. | {I} {was_I} triggered by {N}. | {I} stemmed from {N}.
        | {I} resulted from {N}. | The reason for {I} was {N}. | The reason for {I} was that {C}.
        | {I}, which followed {N}, took many by surprise. | At the root of {I} {was_N} {N}.
        | {I} came about because {C}, {S} said. | What set off {I} was {N}, {S} said.
        | According to {S}, {I} went back to {N}. | {I} began after {C}. | {S} blamed {I} on {N}.
        | {N} lay behind {I}. | {S} traced {I} to {N}. | {I} had a simple cause: {C}.""",
    "clause": """{E} because {C}. | {E} after {C}. | {E}, as {C}. | {E}, since {C}. | {C}, so {E}.
        | Because {C}, {E}. | After {C}, {E}. | {E} when {C}. | {C}, and as a result {E}.
        | {E}, {S} said, because {C}. | {E} once {C}. | {E}, given that {C}.""",
    "next": """{E}. The cause was {N}. | {E}. {S} said {N} {was_N} to blame. | {E}. The reason: {C}.
        | {E}. It came after {C}. | {E}. It all began when {C}. | {E}. Behind it {was_N} {N}.
        | {E}. "It was {N}," said {PERSON}, when asked for the reason.
        | {E}. This was because {C}. | {E}. {S} pointed to {N}. | {E}. Asked why, {S} named {N}.
        | {E}. That was the result of {N}. | {C}. As a result, {E}. | {C}. For that reason, {E}.
        | {C}. Soon afterwards {E}. | {E}: {C}. | {E}. Days earlier, {C}. | {C}. Then {E}.""",
    "agent_next": "{C}. In response, {A}. | {C}. In reply, {A}. | {C}. In answer to that, {A}.",
    "who": """{E}. {WHO} cited {N}. | {E}. {WHO} gave {N} as the reason. | {E}. {WHO} mentioned {N}.
        | {E}. {WHO} explained that {C}. | {E}, with {WHO} citing {N}. | {E}. {WHO} blamed {N}.""",
    "front": "{F}, {A}.",
    "front_after": "{A}, {F_low}.",
    "purpose": "{A} {P}. | {P_up}, {A}. | {A}. They did so {P}.",
    "purpose_who": "{A} {P}. | {P_up}, {A}. | {A}. This was done {P}.",
    "with": "{W_up}, {E}. | {E}, {W}.",
}
WEIGHTS = {"noun": 2.0, "agent_noun": 0.7, "anger_noun": 3.5, "thing": 2.0, "named": 2.2}
WEIGHTS |= {"clause": 2.0, "next": 2.6, "agent_next": 0.8, "who": 1.0, "front": 2.8}
WEIGHTS |= {"front_after": 1.0, "purpose": 1.3, "purpose_who": 1.0, "with": 1.3}
STARTS = re.compile(r"(^|[.?!] |: \")([⟦⟪]*\"?[⟦⟪]*)([a-z])")
MILD = re.compile("Dissatisfied|Unhappy|Upset|Fed up|Frustrated|Stirred")
GRAVE = re.compile("death|jailing|fatal|frauds|felling|loss|leak|hip joints|newspapers")
WILLED = re.compile("prompt|spark|set off|amid")
"""Words that suit what people do, not what befalls them."""
BACKWARD = re.compile(r"\b(its|it|he|his|him|they|them|their)\b")
"""Words that cannot stand before what they mean."""
SLOW = frozenset("work market health nature conflict culture".split())
TIMED = re.compile(r"\b(for|after|at|than|a day|days?|weeks?|months?|years?|until|half|now)\b")


@dataclass(frozen=True, slots=True)
class Told:
    """An event told together with its cause.

    `text` holds the marked cause, `template` the words for the event before filling; `named` is
    true where only a name such as 'the unrest' stands for the event.
    """

    text: str
    template: str
    frame: str
    named: bool


def split_frames(group: str) -> list[str]:
    """The frames of one group."""
    return [" ".join(text.split()) for text in FRAMES[group].split(" | ")]


def spans(text: str) -> list[tuple[str, int]]:
    """The marked spans and where they start once the marks are gone, the longest first."""
    opened: dict[str, int] = {}
    done: list[tuple[str, int]] = []
    at = 0
    plain = MARKS.sub("", text)
    for letter in text:
        if letter in (OPEN, OPEN_OTHER):
            opened[letter] = at
        elif letter in (CLOSE, CLOSE_OTHER):
            start = opened[OPEN if letter == CLOSE else OPEN_OTHER]
            done.append((plain[start:at], start))
        else:
            at += 1
    return sorted(done, key=lambda span: -len(span[0]))


def mark(text: str) -> str:
    """The text marked as the answer."""
    return f"{OPEN}{text}{CLOSE}"


def capitalise(text: str) -> str:
    """The text with a capital at the start of each sentence, marks left alone."""
    return STARTS.sub(lambda found: found[1] + found[2] + found[3].upper(), text)


def was(text: str) -> str:
    """The verb for a subject such as 'the riots' or 'the unrest'."""
    head = re.split(r" (?:of|in|to|by|on|from) ", text)[0]
    return "were" if head.endswith("s") and not head.endswith(("ss", "us")) else "was"


def tell(
    chance: random.Random, event: Event, cause: Cause, facts: Mapping[str, str], alone: bool
) -> Told:
    """The event and its cause in a frame drawn from those that fit.

    With `alone` the event is told in full words, so that it is clear beside another one.
    """
    fronts = [
        f"{front} ⟪{cause.noun}⟫"
        for front in event.fronts
        if not (MILD.match(front) and GRAVE.search(cause.noun))
    ]
    groups = _fitting(event, cause, alone)
    weights = [WEIGHTS[group] for group in groups]
    group = chance.choices(groups, weights)[0]
    willed = event.kind != "plain"
    backward = BACKWARD.search(cause.clause)
    frame = chance.choice(
        [
            text
            for text in split_frames(group)
            if (willed or not WILLED.search(text)) and not (backward and text.startswith("{C}"))
        ]
        or split_frames("noun")
    )
    act = chance.choice(event.acts)
    clause = chance.choice(event.acts + event.happens)
    thing = chance.choice(event.things)
    name = chance.choice(event.names)
    front = chance.choice(fronts) if fronts else ""
    if cause.fronts and (not front or chance.random() < 0.6):
        front = _custom(chance.choice(cause.fronts))
    purpose = f"to ⟪{chance.choice(cause.purposes)[3:]}⟫" if cause.purposes else ""
    state = f"with ⟪{chance.choice(cause.withs)[5:]}⟫" if cause.withs else ""
    time = draw_time(chance, event, facts) if chance.random() < 0.5 else ""
    told = frame.format(
        E=clause + _late(clause, time),
        A=act + _late(act, time),
        X=thing,
        I=name,
        N=mark(cause.noun),
        n=cause.noun,
        C=mark(cause.clause),
        F=mark(front),
        F_low=mark(front[:1].lower() + front[1:]),
        P=mark(purpose),
        P_up=mark(purpose.capitalize() if not purpose.startswith("to") else "To" + purpose[2:]),
        W=mark(state),
        W_up=mark("With" + state[4:]),
        S=facts["source"],
        WHO=event.who,
        PERSON=f"{facts['person3']}, {facts['job']}",
        was_N="were" if cause.plural else "was",
        was_I=was(name),
    )
    used = act if "{A}" in frame else clause if "{E}" in frame else thing if "{X}" in frame else ""
    return Told(capitalise(fill(told, facts)), used, frame, "{I}" in frame)


def draw_time(chance: random.Random, event: Event, facts: Mapping[str, str]) -> str:
    """When it happened, as reports on the event's field put it."""
    if event.field in SLOW:
        return f" in {facts['month']}"
    return f" {chance.choice(('on', 'late on', 'early on', 'on', 'on'))} {facts['weekday']}"


def _late(clause: str, time: str) -> str:
    return "" if TIMED.search(clause) or "{month}" in clause else time


def _fitting(event: Event, cause: Cause, alone: bool) -> list[str]:
    fits = {
        "agent_noun": event.kind != "plain",
        "agent_next": event.kind != "plain",
        "anger_noun": event.kind == "anger",
        "named": not alone,
        "who": bool(event.who),
        "front": bool(event.fronts or cause.fronts),
        "front_after": bool(event.fronts or cause.fronts) and event.kind == "anger",
        "purpose": bool(cause.purposes) and event.kind == "anger",
        "purpose_who": bool(cause.purposes) and event.kind != "anger",
        "with": bool(cause.withs),
    }
    return [group for group in FRAMES if fits.get(group, True)]


def _custom(front: str) -> str:
    """A front of a cause's own, what follows 'Fearing' and the like marked as the other answer."""
    found = re.match(
        r"(Fearing that|Fearing(?! for)|Tired of|(?!Advised)\w+ (?:by|with)) (.+)", front
    )
    return f"{found[1]} ⟪{found[2]}⟫" if found else front


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
