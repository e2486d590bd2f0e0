"""Read what a report gives the number of, where it answers a question that asks for one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.search.words import STOP_WORDS
from index.sentences import split_sentences
from index.types import Passage
from retrieval.answers.asked_figure import PEOPLE, Asked, is_plural, stems
from retrieval.answers.cite import sentences_around
from retrieval.english.numbers import MONEY, Figure, read_figures
from retrieval.types import Span

_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_CUT = re.compile(
    r"[;:()\u2013\u2014\"\u201c\u201d]|,(?!\d)|\s-\s"
    r"|\b(?:but|while|whereas|after|before|because|since|including|who|which|that|when|where"
    r"|although|though)\b"
    rf"|\band\s+(?=\d|(?:{_SMALL}|about|at least|the|that|an?|he|she|they|it|its|their)\b)",
    re.IGNORECASE,
)
"""Where another clause begins, which tells of something else."""
_PART_BEFORE = re.compile(
    r"\b(?:by|from|another|including|other|further|additional|half(?: of)?(?: the)?"
    r"|of (?:the|whom|these|those))\s*$",
    re.IGNORECASE,
)
_PART_AFTER = re.compile(
    r"\s*(?:more|others?|further|additional|of (?:the|whom|these|those))\b", re.I
)
_GOVERNED = re.compile(
    r"\b(?:for|to|of|with|without|among|between|in|into|on|at|against|per)(?: the)?\s*$",
    re.IGNORECASE,
)
_AGED = re.compile(r"(?:,|\baged?(?: of)?)\s*$", re.IGNORECASE)
_OF_THEM = re.compile(r"\s*of them\b", re.IGNORECASE)
_AGAIN = re.compile(
    r"\b(?:(?:put|puts|gave|gives|set|sets|placed?)\b.*\b(?:number|figure|toll|total|count|it)\b"
    r"|(?:gave|gives) an?\b.*\bfigure|spoke|speaks|(?:still|also) lists?)\b",
    re.IGNORECASE | re.DOTALL,
)
"""A sentence that gives another figure for what the sentence before it tells of."""
_PLACE = re.compile(
    r"\b(?:in|at|near|from|around|across|of)\s+(?:the\s+)?([A-Z][\w'\u2019-]*(?:\s[A-Z][\w-]*)*)"
)
_DAYS = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August"
    r"|September|October|November|December"
)
_SAYS = re.compile(
    r"(?P<after>[^,;:.]*?)\b(?:said|says|told|put|puts|gave|gives|spoke|speaks|lists?|listed"
    r"|counted|counts|estimated|reported|lowered|reduced|raised|confirmed)\b"
    r"|\baccording to (?P<to>[^,;:.]*)",
    re.IGNORECASE,
)
_NOUN_WORDS = 4
"""How many words after a number are looked at for what it counts."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that a report gives for what a question asks.

    `text` is it as it stands there. `plain` tells that all that the question asks of stands beside
    it, not just what is counted. `places` are where the figure is said to hold, `source` the stems
    of who says it, empty where that is not told.
    """

    span: Span
    figure: Figure
    text: str
    plain: bool
    places: frozenset[str]
    source: frozenset[str]


def read_claim(span: Span, passage: Passage, asked: Asked) -> Claim | None:
    """The one figure of a span, if it is of what is asked; None for anything less plain."""
    text = passage.text
    start, end = sentences_around(text, span.start, span.end)
    sentence = text[start:end]
    within = [
        each
        for each in read_figures(sentence)
        if each.start < span.end - start and span.start - start < each.end
    ]
    if len(within) != 1 or not _fits(within[0], asked, sentence):
        return None
    where = f"{passage.title} {text}" if asked.noun else sentence
    if not asked.names <= set(stems(where)):
        return None
    (figure,) = within
    plain = _tells(sentence, figure, asked, _before(text, start))
    if plain is None:
        return None
    a, b = _clause(sentence, figure)
    found = {name for name in _PLACE.findall(sentence[a:b]) if not _DAYS.match(name)}
    return Claim(
        span,
        figure,
        " ".join(sentence[figure.start : figure.end].split()),
        plain,
        frozenset(name for name in found if not asked.names.issuperset(stems(name))),
        _source(sentence),
    )


def _fits(figure: Figure, asked: Asked, sentence: str) -> bool:
    """Whether the unit is of the kind asked for, and the number stands for the whole of it."""
    before, after = sentence[: figure.start], figure.end
    if _PART_BEFORE.search(before) or _PART_AFTER.match(sentence, after):
        return False
    if asked.noun:
        named = sentence[figure.start : figure.end]
        return not figure.unit or asked.noun in stems(named)
    if asked.unit == "money":
        return not figure.unit or figure.unit in MONEY
    if asked.unit == "age":
        return figure.unit == "year" or bool(not figure.unit and _AGED.search(before))
    if asked.unit == "measure":
        return bool(figure.unit) and figure.unit not in MONEY and figure.unit != "%"
    return not asked.unit or figure.unit == asked.unit


def _tells(sentence: str, figure: Figure, asked: Asked, before: str) -> bool | None:
    """Whether all that is asked of stands beside the figure; None where it counts another thing.

    `before` is the sentence before this one.
    """
    if not asked.noun:
        # Names were looked for before.
        known = asked.words | asked.names
        return True if known and asked.words <= set(stems(sentence)) else None
    a, b = _clause(sentence, figure)
    beside = set(stems(sentence[a:b]))
    counted = _counted(sentence[figure.end : b])
    known = asked.words | {asked.noun}
    nouns = [place for place, word in enumerate(counted) if stems(word) == [asked.noun]]
    named = bool(nouns)
    # "Ten stable isotopes" are not all of them, and "eight names" are no people.
    qualified = counted[: nouns[0]] if named else counted[:1]
    others = [word for word in counted if is_plural(word)]
    if any(not known.issuperset(stems(word)) for word in (*qualified, *others)):
        return None
    if not counted and _AGAIN.search(sentence[: figure.start]) and _told_before(before, asked):
        return True
    if asked.noun == PEOPLE:
        return True if asked.words and asked.words <= beside else None
    there = set(stems(sentence)) if _OF_THEM.match(sentence, figure.end) else beside
    if asked.noun in there and asked.words <= beside:
        return True
    # "Claims for 980 houses" are of something else than houses.
    return False if named and not _GOVERNED.search(sentence[: figure.start]) else None


def _told_before(sentence: str, asked: Asked) -> bool:
    """Whether a figure of what is asked stands in the sentence, with all that is asked of."""
    return any(
        _fits(figure, asked, sentence) and _tells(sentence, figure, asked, "")
        for figure in read_figures(sentence)
    )


def _counted(text: str) -> list[str]:
    """The words right after a number, which may name what it counts."""
    words: list[str] = []
    for match in re.finditer(r"\s*([^\W\d_][\w'\u2019-]*)|\s*\S", text):
        word = match[1]
        if word is None or word.casefold() in STOP_WORDS or len(words) == _NOUN_WORDS:
            break
        words.append(word)
    return words


def _clause(sentence: str, figure: Figure) -> tuple[int, int]:
    """The range of the clause that the figure stands in."""
    start, end = 0, len(sentence)
    for match in _CUT.finditer(sentence):
        if match.end() <= figure.start:
            start = match.end()
        elif match.start() >= figure.end:
            end = match.start()
            break
    return start, end


def _before(text: str, start: int) -> str:
    """The sentence that ends where another starts, "" where a blank line parts them."""
    for a, b in split_sentences(text):
        if b <= start and not text[b:start].strip() and text[b:start].count("\n") < 2:
            return text[a:b]
    return ""


def _source(sentence: str) -> frozenset[str]:
    match = _SAYS.search(sentence)
    return frozenset(stems(match["to"] or match["after"] or "")) if match else frozenset()
