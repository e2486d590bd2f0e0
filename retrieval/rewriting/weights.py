"""Weigh named features by logistic regression, with weights that come with Dateline."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).with_name("weights.json")
"""Made by `python -m retrieval.training.rewriter.train_rewriter`."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """Logistic regression over named features; one that is not named counts 0."""

    offset: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """Between 0 and 1."""
        total = math.fsum(self.weights.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total + self.offset))))


def as_logistic(fitted: Mapping[str, Any]) -> Logistic:
    """The regression with an `offset` and `weights` by name."""
    return Logistic(fitted["offset"], fitted["weights"])


@dataclass(frozen=True, slots=True)
class RewriterWeights:
    """What was learned: whether a question depends on those before it, and on which phrase.

    By the form of both alone, and by that and what a term finder found.
    """

    depends: Logistic
    antecedent: Logistic
    depends_found: Logistic
    antecedent_found: Logistic


def log_odds(probability: float) -> float:
    """Between -7 and 7."""
    kept = max(_LEAST, min(1 - _LEAST, probability))
    return math.log(kept / (1 - kept))


_LEAST = 1e-3


@cache
def load_weights(path: Path = WEIGHTS) -> RewriterWeights:
    """Read the weights, once."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return RewriterWeights(
        *(
            as_logistic(found[name])
            for name in ("depends", "antecedent", "depends_found", "antecedent_found")
        )
    )
