"""How a model's margins become probabilities."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import ModelUnusable
from retrieval.types import SearchWeights

FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt scaling (Platt 1999): confidence = 1 / (1 + exp(-(slope * margin + offset))).

    `threshold` is the confidence from which on a span is shown.
    """

    slope: float
    offset: float
    threshold: float

    def confidence(self, margin: float) -> float:
        """The probability that a span of that margin answers the question, to 6 decimals."""
        odds = self.slope * margin + self.offset
        # Beyond 30 either way it is 0 or 1 to 13 decimals, and exp would overflow far beyond.
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, odds)))), 6)


PLAIN = Calibration(slope=1.0, offset=0.0, threshold=0.5)
PLAIN_WEIGHTS = SearchWeights(
    reading=1.0, score=0.0, cosine=0.0, words=0.0, names=0.0, offset=0.0, threshold=0.5
)
"""Of a model that comes without a calibration: its margin is taken for the log odds."""


def load_calibration(folder: Path) -> tuple[Calibration, SearchWeights]:
    """A model folder's own calibration, or the plain one if it has none.

    Raises ModelUnusable for a file that is not one.
    """
    path = folder / FILE
    if not path.exists():
        return PLAIN, PLAIN_WEIGHTS
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Calibration(**found["passage"]), SearchWeights(**found["search"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(f"{path} is not a calibration: {error}") from error


def save_calibration(
    folder: Path, passage: Calibration, search: SearchWeights, fitted_on: str
) -> None:
    """Write a model folder's calibration, and what it was fitted on."""
    found = {"fitted_on": fitted_on, "passage": asdict(passage), "search": asdict(search)}
    (folder / FILE).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
