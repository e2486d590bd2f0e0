"""Train the weights of the rewriter: `python -m retrieval.training.train_rewriter FILE`.

FILE is ../shared/data/conversation/rewrites.jsonl. Writes retrieval/rewriting/weights.json, and
prints how the rewriter then does on the fifth of the conversations that is kept back.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from retrieval.evaluation.rewrites import (
    RewriteExample,
    keep_back,
    read_rewrites,
    rewrite_all,
    rewrite_figures,
)
from retrieval.rewriting.anaphora import find_anaphors
from retrieval.rewriting.candidates import find_candidates
from retrieval.rewriting.choose_antecedent import describe_candidate
from retrieval.rewriting.depend import describe_question
from retrieval.rewriting.phrases import find_phrases, stems_of
from retrieval.rewriting.weigh_features import WEIGHTS, load_weights
from retrieval.types import Turn

_DEPENDS_STRENGTH, _ANTECEDENT_STRENGTH = 0.03, 0.05
"""C of scikit-learn's logistic regression, over features of unit variance."""

_ROUNDS = 2
"""The first learns from what a person made of the earlier questions, the next from what the
rewriter itself did, which is all that it has when it runs. On the kept back fifth that took F1 of
what can be found from .427 to .434, and questions wrongly changed from 3.4% to 2.2%."""

_LEAST_SHARE = 0.5
"""The share of a phrase's new stems that the person must have added for it to be the one meant."""

_WHOLE = 1e-4

Described = tuple[Mapping[str, float], bool]


def main() -> None:
    """Train, save and measure."""
    train, kept_back = keep_back(read_rewrites(Path(sys.argv[1])))
    standalone = {example.id: example.rewrite for example in train}
    for _ in range(_ROUNDS):
        save(fit_rewriter(train, standalone), WEIGHTS)
        load_weights.cache_clear()
        standalone = dict(zip(standalone, rewrite_all(train), strict=True))
    for name, examples in (("trained on", train), ("kept back", kept_back)):
        figures = rewrite_figures(examples, rewrite_all(examples))
        shown = {key: round(value, 3) for key, value in asdict(figures).items()}
        print(name, json.dumps(shown))  # noqa: T201


def fit_rewriter(
    examples: Sequence[RewriteExample], standalone: Mapping[str, str]
) -> dict[str, dict[str, object]]:
    """Fit both regressions.

    `standalone` is how the examples were rewritten, by id: where the question of one is an earlier
    question of another, it counts so.
    """
    histories = turns_of(examples, standalone)
    questions: list[Described] = []
    phrases: list[Described] = []
    for example, history in zip(examples, histories, strict=True):
        if not history:
            continue
        anaphors = find_anaphors(example.question)
        candidates = find_candidates(example.question, history)
        known = stems_of(example.question)
        dependent = bool(example.added & stems_of(" ".join(example.history)))
        questions.append(
            (describe_question(example.question, history, anaphors, candidates), dependent)
        )
        if not dependent:
            continue
        topics = sum(not phrase.is_generic for phrase in find_phrases(example.question))
        kinds = [anaphor.kind for anaphor in anaphors]
        for candidate in candidates:
            new = candidate.stems - known
            meant = len(new & example.added) >= _LEAST_SHARE * len(new)
            phrases.append((describe_candidate(kinds, candidate, topics), meant))
    return {
        "depends": _fit(questions, _DEPENDS_STRENGTH),
        "antecedent": _fit(phrases, _ANTECEDENT_STRENGTH),
    }


def turns_of(examples: Sequence[RewriteExample], standalone: Mapping[str, str]) -> list[list[Turn]]:
    """The history of each example, with the standalone questions that are known by example id."""
    known = {
        (example.source, example.history, example.question): standalone[example.id]
        for example in examples
        if example.id in standalone
    }
    return [
        [
            Turn(asked, known.get((example.source, example.history[:number], asked), ""))
            for number, asked in enumerate(example.history)
        ]
        for example in examples
    ]


def save(weights: Mapping[str, object], path: Path) -> None:
    """Write the weights as `load_weights` reads them."""
    path.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def _fit(described: Sequence[Described], strength: float) -> dict[str, object]:
    """Logistic regression on features brought to unit variance, its weights for features as are."""
    from sklearn.linear_model import LogisticRegression

    names = sorted({name for features, _ in described for name in features})
    table = np.array([[features.get(name, 0.0) for name in names] for features, _ in described])
    spread = np.maximum(table.std(axis=0), _WHOLE)
    model = LogisticRegression(C=strength, max_iter=2_000)
    model.fit(table / spread, [truth for _, truth in described])
    weights = model.coef_[0] / spread
    return {
        "offset": round(float(model.intercept_[0]), 4),
        "weights": {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)},
    }


if __name__ == "__main__":
    main()
