"""Read the number that stands in a text, with its unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: value for value, word in enumerate(_ONES)}
_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
_MILLION, _BILLION = (("million", "mln", "mn"), ("billion", "bln", "bn"))
_TIMES = {"dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "trillion": 1e12}
_TIMES |= {**dict.fromkeys(_MILLION, 1e6), **dict.fromkeys(_BILLION, 1e9)}
_SMALL = "|".join(sorted(_WORDS, key=len, reverse=True))
_SPELT = "hundred|thousand|million|billion|trillion|dozen"
_NUMBER = re.compile(
    rf"""(?<![\w.,:])(?:
      (?P<digits>\d{{1,3}}(?:[ ,'\u2019\u00a0\u202f]\d{{3}})+(?:\.\d+)?(?!\d)
        |\d+(?:\.\d+|,\d{{1,2}}(?!\d))?)
      (?:[\s-]?(?P<times>{_SPELT}|mln|mn|bln|bn)\b)?
    | (?P<words>(?:(?:{_SMALL})(?:[\s-](?:{_SMALL}|{_SPELT}|and(?=\s(?:{_SMALL})\b)))*
        |an?\s(?:hundred|thousand|million|dozen)(?:\s(?:thousand|million))?))
    )(?=(?:mm|cm|km|kg)\b|(?!\w|:\d))""",
    re.VERBOSE | re.IGNORECASE,
)
_HEDGE = re.compile(
    r"(?:\b(?:about|around|some|roughly|approximately|nearly|almost|circa|an?\s+estimated|at\s+least"
    r"|at\s+most|up\s+to|(?:more|less|fewer|no\s+(?:more|less|fewer))\s+than|over|under)|~)\s*$",
    re.IGNORECASE,
)
_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_TIME_AFTER = re.compile(rf"\s*(?:[ap]\.?m\b|o'clock|(?:of\s+)?{_MONTH}\b)", re.IGNORECASE)
_DAY_BEFORE = re.compile(rf"\b{_MONTH}\s+$")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_SIGNS = {"$": "dollar", "\u20ac": "euro", "\u00a3": "pound", "\u00a5": "yen", "\u20bd": "ruble"}
_MEASURED = {
    "%": {"%": 1.0, "percent": 1.0, "per cent": 1.0},
    "metre": {"metre": 1.0, "meter": 1.0, "mm": 1e-3, "millimetre": 1e-3, "cm": 1e-2}
    | {"centimetre": 1e-2, "km": 1e3, "kilometre": 1e3, "kilometer": 1e3},
    "second": {"second": 1.0, "minute": 60.0, "hour": 3600.0},
    "day": {"day": 1.0, "week": 7.0},
    "kilogram": {"kilogram": 1.0, "kg": 1.0, "tonne": 1e3},
    "litre": {"litre": 1.0, "liter": 1.0},
    "foot": {"foot": 1.0, "feet": 1.0},
}
_UNITS = {word: (unit, times) for unit, known in _MEASURED.items() for word, times in known.items()}
_UNITS |= {
    word: (word, 1.0)
    for word in "month year mile inch ton degree magnitude mph km/h hectare acre".split()
}
MONEY = frozenset(
    "dollar euro pound yen ruble rouble tenge crown franc rupee yuan peso lira krone krona usd eur "
    "gbp rub kzt".split()
)
"""The units that are money."""
_UNIT = re.compile(
    rf"[\s-]*(?P<unit>{'|'.join(sorted([*_UNITS, *MONEY], key=len, reverse=True))})(?:e?s)?(?!\w)",
    re.IGNORECASE,
)
_BEFORE = 30
"""How many characters before a number are looked at for what it is."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text: `text[start:end]` is it with its unit and with words such as "about".

    `unit` is "" where none is named. `rough` numbers are given with such words.
    """

    value: float
    unit: str
    rough: bool
    start: int
    end: int


def read_figures(text: str) -> list[Figure]:
    """The numbers of a text in order, but not times of day, dates, years and ordinals."""
    found = (_figure(text, match) for match in _NUMBER.finditer(text))
    return [each for each in found if each is not None]


def agree(one: Figure, other: Figure) -> bool:
    """Whether both say the same amount; what is about a number may be 5% off."""
    most = 0.05 * max(one.value, other.value) if one.rough or other.rough else 1e-9
    return abs(one.value - other.value) <= most


def same_figure(one: str, other: str) -> bool:
    """Whether both texts are a figure and nothing else, and of the same value and unit."""
    read = [
        (each.value, each.unit)
        for text in (one.strip(), other.strip())
        for each in read_figures(text)
        if (each.start, each.end) == (0, len(text))
    ]
    return len(read) == 2 and read[0] == read[1]


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    start, end = match.span()
    before = text[max(0, start - _BEFORE) : start]
    if _TIME_AFTER.match(text, end) or _DAY_BEFORE.search(before):
        return None
    if match["digits"]:
        value = _digits(match["digits"]) * _TIMES.get((match["times"] or "").lower(), 1.0)
    else:
        value = _spelt(match["words"])
    unit = ""
    if before.rstrip()[-1:] in _SIGNS:
        start -= len(before) - len(before.rstrip()) + 1
        unit = _SIGNS[text[start]]
    elif named := _UNIT.match(text, end):
        end = named.end()
        unit = named["unit"].lower()
        unit, factor = _UNITS.get(unit, (unit.replace("rouble", "ruble"), 1.0))
        value *= factor
    if not unit and not match["times"] and _YEAR.fullmatch(match[0]):
        return None
    first = max(0, start - _BEFORE)
    hedge = _HEDGE.search(text[first:start])
    return Figure(value, unit, hedge is not None, first + hedge.start() if hedge else start, end)


def _digits(digits: str) -> float:
    if re.fullmatch(r"\d+,\d{1,2}", digits):
        return float(digits.replace(",", "."))
    return float(re.sub(r"[^\d.]", "", digits))


def _spelt(words: str) -> float:
    total = part = 0.0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in ("a", "an"):
            part = 1.0
        elif word in ("hundred", "dozen"):
            part = max(part, 1.0) * _TIMES[word]
        elif word in _TIMES:
            total += max(part, 1.0) * _TIMES[word]
            part = 0.0
        else:
            part += _WORDS.get(word, 0)
    return total + part
