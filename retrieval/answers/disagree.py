"""Tell that reports give different figures for the same thing, and show them newest first."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Passage
from retrieval.answers.asked_figure import read_asked
from retrieval.answers.claimed_figure import Claim, read_claim
from retrieval.answers.merge import merge_spans
from retrieval.english.numbers import MONEY, agree
from retrieval.types import Span

PLAIN = 0.2
"""A figure with all that is asked of beside it is shown if this much as sure as the surest one."""

COUNTED = 0.45
"""As much for a figure that has just what is counted beside it: a reader that is so sure of it
knows what "water had entered 640 houses" says of floods.

Both were chosen on the questions of seeds/questions.jsonl and some more that ask for figures.
"""

_UNSAID = MONEY | {"year"}
"""Units that a report may leave out."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Answers that differ: a group of spans each, newest report first, and what to say of it."""

    groups: list[list[Span]]
    remark: str

    def put_first(self, chosen: Sequence[list[Span]], max_answers: int) -> list[list[Span]]:
        """These answers, then as many of those chosen as there is room for.

        The surest answer is always among them, also where it is none of these.
        """
        spans = {span for group in self.groups for span in group}
        others = [group for group in chosen if spans.isdisjoint(group)]
        least = 1 if others and others[0] is chosen[0] else 0
        return [*self.groups, *others[: max(least, max_answers - len(self.groups))]]


def find_disagreement(
    question: str,
    spans: Sequence[Span],
    passages: Sequence[Passage],
    least: float,
    most: int | None = None,
) -> Disagreement | None:
    """The different figures that reports give for the one thing asked; None if that is not plain.

    `spans` are surest first; the surest figure has to be as sure as `least`. At `most` so many are
    shown: the surest one, and the newest.
    """
    asked = read_asked(question)
    if asked is None:
        return None
    enough = [span for span in spans if span.confidence >= PLAIN * least]
    read = (read_claim(span, passages[span.passage], asked) for span in enough)
    claims = [each for each in read if each is not None]
    if not claims or claims[0].span.confidence < least:
        return None
    if most is not None and claims[0].span != spans[0]:
        # The surest answer is another one, and there is no room for it beside these.
        return None
    kept = _comparable(claims, passages)
    groups = _by_value(kept, passages)
    if not any(not agree(a[0].figure, b[0].figure) for a in groups for b in groups):
        return None
    shown = groups
    if most is not None and len(groups) > most:
        first = next(group for group in groups if kept[0] in group)
        others = [group for group in groups if group is not first][: most - 1]
        shown = [group for group in groups if group is first or group in others]
    return Disagreement(
        [_merged(group, passages) for group in shown],
        _remark(shown, len(groups) - len(shown), kept, passages),
    )


def _comparable(claims: list[Claim], passages: Sequence[Passage]) -> list[Claim]:
    """Those that are sure enough and of the same as the first, surest first."""
    first = claims[0]
    kept: list[Claim] = []
    for claim in claims:
        share = PLAIN if claim.plain else COUNTED
        if (
            claim.span.confidence >= share * first.span.confidence
            and claim.places == first.places
            and _same_unit(claim, first)
            and not any(_one_voice(claim, other, passages) for other in kept)
        ):
            kept.append(claim)
    return kept


def _same_unit(one: Claim, other: Claim) -> bool:
    a, b = one.figure.unit, other.figure.unit
    # "The town needs 70 million" of what is told in crowns, "Tomas Wendrake, 34," of years.
    return a == b or (not (a and b) and (a or b) in _UNSAID)


def _one_voice(one: Claim, other: Claim, passages: Sequence[Passage]) -> bool:
    """Whether one report gives two figures as its own: then they are of different things."""
    a, b = passages[one.span.passage], passages[other.span.passage]
    if a.document_id != b.document_id or one.figure.value == other.figure.value:
        return False
    return not one.source or not other.source or not one.source.isdisjoint(other.source)


def _by_value(claims: list[Claim], passages: Sequence[Passage]) -> list[list[Claim]]:
    """Those of one value together, surest first; newest report first, undated last."""
    groups: dict[float, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(claim.figure.value, []).append(claim)
    return sorted(
        groups.values(),
        key=lambda group: (_day(group, passages) or datetime.date.min, group[0].span.confidence),
        reverse=True,
    )


def _day(group: list[Claim], passages: Sequence[Passage]) -> datetime.date | None:
    """The newest date of a report that gives the figure."""
    days = [passages[claim.span.passage].date for claim in group]
    return max((day for day in days if day is not None), default=None)


def _merged(group: list[Claim], passages: Sequence[Passage]) -> list[Span]:
    """The spans, overlapping ones once."""
    return [
        span for spans in merge_spans([each.span for each in group], passages) for span in spans
    ]


def _remark(
    shown: list[list[Claim]], left: int, claims: list[Claim], passages: Sequence[Passage]
) -> str:
    reports = {passages[claim.span.passage].document_id for claim in claims}
    begin = "Reports differ" if len(reports) > 1 else "One report gives different figures"
    told = []
    for group in shown:
        day = _day(group, passages)
        text = group[0].text
        when = " (no date)" if day is None else f" ({day.day} {day:%B %Y})"
        # One report has one date: said once, at the end.
        dated = len(reports) > 1 or group is shown[-1]
        told.append(f"{text[:1].lower()}{text[1:]}{when if dated else ''}")
    if left:
        told[-1] += f" and {left} more"
    return f"{begin}: {', '.join(told)}."
