"""What a question asks the number of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import tantivy

from index.search.words import STOP_WORDS, analyzer

_WORD = re.compile(r"[^\W_]+")
_COUNT = re.compile(
    r"how many\s+(?P<rest>.+)"
    r"|what(?: is| was|'s)? the (?:total |exact |latest |current )?"
    r"(?:number|count|total)(?: of)?\s+(?P<of>.+)"
    r"|what(?: is| was|'s)? the (?P<toll>death toll|toll)\b(?P<where>.*)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"how much (?:money|cash)\b|how much (?:(?:do|does|did|will|would|has|have|is|was|were) )?"
    r".*\b(?:costs?|paid|pays?|spen[dt]|owe|worth|earn|price)\b"
    r"|what(?: is| was|'s)? the (?:price|cost)s?\b|how expensive",
    re.IGNORECASE,
)
_MEASURES = (
    (r"how much\b", ""),
    (r"(?:what|which) (?:percentage|per cent|percent|share)\b", "%"),
    (r"how old\b", "age"),
    (r"how (?:long|far|high|tall|deep|wide|large|big|strong|fast|heavy|hot|cold)\b", "measure"),
)
_SAME = {
    **dict.fromkeys(("die", "death", "dead", "kill", "toll", "fatal"), "die"),
    **dict.fromkeys(("injur", "hurt", "wound"), "injur"),
    **dict.fromkeys(("burn", "burnt"), "burn"),
    **dict.fromkeys(("peopl", "person"), "peopl"),
    **dict.fromkeys(("cost", "price"), "cost"),
    **dict.fromkeys(("miss", "disappear"), "miss"),
}
"""Stems that say the same of people and things that are counted."""
_HARM = frozenset({"die", "injur", "miss", "evacu", "arrest"})
"""Stems that tell that people are counted, though none are named."""
_EMPTY = frozenset(
    "many much number total count figur far still now alreadi current altogeth so person peopl "
    "money cash percentag percent share old long high tall deep wide larg big strong fast heavi "
    "hot cold give got get say said report accord".split()
) | {"per", "cent"}
"""Stems that tell nothing of what is counted."""

PEOPLE = "peopl"
"""The noun of a question that counts people, whoever they are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked the number of.

    `noun` is the stem of the counted noun, "" where nothing is counted; `words` are the other stems
    that a report has to have; `names` those of the question's names. `unit` is "money", "%", "age",
    "measure", or "" where any will do.
    """

    noun: str
    words: frozenset[str]
    names: frozenset[str]
    unit: str


def read_asked(question: str) -> Asked | None:
    """What a question asks the number of; None where it asks for none, or what is not plain."""
    counted = _COUNT.match(question.strip())
    if counted is None:
        return _measure(question.strip())
    if counted["toll"]:
        return _asked(PEOPLE, f"{counted['toll']} {counted['where']}", "")
    rest = counted["rest"] or counted["of"]
    named = (stems(word) for word in _WORD.findall(rest) if is_plural(word))
    noun = next((found[0] for found in named if found and found[0] not in _HARM), None)
    if noun is None and not _HARM.isdisjoint(stems(rest)):
        noun = PEOPLE
    return None if noun is None else _asked(noun, rest, "")


def stems(text: str) -> list[str]:
    """The stems of a text's words in order, those that say the same alike, without stop words."""
    return [_stem(word) for word in _WORD.findall(text) if word.casefold() not in _STOP_WORDS]


def _measure(question: str) -> Asked | None:
    if _MONEY.match(question):
        return _asked("", question, "money")
    for pattern, unit in _MEASURES:
        if re.match(pattern, question, re.IGNORECASE):
            return _asked("", question, unit)
    return None


def _asked(noun: str, text: str, unit: str) -> Asked:
    words = [word for word in _WORD.findall(text) if word.casefold() not in _STOP_WORDS]
    names = {_stem(word) for word in words if word[0].isupper() or word[0].isdigit()}
    others = {_stem(word) for word in words} - names - _EMPTY - {noun}
    return Asked(noun, frozenset(others), frozenset(names - _EMPTY), unit)


def is_plural(word: str) -> bool:
    """Whether a word looks like a noun in the plural."""
    word = word.casefold()
    if word in ("people", "men", "women", "children"):
        return True
    return word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3


_STOP_WORDS = frozenset(STOP_WORDS) | {"how", "been", "there"}


@lru_cache(maxsize=1)
def _analyzer() -> tantivy.TextAnalyzer:
    return analyzer(stop_words=False)


@lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    stem = "".join(_analyzer().analyze(word)) or word.casefold()
    return _SAME.get(stem, stem)
