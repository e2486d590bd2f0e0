"""The names of months, as they are written in reports and questions."""

from __future__ import annotations

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
"""A pattern of a month's name or its short form, without a full stop, for case to be ignored."""


def month_number(name: str) -> int:
    """The month's number, 1 to 12, by the name's first three letters."""
    # casefold: with case ignored, the pattern's s matches the long s as well.
    return MONTHS.index(name[:3].casefold()) + 1
