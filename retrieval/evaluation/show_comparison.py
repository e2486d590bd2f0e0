"""Show two runs of the same queries side by side, as a part of a page."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.evaluation.compare_runs import MetricComparison
from retrieval.evaluation.html_page import escape, show_rows


def show_comparison(name: str, metrics: Mapping[str, MetricComparison]) -> str:
    """HTML: the metrics of this run beside those of the other, which has this name."""
    headings = ("", "this", "other", "difference", "p", "wins", "ties", "losses")
    rows = [
        (
            metric,
            f"{each.this:.4f}",
            f"{each.other:.4f}",
            f"{each.difference:+.4f}",
            f"{each.p_value:.4f}",
            *(f"{count:,}" for count in (each.wins, each.ties, each.losses)),
        )
        for metric, each in metrics.items()
    ]
    return (
        f"<h2>Against {escape(name)}</h2>\n{show_rows(headings, rows)}\n"
        '<p class="quiet">p is that of a paired randomisation test (Smucker, Allan and Carterette '
        "2007), two-sided; a win is a query where this run is better.</p>"
    )
