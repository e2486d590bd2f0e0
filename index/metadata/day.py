"""Read the day that a field of a file says."""

from __future__ import annotations

import datetime
import email.utils
import re

from index.metadata.report_date import find_report_date

_ISO = re.compile(r"\s*(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?!\d)")


def read_day(said: str) -> datetime.date | None:
    """The day, as ISO 8601 writes it, as a mail does, or in words; None where it is not plain."""
    if found := _ISO.match(said):
        try:
            return datetime.date(*map(int, found.groups()))
        except ValueError:
            return None
    try:
        return email.utils.parsedate_to_datetime(said).date()
    except ValueError:
        written = find_report_date(
            f"Date: {said}", file_name=None, modified=None, today=datetime.date.max
        )
        return written.day if written else None
