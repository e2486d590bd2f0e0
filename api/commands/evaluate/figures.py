"""Figures as every evaluation writes them."""

from __future__ import annotations

import json
from typing import Any

_DECIMALS = 4


def json_file(figures: Any) -> bytes:
    """A JSON file's content, numbers to four decimals."""
    return (json.dumps(_rounded(figures), indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _rounded(figures: Any) -> Any:
    if isinstance(figures, float):
        return round(figures, _DECIMALS)
    if isinstance(figures, dict):
        return {name: _rounded(value) for name, value in figures.items()}
    if isinstance(figures, list | tuple):
        return [_rounded(value) for value in figures]
    return figures


def cell(figure: float | None) -> str:
    """A figure in a table: a count or a share, a dash where there is none."""
    if figure is None:
        return "-"
    return f"{figure:,}" if isinstance(figure, int) else f"{figure:.{_DECIMALS}f}"
