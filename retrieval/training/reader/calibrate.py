"""Fit a reader's calibration, and the weights of reading against searching, on examples unseen.

    python -m retrieval.training.reader.calibrate FILE --models FOLDER [--reader FOLDER]

Reads every example of FILE (JSON lines, with unanswerable ones among them) with the reader as it
will run, and writes calibration.json into its folder. Then takes the contexts as a pile of reports,
less some whose questions so become unanswerable, searches it and reads what is found, and adds the
weights of what was read and how it was found. Questions are also asked of names that no context
has beside the rest of them: people ask of what is in no report.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index.models.load import DEFAULT_ENCODER, load_encoder
from index.types import Filter, Passage
from retrieval.answer import find_answers
from retrieval.answers.weigh import Reading
from retrieval.evaluation.files.examples import Example, read_examples
from retrieval.evaluation.metrics.text_match import best_f1
from retrieval.readers.calibration import FILE, Calibration, save_calibration
from retrieval.readers.load import DEFAULT_FOLDER
from retrieval.readers.model import ModelReader
from retrieval.readers.onnx import OnnxSpanModel, convert_reader
from retrieval.training.examples.pile import Pile, open_pile
from retrieval.training.examples.rename import rename
from retrieval.types import Pipeline, SearchWeights, Span

Rows = NDArray[np.float64]

RIGHT_F1 = 0.5
"""A span is right if its F1 with an answer is at least this."""

HELD_OUT = 4
"""One context in so many is left out of the pile."""


def main() -> None:
    """Read the options, fit, write, print what was fitted."""
    parser = argparse.ArgumentParser(
        prog="python -m retrieval.training.reader.calibrate", description="Calibrate a reader."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="examples, JSON lines")
    parser.add_argument("--reader", type=Path, default=DEFAULT_FOLDER, help="its model folder")
    parser.add_argument("--models", type=Path, required=True, help="where models are converted to")
    parser.add_argument("--sources", nargs="+", help="use these sources alone")
    parser.add_argument(
        "--names",
        type=float,
        help="the weight of the names that a report lacks, instead of the one that fits: contexts "
        "cut out of their reports lack names that their reports have",
    )
    options = parser.parse_args()
    examples = [
        each
        for each in read_examples(options.file)
        if options.sources is None or each.source in options.sources
    ]
    model = OnnxSpanModel(convert_reader(options.reader, options.models))
    plain = ModelReader(model, model.tokenizer)
    passage = _fit_passage(examples, plain)
    reader = ModelReader(model, model.tokenizer, passage)
    encoder = load_encoder(DEFAULT_ENCODER, options.models)
    contexts = sorted({each.context for each in examples})
    kept = [context for number, context in enumerate(contexts) if number % HELD_OUT]
    with open_pile(kept, encoder) as pile:
        asked = [each for each in examples if each.answers]
        weights = _fit_search([*asked, *_of_other_names(examples)], reader, pile)
    if options.names is not None:
        weights = replace(weights, names=options.names)
    fitted_on = f"{len(examples)} examples of {options.file.name}"
    save_calibration(options.reader, passage, weights, fitted_on)
    print((options.reader / FILE).read_text(encoding="utf-8"), end="")  # noqa: T201


def _fit_passage(examples: Sequence[Example], reader: ModelReader) -> Calibration:
    """Fit the confidence of a span in the one passage that is read."""
    odds, gains, silent = [], [], []
    for example in tqdm(examples, unit=" examples", file=sys.stderr):
        passage = Passage(0, "", 0, len(example.context), example.context, "", None)
        spans = reader.read(example.question, [passage])
        if spans:
            best = spans[0]
            odds.append(_odds(best.confidence))
            gains.append(best_f1(example.context[best.start : best.end], example.gold()))
            if not example.answers:
                gains[-1] = 0.0
            silent.append(not example.answers)
    x, right = np.array(odds), np.array(gains) >= RIGHT_F1
    slope, offset = _logistic(np.stack([x, np.ones_like(x)], axis=1), right)
    confidences = 1 / (1 + np.exp(-(slope * x + offset)))
    threshold = _best_threshold(confidences, np.array(gains), np.array(silent))
    return Calibration(round(float(slope), 4), round(float(offset), 4), threshold)


def _fit_search(examples: Sequence[Example], reader: ModelReader, pile: Pile) -> SearchWeights:
    """Fit the confidence of a span among those of all passages that a search finds.

    First over the best span of each passage, to tell which to put first; then over the first ones
    alone, whose confidence a person sees.
    """
    pipeline = Pipeline(pile.database, pile.encoder, pile.index, reader, reader.weights.threshold)
    read: list[tuple[Example, Reading]] = []
    for example in tqdm(examples, unit=" questions", file=sys.stderr):
        found = find_answers(example.question, Filter(), pipeline, any_length=True)
        if found.reading is not None and found.reading.spans:
            read.append((example, found.reading))

    def gain(example: Example, reading: Reading, span: Span) -> float:
        passage = reading.hits[span.passage].passage
        if not example.answers or passage.document_id != pile.documents.get(example.context):
            return 0.0
        return best_f1(passage.text[span.start : span.end], example.gold())

    rows, right = [], []
    for example, reading in read:
        for span, evidence in zip(reading.spans, reading.evidence(), strict=True):
            rows.append((*evidence, 1.0))
            right.append(gain(example, reading, span) >= RIGHT_F1)
    fitted = _logistic(np.array(rows), np.array(right))
    first = _weights(fitted, 0.5)
    odds, gains, silent = [], [], []
    for example, reading in read:
        best = reading.weigh(first)[0]
        odds.append(_odds(best.confidence))
        gains.append(gain(example, reading, best))
        silent.append(not example.answers or example.context not in pile.documents)
    x = np.array(odds)
    slope, offset = _logistic(np.stack([x, np.ones_like(x)], axis=1), np.array(gains) >= RIGHT_F1)
    confidences = 1 / (1 + np.exp(-(slope * x + offset)))
    threshold = _best_threshold(confidences, np.array(gains), np.array(silent))
    fitted = slope * fitted
    fitted[-1] += offset
    return _weights(fitted, threshold)


def _weights(fitted: Rows, threshold: float) -> SearchWeights:
    reading, score, cosine, words, names, offset = (round(float(value), 4) for value in fitted)
    return SearchWeights(reading, score, cosine, words, names, offset, threshold)


def _of_other_names(examples: Sequence[Example]) -> list[Example]:
    renamed = (
        Example(str(row["id"]), str(row["question"]), str(row["context"]), ())
        for row in rename(examples, {})
    )
    return list(renamed)


def _odds(confidence: float) -> float:
    sure = min(1 - 1e-6, max(1e-6, confidence))
    return math.log(sure / (1 - sure))


def _logistic(x: Rows, right: NDArray[np.bool_]) -> Rows:
    """The weights of the greatest likelihood, shape (columns,), held near 0 by a small penalty."""
    from scipy.optimize import minimize

    y = right.astype(np.float64)

    def loss(w: Rows) -> tuple[float, Rows]:
        z = x @ w
        value = np.logaddexp(0, z).sum() - y @ z + 0.5 * w @ w
        return float(value), x.T @ (1 / (1 + np.exp(-z)) - y) + w

    found: Rows = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x
    return found


def _best_threshold(confidences: Rows, gains: Rows, silent: NDArray[np.bool_]) -> float:
    """Where the mean F1 is greatest, silence where nothing answers counting as 1."""
    tried = np.round(np.arange(0.05, 0.95, 0.01), 2)
    worth = [
        np.where(confidences >= each, np.where(silent, 0.0, gains), silent).mean() for each in tried
    ]
    return float(tried[int(np.argmax(worth))])


if __name__ == "__main__":
    main()
