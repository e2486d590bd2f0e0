"""Draw where right answers are lost on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from retrieval.evaluation.svg import draw_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 11.0, 1.8
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

    return draw_svg(draw, _WIDTH, _HEIGHT)
