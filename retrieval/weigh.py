"""Weigh what was read by how well its passage was found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from retrieval.types import Hit, SearchWeights, Span

MOST_SURE = 1e-6
"""A confidence is taken to be no nearer to 0 or 1 than this."""


def weigh(spans: Sequence[Span], hits: Sequence[Hit], weights: SearchWeights) -> list[Span]:
    """The spans with the confidence of both, most confident first; ties by passage and start.

    `span.passage` is the place of its hit.
    """
    weighed = []
    for span in spans:
        reading, score, cosine = evidence(span, hits[span.passage])
        odds = (
            weights.reading * reading
            + weights.score * score
            + weights.cosine * cosine
            + weights.offset
        )
        weighed.append(replace(span, confidence=round(1 / (1 + math.exp(-odds)), 4)))
    return sorted(weighed, key=lambda span: (-span.confidence, span.passage, span.start))


def evidence(span: Span, hit: Hit) -> tuple[float, float, float]:
    """What speaks for a span: log odds of its reading, and its passage's score and cosine."""
    sure = min(1 - MOST_SURE, max(MOST_SURE, span.confidence))
    return math.log(sure / (1 - sure)), hit.score, hit.cosine
