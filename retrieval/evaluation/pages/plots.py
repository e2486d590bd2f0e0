"""Draw how far confidences can be relied on."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from retrieval.evaluation.metrics.answerability import ReliabilityBin, RiskPoint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
if TYPE_CHECKING:
    from matplotlib.figure import Figure
if TYPE_CHECKING:
    from matplotlib.figure import Figure
if TYPE_CHECKING:
    from matplotlib.figure import Figure
if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_svg(draw: Callable[[Figure], None], width: float, height: float) -> str:
    """What `draw` puts into a figure of so many inches, without a heading of XML."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    # Ids are made from the salt, by chance without one; text stays text.
    with rc_context({"svg.hashsalt": "dateline", "svg.fonttype": "none"}):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure)
        drawn = io.StringIO()
        # matplotlib would note its version and the hour.
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(drawn, format="svg", metadata=nothing)
    text = drawn.getvalue()
    return text[text.index("<svg") :]


_WIDTH, _HEIGHT, _DOTS = 11.0, 5.5, 120
"""Inches, and dots an inch."""

_BLUE, _GREY = "#2c6fbb", "#888888"


def draw_reliability(
    bins: Sequence[ReliabilityBin], curve: Sequence[RiskPoint], area: float, error: float
) -> bytes:
    """A PNG: the reliability diagram, the confidences' histogram below it, the risk-coverage curve.

    `area` is the area under the curve and `error` the expected calibration error. The same figures
    give the same bytes.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, _HEIGHT), dpi=_DOTS, layout="constrained")
    FigureCanvasAgg(figure)
    _draw(figure, bins, curve, area, error)
    drawn = io.BytesIO()
    # matplotlib would note its version, which says nothing about the figures.
    figure.savefig(drawn, format="png", metadata={"Software": None})
    return drawn.getvalue()


def draw_reliability_svg(
    bins: Sequence[ReliabilityBin], curve: Sequence[RiskPoint], area: float, error: float
) -> str:
    """The same as an SVG."""
    return draw_svg(lambda figure: _draw(figure, bins, curve, area, error), _WIDTH, _HEIGHT)


def _draw(
    figure: Figure,
    bins: Sequence[ReliabilityBin],
    curve: Sequence[RiskPoint],
    area: float,
    error: float,
) -> None:
    grid = figure.add_gridspec(2, 2, height_ratios=(3, 1))
    _draw_bins(figure.add_subplot(grid[0, 0]), bins, error)
    _draw_histogram(figure.add_subplot(grid[1, 0]), bins)
    _draw_curve(figure.add_subplot(grid[:, 1]), curve, area)


def _draw_bins(axes: Axes, bins: Sequence[ReliabilityBin], error: float) -> None:
    filled = [each for each in bins if each.confidence is not None and each.right is not None]
    axes.plot([0, 1], [0, 1], color=_GREY, linestyle="--", linewidth=1, label="as sure as right")
    axes.bar(
        [each.low for each in filled],
        [each.right or 0.0 for each in filled],
        width=[each.high - each.low for each in filled],
        align="edge",
        color=_BLUE,
        alpha=0.35,
        edgecolor=_BLUE,
        label="share right",
    )
    axes.plot(
        [each.confidence or 0.0 for each in filled],
        [each.right or 0.0 for each in filled],
        "o",
        color=_BLUE,
        markersize=4,
        label="at the mean confidence",
    )
    axes.set(xlim=(0, 1), ylim=(0, 1), ylabel="best span right")
    axes.set_title(f"Reliability: expected calibration error {error:.4f}")
    axes.legend(loc="upper left", fontsize="small")


def _draw_histogram(axes: Axes, bins: Sequence[ReliabilityBin]) -> None:
    axes.bar(
        [each.low for each in bins],
        [each.count for each in bins],
        width=[each.high - each.low for each in bins],
        align="edge",
        color=_GREY,
        edgecolor="white",
    )
    axes.set(xlim=(0, 1), xlabel="confidence", ylabel="examples")


def _draw_curve(axes: Axes, curve: Sequence[RiskPoint], area: float) -> None:
    axes.plot(
        [point.coverage for point in curve],
        [point.risk for point in curve],
        color=_BLUE,
        marker="o" if len(curve) == 1 else None,
    )
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="coverage: the surest examples answered")
    axes.set_ylabel("risk: best span wrong")
    axes.set_title(f"Risk and coverage: area {area:.4f}")
    axes.grid(alpha=0.3)


_BARS_WIDTH, _BARS_HEIGHT = 11.0, 1.8
"""Inches."""

_COLOURS = ("#3f8f4f", "#b03a2e", "#d9822b", "#e0b83c", "#888888")
"""Of what is shown and right, and of the losses in their order."""


def draw_losses(losses: Mapping[str, float]) -> str:
    """An SVG: one bar of the shares of what became of the answerable questions."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        left = 0.0
        for colour, (outcome, share) in zip(_COLOURS, losses.items(), strict=True):
            axes.barh([0], [share], left=left, color=colour, label=f"{outcome} {share:.3f}")
            left += share
        axes.set(xlim=(0, 1), yticks=[])
        axes.set_title("What became of the answerable questions")
        figure.legend(ncols=len(losses), loc="outside lower center")

    return draw_svg(draw, _BARS_WIDTH, _BARS_HEIGHT)


_LATENCY_WIDTH, _LATENCY_HEIGHT = 5.2, 3.4
"""Inches."""

_LATENCY_GREY = "#888888"


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
        axes.hist(shown, bins=30, range=(0, most), color=_LATENCY_GREY, edgecolor="white")
        axes.set(xlim=(0, most), xlabel="milliseconds", ylabel="queries")
        axes.set_title(f"How long {what} took")

    return draw_svg(draw, _LATENCY_WIDTH, _LATENCY_HEIGHT)


_RETRIEVAL_WIDTH, _RETRIEVAL_HEIGHT = 5.2, 3.4
"""Inches."""

_RETRIEVAL_BLUE, _RETRIEVAL_GREY = "#2c6fbb", "#888888"

_NDCG_EDGES = [number / 10 for number in range(11)]


def draw_recall(this: Mapping[int, float], other: Mapping[int, float] | None = None) -> str:
    """An SVG: mean recall by the number of documents taken, of one run or two."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        if other is not None:
            axes.plot(
                list(other),
                list(other.values()),
                "--",
                color=_RETRIEVAL_GREY,
                label="the run compared with",
            )
        axes.plot(
            list(this), list(this.values()), "o-", color=_RETRIEVAL_BLUE, markersize=3, label="this"
        )
        axes.set(ylim=(0, 1), xlabel="documents taken", ylabel="mean recall")
        axes.set_title("Recall by depth")
        axes.grid(alpha=0.3)
        if other is not None:
            axes.legend(loc="lower right", fontsize="small")

    return draw_svg(draw, _RETRIEVAL_WIDTH, _RETRIEVAL_HEIGHT)


def draw_ndcg(values: Sequence[float]) -> str:
    """An SVG: how many judged queries have which nDCG@10."""

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.hist(values, bins=_NDCG_EDGES, color=_RETRIEVAL_BLUE, alpha=0.6, edgecolor="white")
        axes.set(xlim=(0, 1), xlabel="nDCG@10", ylabel="queries")
        axes.set_title("How nDCG@10 is spread")

    return draw_svg(draw, _RETRIEVAL_WIDTH, _RETRIEVAL_HEIGHT)
