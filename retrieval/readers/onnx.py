"""A reader's model in ONNX Runtime at int8, converted once from its weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.errors import ModelUnusable
from index.models.int8 import (
    TOKENIZER_FILE,
    convert_bert,
    convert_once,
    open_session,
    open_tokenizer,
    read_converted,
    sha256,
)
from retrieval.readers.layout import Layout, lay_out
from retrieval.readers.model import Logits

RECIPE = 1
"""Grows when the conversion changes: readers are then converted anew."""

FLOAT_PROJECTIONS = 2
"""How many layers' second feed-forward projection stays in float32."""

MIN_COSINE = 0.98
"""The least likeness of the int8 scores of a probe to the original's, each less its mean."""

PROBES = (
    (
        "Why was the bridge closed?",
        "The bridge over the Sarn was closed on Monday after inspectors found cracks in two of its "
        "piers. Some 4,000 drivers use it every day. The mayor called the closure a blow to trade.",
    ),
    (
        "How much did the group lose?",
        "The group lost 3.2 million crowns in the first quarter, against a profit of 1.1 million a "
        "year before. Its chairman blamed the weather, and expects 2 percent more sales by June.",
    ),
    (
        "Who won the election?",
        "Heavy snow kept most voters at home. Two polling stations had no electricity until noon, "
        "and the count goes on; the commission has promised a result by the end of the week.",
    ),
)
"""Questions and passages of a report's kind that every conversion is checked on."""

WEIGHTS_FILE = "model.safetensors"
OUTPUTS = ("start_logits", "end_logits")


class OnnxSpanModel:
    """Reads one input at a time, on one core."""

    def __init__(self, folder: Path) -> None:
        """`folder` is what `convert_reader` returns. Raises ModelUnusable if it is damaged."""
        model, tokenizer = read_converted(folder)
        self._session = open_session(model)
        self.tokenizer = open_tokenizer(tokenizer)

    def score(self, layout: Layout) -> Logits:
        """Start and end scores of each position, shape (length,)."""
        ids = np.array([layout.ids], dtype=np.int64)
        start, end = self._session.run(
            list(OUTPUTS),
            {
                "input_ids": ids,
                "attention_mask": np.ones_like(ids),
                "token_type_ids": np.array([layout.types], dtype=np.int64),
            },
        )
        return start[0], end[0]


def convert_reader(original: Path, models: Path) -> Path:
    """The folder of a converted reader, made now if it is not there.

    `original` is a BERT's model folder. Its content names the converted one, so that other weights
    are converted anew. Raises ModelUnusable.
    """
    return convert_once(converted_folder(original, models), lambda part: _convert(original, part))


def converted_folder(original: Path, models: Path) -> Path:
    """Where a reader's converted model is, or will be. Raises ModelUnusable."""
    names = ("config.json", TOKENIZER_FILE, WEIGHTS_FILE)
    try:
        digests = [sha256((original / name).read_bytes()) for name in names]
    except OSError as error:
        raise ModelUnusable(f"{original} is not a reader's model folder: {error}") from error
    digest = sha256("".join(digests).encode())
    return models / f"reader-{digest[:16]}-int8-{RECIPE}"


def _convert(original: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForQuestionAnswering
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    model = AutoModelForQuestionAnswering.from_pretrained(
        original, attn_implementation="eager", dtype=torch.float32
    ).eval()
    convert_bert(model, OUTPUTS, original / TOKENIZER_FILE, folder, FLOAT_PROJECTIONS)
    likeness = compare_with_original(folder, original)
    if likeness < MIN_COSINE:
        raise ModelUnusable(
            f"the int8 reader strays from its original on this processor (cosine {likeness:.3f}, "
            f"at least {MIN_COSINE} is needed): please report it, and set "
            f"DATELINE_READER={original} to run the original in torch"
        )


def compare_with_original(folder: Path, original: Path) -> float:
    """The least cosine of a probe's int8 scores with those that transformers computes."""
    from retrieval.readers.transformers import TransformersSpanModel

    ours, theirs = OnnxSpanModel(folder), TransformersSpanModel(str(original))
    least = 1.0
    for question, passage in PROBES:
        for layout in lay_out(ours.tokenizer, question, "", passage):
            for a, b in zip(ours.score(layout), theirs.score(layout), strict=True):
                x, y = a - a.mean(), b - b.mean()
                least = min(least, float(x @ y / (np.linalg.norm(x) * np.linalg.norm(y))))
    return least
