"""Draw how far confidences can be relied on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from retrieval.evaluation.answerability import ReliabilityBin, RiskPoint
from retrieval.evaluation.svg import draw_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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
