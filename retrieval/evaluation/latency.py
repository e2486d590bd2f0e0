"""How long questions took: quantiles, and how they are spread."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from retrieval.evaluation.svg import draw_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 5.2, 3.4
"""Inches."""

_GREY = "#888888"


def latency(milliseconds: Iterable[float], share: float) -> float:
    """The milliseconds that this share of the times took at most; there has to be one."""
    taken = sorted(milliseconds)
    return taken[max(0, math.ceil(share * len(taken)) - 1)]


def draw_latency(milliseconds: Sequence[float], what: str) -> str:
    """An SVG: how many times `what` took how long, the slowest hundredth cut off."""

    def draw(figure: Figure) -> None:
        from numpy import percentile

        axes = figure.add_subplot()
        most = float(percentile(milliseconds, 99)) or 1.0
        shown = [each for each in milliseconds if each <= most]
        axes.hist(shown, bins=30, range=(0, most), color=_GREY, edgecolor="white")
        axes.set(xlim=(0, most), xlabel="milliseconds", ylabel="queries")
        axes.set_title(f"How long {what} took")

    return draw_svg(draw, _WIDTH, _HEIGHT)
