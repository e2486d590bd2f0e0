"""Fit the sentence reader on examples in the reader format, and choose its threshold.

    python -m retrieval.fit_sentences TRAIN DEV [--examples 4000] [--models FOLDER]

TRAIN and DEV are JSON lines, gzipped or not, as design.md has them. Writes sentence_reader.json
beside this file and prints what it reaches on DEV.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index.encoders.load import DEFAULT_ENCODER, load_encoder
from index.types import Encoder
from retrieval.cues import Kind, question_kind
from retrieval.features import SENTENCE_FEATURES, SPAN_FEATURES, content_words, span_features
from retrieval.merge import answer_words
from retrieval.read_sentences import WEIGHTS_FILE, describe_sentences, list_sentences
from retrieval.spans import candidates

Rows = NDArray[np.float64]
Example = dict[str, Any]


SOURCES = ("new_wiki", "reddit", "amazon_reviews", "fairytale", "qed")
"""Those whose questions resemble people's: QAMR's are made, PolicyQA's spans are arbitrary."""

Described = tuple[Example, Kind, Rows, NDArray[np.bool_]]
"""An example, its question's kind, its sentences' features, and which of them hold an answer."""


def main() -> None:
    """Fit on TRAIN, calibrate and choose the threshold on DEV, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("dev", type=Path)
    parser.add_argument("--examples", type=int, default=3000, help="of each file, drawn by chance")
    parser.add_argument("--models", type=Path, required=True, help="where models are converted to")
    options = parser.parse_args()
    encoder = load_encoder(DEFAULT_ENCODER, options.models)
    train = _draw(_read(options.train), options.examples)
    twins = {"new_wiki", "reddit", "qed"}
    dev = _draw([each for each in _read(options.dev) if each["source"] in twins], options.examples)
    sentence = _fit_sentences(_described(train, encoder))
    span = _fit_spans(train)
    scores, right, answerable = _judge(_described(dev, encoder), sentence)
    slope, offset = _logistic(np.stack([scores, np.ones_like(scores)], axis=1), right, None)
    confidences = 1 / (1 + np.exp(-(slope * scores + offset)))
    threshold = _best_threshold(confidences, right, answerable)
    weights = {
        "fitted_on": f"{options.examples} examples of {options.train.name}, of {options.dev.name}",
        "sentence_features": SENTENCE_FEATURES,
        "sentence": {kind.value: sentence[kind].round(4).tolist() for kind in Kind},
        "span_features": SPAN_FEATURES,
        "span": {kind.value: span[kind].round(4).tolist() for kind in Kind},
        "calibration": [round(float(slope), 4), round(float(offset), 4)],
        "threshold": threshold,
    }
    WEIGHTS_FILE.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    _report(confidences, right, answerable, threshold)


def _read(path: Path) -> list[Example]:
    content = path.read_bytes()
    lines = (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()
    return [each for each in map(json.loads, lines) if each["source"] in SOURCES]


def _draw(examples: list[Example], count: int) -> list[Example]:
    """So many examples, the same at every run; half of them ask why, as far as there are any."""
    chance = random.Random(7)  # noqa: S311
    causes = [each for each in examples if question_kind(each["question"]) is Kind.CAUSE]
    others = [each for each in examples if question_kind(each["question"]) is not Kind.CAUSE]
    drawn = chance.sample(causes, min(len(causes), count // 2))
    return drawn + chance.sample(others, min(len(others), count - len(drawn)))


def _described(examples: Sequence[Example], encoder: Encoder) -> list[Described]:
    described = []
    for example in tqdm(examples, file=sys.stderr):
        sentences = list_sentences([example["context"]], encoder)
        if sentences:
            kind = question_kind(example["question"])
            features = describe_sentences(example["question"], kind, sentences, encoder)
            holds = np.array([_holds(example, each.start, each.end) for each in sentences])
            described.append((example, kind, features, holds))
    return described


def _fit_sentences(examples: Sequence[Described]) -> dict[Kind, Rows]:
    """Weights of logistic regression: does the sentence hold an answer."""

    def fit(chosen: Sequence[Described], prior: Rows | None) -> Rows:
        rows = np.concatenate([features for _, _, features, _ in chosen])
        return _logistic(rows, np.concatenate([holds for *_, holds in chosen]), prior)

    every = fit(examples, None)
    return {kind: fit([each for each in examples if each[1] is kind], every) for kind in Kind}


def _logistic(x: Rows, holds: NDArray[np.bool_], prior: Rows | None) -> Rows:
    """Weights that maximise the likelihood, held near `prior` (all kinds together) by a penalty."""
    from scipy.optimize import minimize

    y = holds.astype(np.float64)
    centre = np.zeros(x.shape[1]) if prior is None else prior

    def loss(w: Rows) -> tuple[float, Rows]:
        z = x @ w
        away = w - centre
        value = np.logaddexp(0, z).sum() - y @ z + 2.0 * away @ away
        return float(value), x.T @ (1 / (1 + np.exp(-z)) - y) + 4.0 * away

    found: Rows = minimize(loss, centre, jac=True, method="L-BFGS-B").x
    return found


def _fit_spans(examples: Sequence[Example]) -> dict[Kind, Rows]:
    """Ridge regression: the F1 of each span of the answer's sentence with the answer."""
    from index.sentences import split_sentences

    rows: dict[Kind, list[Rows]] = {kind: [] for kind in Kind}
    labels: dict[Kind, list[float]] = {kind: [] for kind in Kind}
    for example in examples:
        kind = question_kind(example["question"])
        asked = content_words(example["question"])
        text = example["context"]
        for start, end in split_sentences(text):
            if not _holds(example, start, end):
                continue
            for each in candidates(text[start:end], kind):
                span = text[start + each.start : start + each.end]
                rows[kind].append(span_features(kind, asked, text[start:end], each))
                labels[kind].append(max(_f1(span, a["text"]) for a in example["answers"]))
    fitted = {}
    for kind in Kind:
        x, y = np.stack(rows[kind]), np.array(labels[kind])
        fitted[kind] = np.linalg.solve(x.T @ x + 5 * np.eye(x.shape[1]), x.T @ y)
    return fitted


def _judge(
    examples: Sequence[Described], weights: dict[Kind, Rows]
) -> tuple[Rows, NDArray[np.bool_], NDArray[np.bool_]]:
    """For each example the best sentence's score, whether it holds an answer, whether any does."""
    scores, right, answerable = [], [], []
    for example, kind, features, holds in examples:
        judged = features @ weights[kind]
        scores.append(judged.max())
        right.append(holds[judged.argmax()])
        answerable.append(bool(example["answers"]))
    return np.array(scores), np.array(right), np.array(answerable)


def _best_threshold(
    confidences: Rows, right: NDArray[np.bool_], answerable: NDArray[np.bool_]
) -> float:
    """Where most questions are dealt with rightly: right sentence shown, or none if none is."""
    tried = np.round(np.arange(0.05, 0.95, 0.01), 2)
    dealt = [
        (right & (confidences >= each)).sum() + (~answerable & (confidences < each)).sum()
        for each in tried
    ]
    return float(tried[int(np.argmax(dealt))])


def _report(
    confidences: Rows, right: NDArray[np.bool_], answerable: NDArray[np.bool_], threshold: float
) -> None:
    positive, negative = confidences[answerable], confidences[~answerable]
    auroc = (positive[:, None] > negative).mean() + 0.5 * (positive[:, None] == negative).mean()
    shown = confidences >= threshold
    print(  # noqa: T201
        f"threshold {threshold:.2f}; of the answerable shown {shown[answerable].mean():.3f}, right "
        f"when shown {right[shown & answerable].mean():.3f}, right sentence first "
        f"{right[answerable].mean():.3f}; of the others shown {shown[~answerable].mean():.3f}; "
        f"AUROC {auroc:.3f}"
    )


def _holds(example: Example, start: int, end: int) -> bool:
    return any(
        start <= answer["start"] and answer["start"] + len(answer["text"]) <= end + 1
        for answer in example["answers"]
    )


def _f1(found: str, expected: str) -> float:
    a, b = answer_words(found), answer_words(expected)
    common = sum(min(a.count(word), b.count(word)) for word in set(a))
    return 2 * common / (len(a) + len(b)) if common else 0.0


if __name__ == "__main__":
    main()
