"""Turn a question into one that stands alone."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.types import Turn


def rewrite(question: str, history: Sequence[Turn] = ()) -> str:  # noqa: ARG001
    """The question as it would be asked without anything before it.

    `history` is what was asked and answered before, oldest first.
    """
    return question.strip()
