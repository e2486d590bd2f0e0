"""Find words that say when: days, dates, months, times."""

from __future__ import annotations

import re

_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
)
_PART = "(?:morning|afternoon|evening|night)"
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_WHEN = re.compile(
    rf"""\b(?:
      \d{{4}}-\d\d-\d\d
    | (?:{_DAY},?\s+)?(?:{_NUMBER}(?:\s+of)?\s+{_MONTH}|{_MONTH}\s+{_NUMBER}\b)(?:,?\s+{_YEAR})?
    | {_MONTH},?\s+{_YEAR}
    | (?:[Ll]ast\s+|[Nn]ext\s+|[Tt]his\s+)?{_DAY}(?:\s+{_PART})?
    | (?:[Yy]esterday|[Tt]oday|[Tt]onight|[Tt]omorrow)(?:\s+{_PART})?
    | (?:[Ll]ast|[Tt]his|[Nn]ext|[Ee]arlier\s+th(?:is|at))\s+(?:day|week|month|year|night|{_PART}
      |spring|summer|autumn|winter)
    | (?:[Ee]arlier|[Ll]ater)\s+(?:that|the\s+same)\s+day
    | (?<=in\s)(?:{_MONTH}|{_YEAR})
    | (?<=since\s)(?:{_MONTH}|{_YEAR})
    | (?<=by\s)(?:{_MONTH}|{_YEAR}|midday|noon|midnight|dawn)
    | (?<=at\s)(?:\d{{1,2}}(?:[.:]\d\d)?\s?[ap]\.?m\b\.?|midday|noon|midnight|dawn)
    )(?![\w-])""",
    re.VERBOSE,
)


def find_dates(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The ranges within `text[start:end]`, in order, of what says when."""
    # No range reaches out, though what stands before may show what the words mean.
    return [match.span() for match in _WHEN.finditer(text, start, end)]
