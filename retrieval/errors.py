"""What can go wrong on the way out.

RetrievalError
├── QuestionEmpty           nothing in the question to look for
├── QuestionTooLong         more than a question may have
├── PeriodEmpty             `since` lies after `until`
└── BadExample              a line of an evaluation or training file that is not an example
"""

import datetime
from pathlib import Path


class RetrievalError(Exception):
    """Base of all errors raised in `retrieval`; the message is meant for the user."""


class QuestionEmpty(RetrievalError):
    """The question has no letter or digit."""

    def __init__(self) -> None:
        super().__init__("the question is empty: ask something, in words")


class QuestionTooLong(RetrievalError):
    """The question is longer than the limit or than the encoder reads."""

    def __init__(self, length: int, most: int, unit: str) -> None:
        super().__init__(
            f"the question has {length:,} {unit}, {most:,} are the most: ask more briefly"
        )


class PeriodEmpty(RetrievalError):
    """No day is both on or after `since` and on or before `until`."""

    def __init__(self, since: datetime.date, until: datetime.date) -> None:
        super().__init__(f"no day lies since {since} and until {until}: exchange the two")


class BadExample(RetrievalError):
    """A line is not an example in the format that it should have."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}, line {line}: {reason}")
