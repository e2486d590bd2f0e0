"""The time, as conversations record it."""

from __future__ import annotations

import datetime


def moment(ago: datetime.timedelta = datetime.timedelta()) -> str:
    """So long ago, in UTC: always of the same length, so that texts sort as the times do."""
    now = datetime.datetime.now(datetime.UTC)
    return (now - ago).isoformat(timespec="microseconds")
