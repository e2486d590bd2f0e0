"""Draw what retrieval reaches: recall by depth, and how nDCG is spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from retrieval.evaluation.svg import draw_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 5.2, 3.4
"""Inches."""

_BLUE, _GREY = "#2c6fbb", "#888888"

_NDCG_EDGES = [number / 10 for number in range(11)]


def draw_recall(this: Mapping[int, float], other: Mapping[int, float] | None = None) -> str:
    """An SVG: mean recall by the number of documents taken, of one run or two."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        if other is not None:
            axes.plot(
                list(other), list(other.values()), "--", color=_GREY, label="the run compared with"
            )
        axes.plot(list(this), list(this.values()), "o-", color=_BLUE, markersize=3, label="this")
        axes.set(ylim=(0, 1), xlabel="documents taken", ylabel="mean recall")
        axes.set_title("Recall by depth")
        axes.grid(alpha=0.3)
        if other is not None:
            axes.legend(loc="lower right", fontsize="small")

    return draw_svg(draw, _WIDTH, _HEIGHT)


def draw_ndcg(values: Sequence[float]) -> str:
    """An SVG: how many judged queries have which nDCG@10."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.hist(values, bins=_NDCG_EDGES, color=_BLUE, alpha=0.6, edgecolor="white")
        axes.set(xlim=(0, 1), xlabel="nDCG@10", ylabel="queries")
        axes.set_title("How nDCG@10 is spread")

    return draw_svg(draw, _WIDTH, _HEIGHT)
