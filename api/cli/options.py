"""Options that several commands share."""

from __future__ import annotations

import argparse
import datetime
from typing import TYPE_CHECKING, TypeAlias

from api.schemas.values import MAX_TITLE, one_line, read_day

if TYPE_CHECKING:
    from index.types import Filter

    Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


NO_DATE = "none"
"""What stands for no date at all."""


def add_limits(parser: argparse.ArgumentParser) -> None:
    """--collection, --since and --until."""
    parser.add_argument("--collection", metavar="NAME", help="only this collection's reports")
    parser.add_argument(
        "--since", type=day, metavar="DATE", help="only reports of this day or later"
    )
    parser.add_argument(
        "--until", type=day, metavar="DATE", help="only reports of this day or earlier"
    )


def limits(options: argparse.Namespace) -> Filter:
    """The filter that the options describe."""
    from index.types import Filter

    return Filter(options.collection, options.since, options.until)


def day(text: str) -> datetime.date:
    """A day written as 2022-01-05."""
    try:
        return read_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def day_or_none(text: str) -> datetime.date | str:
    """A day, or NO_DATE."""
    return NO_DATE if text == NO_DATE else day(text)


def title(given: str) -> str:
    """A report's title, on one line."""
    found = text(given)
    if "\0" in found or len(found) > MAX_TITLE:
        raise argparse.ArgumentTypeError(f"a title has {MAX_TITLE} characters at the most, no NUL")
    try:
        return one_line(found)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def text(given: str) -> str:
    """Unicode text, which the bytes of an argument need not be."""
    from index.parse import is_unicode

    if not is_unicode(given):
        raise argparse.ArgumentTypeError(f"{given!r} is no Unicode text")
    return given


def probability(text: str) -> float:
    """A number from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return value
