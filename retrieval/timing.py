"""Measure the stages of an answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

STAGES = ("rewrite", "search", "read", "cite", "total")
"""What every reply tells the milliseconds of."""


@contextmanager
def timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    """Add the milliseconds spent within to those of the stage."""
    start = time.perf_counter()
    yield
    spent = (time.perf_counter() - start) * 1000
    timings[stage] = round(timings.get(stage, 0.0) + spent, 2)
