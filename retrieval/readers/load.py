"""Load the reader that a name stands for."""

from __future__ import annotations

from pathlib import Path

from retrieval.readers.calibration import load_calibration
from retrieval.readers.model import ModelReader

DEFAULT_READER = "dateline-reader"
"""The reader that comes with Dateline."""

DEFAULT_FOLDER = Path(__file__).parent.parent / "reader_model"
"""Its weights, its calibration and what there is to know about it."""


def is_reader_ready(models: Path) -> bool:
    """Whether the default reader need not be converted any more."""
    from retrieval.readers.onnx import converted_folder

    return converted_folder(DEFAULT_FOLDER, models).is_dir()


def load_reader(name: str, models: Path) -> ModelReader:
    """The default reader in ONNX Runtime, or any other model as transformers runs it.

    `name` is DEFAULT_READER, a model folder, or a name that transformers can load; `models` is the
    folder that converted models are kept in. A model folder may hold a calibration; a model
    without one is taken at its word. Raises ModelUnusable.
    """
    if name == DEFAULT_READER:
        from retrieval.readers.onnx import OnnxSpanModel, convert_reader

        converted = OnnxSpanModel(convert_reader(DEFAULT_FOLDER, models))
        return ModelReader(converted, converted.tokenizer, *load_calibration(DEFAULT_FOLDER))
    from retrieval.readers.transformers import TransformersSpanModel

    model = TransformersSpanModel(name)
    return ModelReader(model, model.tokenizer, *load_calibration(Path(name)))
