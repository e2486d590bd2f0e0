"""Draw an SVG that is the same text for the same figures."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

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
