"""Find the days, weeks, months, years and ranges that a question names.

In questions case does not count, for people type "in march": what tells the month from the verb is
the word in front. What is found may leave the year open, or go by what day it is.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

from retrieval.dates.words import MONTH, NUMBER, WEEKDAY, YEAR

Link = Literal["in", "since", "after", "before", "until", "to"]


@dataclass(frozen=True, slots=True)
class Asked:
    """When something is asked for: `question[start:end]` says so.

    `first` are the words for a day or more; `link` how it is meant; "to" goes on to `last`.
    """

    start: int
    end: int
    link: Link
    first: str
    last: str = ""


_PART = "(?:morning|afternoon|evening|night)"
COUNT = r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|few)"
FIGURES = r"\d{1,2}(?:/\d{1,2}/(?:\d{4}|\d\d)|\.\d{1,2}\.\d{4}|-\d{1,2}-\d{4})(?![\w/-]|[.,]\d)"
"""A pattern of a date in figures, its year last: which of the others is the month is open."""
_FULL_MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
)
_THE = r"(?:the\s+)?"
_DATED = (
    rf"(?:{MONTH}\s+{_THE}{NUMBER}(?:,?\s+{YEAR})?|{NUMBER}(?:\s+of)?\s+{MONTH}(?:,?\s+{YEAR})?)"
)
_NUMBERED = rf"{NUMBER}(?:,?\s+{YEAR})?"
_ISO = r"\d{4}-\d\d-\d\d(?![\w-])"
_DECADE = r"(?:1[5-9]|20)\d0['\u2019]?s\b"
_SEASON = "(?:spring|summer|autumn|fall|winter)"
_QUARTER = r"(?:(?:first|second|third|fourth|last|final)\s+quarter|Q[1-4])"
_OF_YEAR = rf",?\s+(?:of\s+)?(?:the\s+year\s+)?{YEAR}"
# Three months with their year say when by themselves; without it, there are those of a match, and
# the fall of a dyke.
_MONTHS = (
    rf"(?:(?:{_SEASON}|{_QUARTER}){_OF_YEAR}|{YEAR}\s+Q[1-4]"
    rf"|(?:this|last|next|past|previous)\s+(?:{_SEASON}|quarter)\b(?!\s+(?:of|final))"
    r"(?!\s+(?-i:[A-Z])))"
)
_OPEN_MONTHS = rf"{_QUARTER}\b(?!\s+(?:of|to|in|final|line|games?|meeting)\b)"
# What is done in the summer mornings, or kept for the winter, is of any year.
_OPEN_SEASON = rf"{_SEASON}(?=\s*(?:[?.!,]|$))"
_LARGE = rf"(?:{_MONTHS}|{MONTH},?\s+(?:of\s+)?{YEAR}|{_DECADE}|{_FULL_MONTH}\b|{YEAR})"
_PARTED = (
    r"(?:(?:late|early|mid)[\s-]+|(?:end|beginning|start|middle)\s+of\s+)"
    rf"(?:the\s+)?(?:month\s+of\s+)?{_LARGE}"
)
_WEEK = (
    rf"(?:(?:first|second|third|fourth|last|final)\s+week\s+(?:of|in)\s+{_THE}(?:year\s+)?{_LARGE}"
    rf"|week\s+of\s+{_THE}(?:{_ISO}|{_DATED}))"
)
_RELATIVE = (
    rf"(?:(?:today|yesterday|tonight)\b(?!['\u2019]s)|this\s+{_PART}\b|last\s+night\b"
    rf"|tomorrow\b(?!['\u2019]s)|(?:this|last|next)\s+{WEEKDAY}\b(?:\s+{_PART}\b)?"
    r"|(?:this|last|past|previous|next)\s+(?:week|month|year)\b"
    rf"|(?:last|past|previous)\s+{COUNT}\s+(?:days|weeks|months|years)\b"
    rf"|(?:an?|one|{COUNT})\s+(?:days?|weeks?|months?|years?)\s+ago\b"
    r"|(?:the|this|last|next)\s+weekend\b(?!['\u2019]s?\b))"
)
# What says when by itself, and what does so only after such a word as "in".
_CLEAR = (
    rf"(?:{_ISO}|{FIGURES}|{_WEEK}|(?:{WEEKDAY},?\s+)?{_THE}{_DATED}|{_PARTED}"
    rf"|{MONTH},?\s+(?:of\s+)?{YEAR}|{_MONTHS}|{_RELATIVE})"
)
# The Sunday Times, Black Monday, Sundays: days no more.
_ON_WEEKDAY = rf"{WEEKDAY}\b(?:\s+{_PART}\b)?(?!\s+(?-i:[A-Z]))"
_ANY = rf"(?:{_CLEAR}|{_LARGE}|{_ON_WEEKDAY}|{_OPEN_MONTHS}|{_OPEN_SEASON})"
_LEAD = rf"{_THE}(?:month\s+of\s+)?"
_DASH = r"\s*(?:-|\u2013|\u2014)\s*"

_WORDINGS: tuple[tuple[Link, str], ...] = (
    (
        "to",
        rf"between\s+{_LEAD}(?P<first>{_ANY}|{NUMBER})\s+and\s+{_LEAD}(?P<last>{_ANY}|{_NUMBERED})",
    ),
    (
        "to",
        rf"from\s+{_LEAD}(?P<first>{_ANY}|{NUMBER})(?:\s+(?:to|until|till|through)\s+|{_DASH})"
        rf"{_LEAD}(?P<last>{_ANY}|{_NUMBERED})",
    ),
    (
        "to",
        rf"(?P<first>{_DATED})(?:\s+to\s+|{_DASH})(?P<last>{_DATED}|{_NUMBERED})",
    ),
    ("to", rf"(?P<first>{YEAR}){_DASH}(?P<last>{YEAR})"),
    ("to", rf"(?P<first>{NUMBER})(?:\s+to\s+|{_DASH})(?P<last>{_DATED})"),
    ("since", rf"(?:since|starting)\s+(?:on\s+|in\s+)?{_LEAD}(?P<first>{_ANY})"),
    ("since", rf"from\s+{_LEAD}(?P<first>{_ANY})\s+on(?:wards?)?"),
    ("after", rf"(?:after|following)\s+{_LEAD}(?P<first>{_ANY})"),
    ("before", rf"(?:before|prior\s+to)\s+{_LEAD}(?P<first>{_ANY})"),
    ("until", rf"(?:until|till|up\s+to|as\s+of)\s+{_LEAD}(?P<first>{_ANY})"),
    # "By May" may be somebody's name.
    ("until", rf"by\s+(?:the\s+)?(?!may\b(?!\s+\d))(?P<first>{_ANY})"),
    (
        "in",
        rf"(?:in|during|throughout|over|within|this|last)\s+{_LEAD}(?P<first>{_PARTED}|{_LARGE})",
    ),
    ("in", rf"(?:in|during|throughout|over|for)\s+(?:the\s+)(?P<first>{_OPEN_MONTHS})"),
    ("in", rf"(?:in|during)\s+(?:the\s+)(?P<first>{_OPEN_SEASON})"),
    ("in", r"(?:in|during|for)\s+(?P<first>Q[1-4]\b)"),
    ("in", rf"month\s+of\s+(?P<first>{_LARGE})"),
    ("in", rf"(?P<first>{_CLEAR})"),
    ("in", rf"on\s+(?P<first>{_ON_WEEKDAY})"),
    ("in", rf"(?P<first>{_ON_WEEKDAY})(?=['\u2019]s\s+[a-z]|\s*[?.!]*$)"),
    ("in", rf"(?:of|for|the)\s+(?P<first>{_DECADE}|{YEAR})"),
)
_RULES = tuple(
    (link, re.compile(rf"(?<![\w-])(?<!\d[,.])(?:{wording})(?!\w|-\w)", re.IGNORECASE))
    for link, wording in _WORDINGS
)
_NEAR = 24
"""Characters in front of a date that are looked at."""
_COUNTED = re.compile(r"\s+(?:people|men|women|children|metres|euros|[a-z]{3,}s)\b|\s*%")
_NO_PLURAL = re.compile(r"\s+(?:was|has|does|is|as|this|across|versus|reports?)\b", re.IGNORECASE)
_NAME = re.compile(r"\s+[A-Z][a-z]")
_ON = re.compile(
    r"(?:\b(?:on|of|since|after|before|until|till|by|from|to|and|between)|-)\s+$", re.I
)
_NAMED_DAY = re.compile(r"\b(?:[A-Z][a-z]+|(?i:is|are|was|good|black|bloody|easter))\s+$")
_NUMBER_OF = re.compile(r"\b(?:version|number|no\.?|phone|section|release)\s+$", re.IGNORECASE)
_HINT = re.compile(
    rf"\d|{MONTH}|today|yesterday|tonight|tomorrow|day\b|\bago\b|weekend|quarter|{_SEASON}"
    r"|\b(?:this|last|past|previous|next)\s",
    re.IGNORECASE,
)
_PART_BEFORE = re.compile(
    r"(?:(?:late|early|mid)[\s-]+|(?:end|beginning|start|middle)\s+of\s+)"
    r"(?:the\s+)?(?:month\s+of\s+)?",
    re.IGNORECASE,
)


def find_asked(question: str) -> list[Asked]:
    """What says when, in order; what is said in two ways counts as the longer, earlier one."""
    if not _HINT.search(question):
        return []
    found: list[Asked] = []
    for link, rule in _RULES:
        for match in rule.finditer(question):
            apart = all(match.end() <= each.start or each.end <= match.start() for each in found)
            if apart and not any(_is_no_date(match, part) for part in _parts(match)):
                last = match["last"] if "last" in match.re.groupindex else ""
                found.append(Asked(*match.span(), link, match["first"], last))
    return sorted(found, key=lambda each: each.start)


def _parts(match: re.Match[str]) -> Iterator[str]:
    yield from (name for name in ("first", "last") if name in match.re.groupindex)


def _is_no_date(match: re.Match[str], part: str) -> bool:
    """Whether it is a number of things, a verb or a name, though it reads as a date."""
    words, text = _PART_BEFORE.sub("", match[part], count=1), match.string
    start, end = match.span(part)
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    if re.fullmatch(YEAR, words):
        plain = int(words) % 100 and before.lower().endswith("the ")
        counted = _COUNTED.match(after) is not None and _NO_PLURAL.match(after) is None
        return counted and not plain
    if re.fullmatch(_FULL_MONTH, words, re.IGNORECASE):
        # "In May Street", "in March 20 people": the month may stand, the number is of the people.
        return _NAME.match(after) is not None
    if re.match(r"(?:the\s+)?(?:may|march)\s+\d", words):
        # In small letters a verb, unless a word in front says that it is none.
        return not re.search(YEAR, words) and not _ON.search(before)
    if re.fullmatch(_ON_WEEKDAY, words, re.IGNORECASE):
        # Ruby Tuesday, Black Friday.
        return _NAMED_DAY.search(before) is not None
    if re.fullmatch(FIGURES, words):
        return _NUMBER_OF.search(before) is not None
    # The newspaper, not the day.
    return words == "Today" and bool(before.strip())


_FIGURES = re.compile(rf"(?:{FIGURES})")
_CENTURY = 100


def is_in_figures(asked: Asked) -> bool:
    """Whether an end of what is asked for is a date in figures, the year last."""
    return any(_FIGURES.fullmatch(each) for each in (asked.first, asked.last))


def readings(asked: Asked, newest: datetime.date) -> list[Asked]:
    """The ways to read it with days as ISO 8601 writes them: the day first, and the month first.

    Both ends of a range are read alike. A year of two figures is the latest that had come by the
    newest report. Empty if there are no such days.
    """
    found = []
    for day_first in (True, False):
        ends = [
            _iso(each, newest, day_first=day_first) if _FIGURES.fullmatch(each) else each
            for each in (asked.first, asked.last)
        ]
        if None not in ends:
            found.append(replace(asked, first=ends[0] or "", last=ends[1] or ""))
    return list(dict.fromkeys(found))


def _iso(words: str, newest: datetime.date, *, day_first: bool) -> str | None:
    one, other, year = map(int, re.findall(r"\d+", words))
    if year < _CENTURY:
        year += newest.year // _CENTURY * _CENTURY
        year -= _CENTURY if year > newest.year else 0
    day, month = (one, other) if day_first else (other, one)
    with suppress(ValueError):
        return datetime.date(year, month, day).isoformat()
    return None
