"""Draw what retrieval reaches: recall by depth, how nDCG is spread, how long searches took."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT = 5.2, 3.4
"""Inches."""

_BLUE, _GREY = "#2c6fbb", "#888888"

_NDCG_EDGES = [number / 10 for number in range(11)]


def draw_recall(this: Mapping[int, float], other: Mapping[int, float] | None = None) -> str:
    """An SVG: mean recall by the number of documents taken, of one run or two."""

    def draw(axes: Axes) -> None:
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

    return _svg(draw)


def draw_ndcg(values: Sequence[float]) -> str:
    """An SVG: how many judged queries have which nDCG@10."""

    def draw(axes: Axes) -> None:
        axes.hist(values, bins=_NDCG_EDGES, color=_BLUE, alpha=0.6, edgecolor="white")
        axes.set(xlim=(0, 1), xlabel="nDCG@10", ylabel="queries")
        axes.set_title("How nDCG@10 is spread")

    return _svg(draw)


def draw_latency(milliseconds: Sequence[float]) -> str:
    """An SVG: how many searches took how long, the slowest hundredth cut off."""

    def draw(axes: Axes) -> None:
        from numpy import percentile

        most = float(percentile(milliseconds, 99)) or 1.0
        shown = [each for each in milliseconds if each <= most]
        axes.hist(shown, bins=30, range=(0, most), color=_GREY, edgecolor="white")
        axes.set(xlim=(0, most), xlabel="milliseconds", ylabel="queries")
        axes.set_title("How long a search took")

    return _svg(draw)


def _svg(draw: Callable[[Axes], None]) -> str:
    """The drawing without a heading of XML; the same figures give the same text."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    # Ids are made from the salt, by chance without one; text stays text.
    with rc_context({"svg.hashsalt": "dateline", "svg.fonttype": "none"}):
        figure = Figure(figsize=(_WIDTH, _HEIGHT), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.add_subplot())
        drawn = io.StringIO()
        # matplotlib would note its version and the hour.
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(drawn, format="svg", metadata=nothing)
    text = drawn.getvalue()
    return text[text.index("<svg") :]
