"""Find words that say when: days, dates, months, times."""

from __future__ import annotations

import re

from retrieval.dates.named import MONTH, NUMBER, WEEKDAY, YEAR

# A sentence writes months with a capital: it may rain, and people may march.
_MONTH = f"(?=[A-Z]){MONTH}"
SMALL = "(?i:one|two|three|four|five|six|seven|eight|nine|ten)"
"""A pattern of a number in letters."""

_PART = "(?:morning|afternoon|evening|night)"
_WHEN = re.compile(
    rf"""\b(?:
      \d{{4}}-\d\d-\d\d
    | (?:{WEEKDAY},?\s+)?(?:{NUMBER}(?:\s+of)?\s+{_MONTH}|{_MONTH}\s+{NUMBER})(?:,?\s+{YEAR})?
    | {_MONTH},?\s+{YEAR}
    | (?:[Ll]ast\s+|[Nn]ext\s+|[Tt]his\s+)?{WEEKDAY}(?:\s+{_PART})?
    | (?:[Yy]esterday|[Tt]oday|[Tt]onight|[Tt]omorrow)(?:\s+{_PART})?
    | (?:[Ll]ast|[Tt]his|[Nn]ext|[Ee]arlier\s+th(?:is|at))\s+(?:day|week|month|year|night|{_PART}
      |spring|summer|autumn|winter)
    | (?:[Ee]arlier|[Ll]ater)\s+(?:that|the\s+same)\s+day
    | (?:\d{{1,2}}|{SMALL})\s+days?\s+(?:ago|earlier|later)
    | [Tt]he\s+(?:next|following|previous)\s+day
    | (?<=in\s)(?:{_MONTH}|{YEAR})
    | (?<=since\s)(?:{_MONTH}|{YEAR})
    | (?<=by\s)(?:{_MONTH}|{YEAR}|midday|noon|midnight|dawn)
    | (?<=at\s)(?:\d{{1,2}}(?:[.:]\d\d)?\s?[ap]\.?m\b\.?|midday|noon|midnight|dawn)
    )(?![\w-])""",
    re.VERBOSE,
)


def find_dates(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The ranges within `text[start:end]`, in order, of what says when."""
    # No range reaches out, though what stands before may show what the words mean.
    return [match.span() for match in _WHEN.finditer(text, start, end)]
