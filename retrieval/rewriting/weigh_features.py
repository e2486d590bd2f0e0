"""Weigh named features by logistic regression, with weights that come with Dateline."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WEIGHTS = Path(__file__).with_name("weights.json")
"""Made by `python -m retrieval.training.train_rewriter`."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """Logistic regression over named features; one that is not named counts 0."""

    offset: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """Between 0 and 1."""
        total = math.fsum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total + self.offset))))


@dataclass(frozen=True, slots=True)
class RewriterWeights:
    """What was learned: whether a question depends on those before it, and on which phrase."""

    depends: Logistic
    antecedent: Logistic


@cache
def load_weights(path: Path = WEIGHTS) -> RewriterWeights:
    """Read the weights, once."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return RewriterWeights(
        *(
            Logistic(found[name]["offset"], found[name]["weights"])
            for name in ("depends", "antecedent")
        )
    )
