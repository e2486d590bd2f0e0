"""What kind of answer a question asks for, and which words in a text look like one."""

from __future__ import annotations

import re
from enum import Enum


class Kind(Enum):
    """The kind of answer that a question asks for."""

    CAUSE = "cause"
    TIME = "time"
    PLACE = "place"
    PERSON = "person"
    FIGURE = "figure"
    OTHER = "other"


_KINDS = [
    (
        Kind.CAUSE,
        r"\bwhy\b|\bhow come\b|\bwhat\b.{0,40}\b(cause[ds]?|causing|led to|leads to|prompted"
        r"|triggered"
        r"|sparked|provoked)\b|\b(reasons?|motives?|causes?)\b",
    ),
    (
        Kind.TIME,
        r"\bwhen\b|\b(what|which|on what|in which)\s+(exact\s+)?(date|day|time|year|month|week"
        r"|century"
        r"|decade)\b|\bhow (long ago|soon|recently)\b|\bsince when\b",
    ),
    (
        Kind.FIGURE,
        r"\bhow (many|much|old|far|long|high|tall|large|big|fast|deep|often|strong|wide|heavy)\b"
        r"|\b(what|which)\b.{0,30}\b(number|percentage|percent|price|cost|amount|age|share|rate"
        r"|population|distance|sum|total|toll|size)\b",
    ),
    (
        Kind.PLACE,
        r"\bwhere\b|\b(what|which)\s+(\w+\s+)?(city|cities|country|countries|place|places|town"
        r"|towns"
        r"|village|state|region|province|district|street|continent|location)\b",
    ),
    (
        Kind.PERSON,
        r"\b(who|whom|whose)\b|\b(what|which)\s+(\w+\s+)?(person|people|man|woman|president"
        r"|minister"
        r"|leader|official|author|actor|actress|singer|player)\b",
    ),
]
_QUESTIONS = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS]

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Mar\.|Apr\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.)"
)
_DAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_NUMBER = (
    r"(?:\d[\d,.]*\d|\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty|ninety|hundred|hundreds|thousand|thousands|million|billion|dozen|dozens|half|one"
    r"|both|no one|none|nobody)\b)"
)
_CAPITALISED = r"[A-Z\u00c0-\u00de][\w'\u2019-]*\.?"
_NAME = rf"(?:{_CAPITALISED}(?:\s+(?:of|the|al|de|van|von|bin)?\s*{_CAPITALISED})*)"

TIMES = re.compile(
    rf"(?:(?:on|in|at|by|since|until|from|about|around|before|after|early|late)\s+)*(?:"
    rf"\d{{1,2}}(?:[.:]\d\d)?\s*[ap]\.?m\b\.?(?:\s+on\s+{_DAY})?"
    rf"|{_DAY}(?:,?\s+\d{{0,2}}\s*{_MONTH}?\s*\d{{0,2}}(?:,?\s+\d{{4}})?)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}})?"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?|{_MONTH}\s+\d{{4}}|{_MONTH}"
    r"|\d{4}-\d\d-\d\d|(?:1[5-9]|20)\d\ds?|midnight|noon|dawn|dusk|yesterday|today|tomorrow|tonight"
    r"|(?:last|next|this|earlier that|the previous|the following|the next|the same)\s+"
    r"(?:week|month|year|day|night|morning|evening|afternoon|spring|summer|autumn|winter|weekend)"
    r"|(?:\w+\s+)?(?:days?|weeks?|months?|years?|hours?|minutes?)\s+(?:ago|later|earlier|before"
    r"|after))"
)
"""Dates, times of day and words like yesterday, with the preposition before them."""

FIGURES = re.compile(
    rf"(?:(?:about|around|some|over|under|nearly|almost|at least|at most|more than|less than"
    rf"|fewer than"
    rf"|up to|only|as many as|approximately)\s+)?[$\u00a3\u20ac]?{_NUMBER}(?:\s*(?:%|percent"
    rf"|per cent))?"
    r"(?:[ -](?:hundred|thousand|million|billion|dozen))*(?:\s+(?!and\b|or\b|in\b|of\b|to\b|on\b"
    r"|at\b|by\b"
    r"|from\b|per\b|for\b|with\b|were\b|was\b|had\b|have\b|has\b|is\b|are\b|who\b|the\b|a\b"
    r"|after\b|as\b)"
    r"[a-z]+){0,2}",
    re.IGNORECASE,
)
"""Numbers in digits and words, with what is counted."""

NAMES = re.compile(rf"(?:(?:[Tt]he|[Pp]resident|[Mm]inister|[Mm]ayor)\s+)?{_NAME}")
"""Runs of capitalised words."""

PLACES = re.compile(
    rf"(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Tt]o|[Tt]hroughout|[Aa]cross|(?:north|south|east|west) of"
    rf"|[Oo]utside"
    rf"|[Ii]nside|[Oo]ver)\s+(?:the\s+)?(?:\w+\s+){{0,3}}?{_NAME}"
)
"""A preposition of place and a name."""

_CAUSES = re.compile(
    r"\b(?:because|due to|owing to|as a result|caused? by|result(?:ed|s|ing)? (?:from|of)"
    r"|prompted by"
    r"|triggered by|sparked by|driven by|blamed (?:on|for)|thanks to|in (?:protest|response"
    r"|reaction)"
    r"|led to|leads to|so that|in order to|for fear|on account of|in an attempt|in a bid|to protest"
    r"|the (?:reason|cause)|attributed to|stems? from|aimed? at|therefore|which is why)\b",
    re.IGNORECASE,
)
_WEAK_CAUSES = re.compile(
    r"\b(?:since|after|over|amid|following|as|for|to [a-z]+|by [a-z]+ing)\b", re.IGNORECASE
)
_FRONT_CAUSE = re.compile(
    r"\W*(?!According|During|Including|Regarding|Being|Having|Speaking)(?:(?:[A-Z][a-z]+(?:ed|en"
    r"|ing)|Upset|Furious|Angry|Unhappy|Afraid|Tired|Concerned|Faced|Due|Because"
    r"|Since|Amid|Following|After)\s+(?:with|by|at|over|about|that|of|to|the|a|an|in|its|their"
    r"|his|her|for"
    r"|against|from)\b)"
)
"""A participle or a mood that opens a sentence: "Dissatisfied with", "Fearing a"."""


def question_kind(question: str) -> Kind:
    """The kind of answer that is asked for; the first that matches."""
    for kind, pattern in _QUESTIONS:
        if pattern.search(question):
            return kind
    return Kind.OTHER


def cue_strength(kind: Kind, text: str) -> float:
    """How much in a text looks like an answer of the kind: 0 nothing, 0.5 a little, 1 plainly."""
    if kind is Kind.CAUSE:
        if _CAUSES.search(text) or _FRONT_CAUSE.match(text):
            return 1.0
        return 0.5 if _WEAK_CAUSES.search(text) else 0.0
    pattern = _PATTERNS.get(kind)
    return 1.0 if pattern is not None and pattern.search(text) else 0.0


def cue_spans(kind: Kind, text: str) -> list[tuple[int, int]]:
    """The short spans in a text that look like an answer of the kind, in order."""
    pattern = (
        NAMES if kind is Kind.PLACE else CLAUSES if kind is Kind.CAUSE else _PATTERNS.get(kind)
    )
    if pattern is None:
        return []
    return [match.span() for match in pattern.finditer(text)]


CLAUSES = re.compile(
    rf"^{_FRONT_CAUSE.pattern}[^,;]+(?=,)"
    r"|\b(?:because|due to|owing to|as a result of|caused by|prompted by|triggered by|sparked by"
    r"|thanks to"
    r"|driven by|in (?:protest|response|reaction)|so that|in order to|for fear|in an attempt"
    r"|in a bid"
    r"|after [a-z]+ing)\b[^,;:()\u2013\u2014\u201d]+"
)
"""Clauses that give a cause in so many words: "because ...", or in front, "Fearing ...,"."""

_PATTERNS = {Kind.TIME: TIMES, Kind.FIGURE: FIGURES, Kind.PERSON: NAMES, Kind.PLACE: PLACES}
