"""Tell questions for a cause from the others."""

from __future__ import annotations

import re

FIRST_WORDS = 6
"""How many words of a question may hold what makes it one.

Of the 166 questions of qa/dev.jsonl.gz that hold it anywhere, 152 have it in the first six words;
most of the others only add it, as in "do they share my information? if yes, why?".
"""

_WHY = re.compile(r"\b(?:why|what caused|what led to|reasons?)\b")


def asks_why(question: str) -> bool:
    """Whether the question's first words say "why", "what caused", "what led to" or "reason"."""
    return bool(_WHY.search(" ".join(question.lower().split()[:FIRST_WORDS])))
