"""Convert models to ONNX at int8, once, into folders that are there whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from index.errors import ModelUnusable

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
RECORD_FILE = "conversion.json"
_KEPT = (MODEL_FILE, TOKENIZER_FILE)


def convert_once(target: Path, convert: Callable[[Path], None]) -> Path:
    """The folder `target`, filled by `convert` if it is not there or damaged.

    `convert` gets an empty folder. Two processes may ask at once: one converts, the other waits.
    Raises what `convert` raises.
    """
    if is_whole(target):
        return target
    models = target.parent
    models.mkdir(parents=True, exist_ok=True)
    with FileLock(models / "convert.lock"):
        if is_whole(target):
            return target
        for stale in models.glob("*.part"):
            # A process that was killed while it converted: whoever holds the lock is alone.
            shutil.rmtree(stale, ignore_errors=True)
        part = Path(tempfile.mkdtemp(dir=models, suffix=".part"))
        try:
            convert(part)
            if target.is_dir() and not target.is_symlink():
                shutil.rmtree(target)
            else:
                target.unlink(missing_ok=True)
            os.replace(part, target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return target


def is_whole(folder: Path) -> bool:
    """Whether a converted model is there and as it was made."""
    try:
        read_converted(folder)
    except ModelUnusable:
        return False
    return True


def read_converted(folder: Path) -> tuple[bytes, bytes]:
    """The converted model and its tokenizer. Raises ModelUnusable if either has changed."""
    try:
        digests = json.loads((folder / RECORD_FILE).read_text())["sha256"]
        model, tokenizer = ((folder / name).read_bytes() for name in _KEPT)
        whole = digests == {MODEL_FILE: sha256(model), TOKENIZER_FILE: sha256(tokenizer)}
    except (OSError, ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise ModelUnusable(f"{folder} is damaged: delete that folder, and it is made again")
    return model, tokenizer


def sha256(content: bytes) -> str:
    """The digest in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def open_tokenizer(content: bytes) -> Tokenizer:
    """The tokenizer that a tokenizer.json holds, cutting and padding nothing, whatever it says."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(content)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def open_session(model: bytes) -> Any:
    """An ONNX Runtime session that takes one text at a time and runs on one core.

    A second thread inside a text doubles the work and saves no time: texts run side by side.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def convert_bert(
    model: Any, outputs: Sequence[str], tokenizer: Path, folder: Path, float_projections: int
) -> None:
    """Write a BERT of transformers, quantised dynamically to int8, and its tokenizer to `folder`.

    The graph takes `input_ids`, `attention_mask` and `token_type_ids`, int64 of shape (batch,
    length), and returns what the model's result calls `outputs`. The model must compute attention
    eagerly: with scaled dot product attention the exporter of torch 2.13 writes a wrong graph.
    `float_projections` is how many layers' second feed-forward projection stays in float32: the
    first layers' inputs to it have outliers that int8 rounds away.
    """
    with _quiet():
        _export(model, outputs, folder / "float.onnx")
        _quantise(folder / "float.onnx", folder / MODEL_FILE, float_projections)
    (folder / "float.onnx").unlink()
    shutil.copyfile(tokenizer, folder / TOKENIZER_FILE)
    digests = {name: sha256((folder / name).read_bytes()) for name in _KEPT}
    (folder / RECORD_FILE).write_text(json.dumps({"sha256": digests}))


def _export(model: Any, outputs: Sequence[str], target: Path) -> None:
    import torch

    class Named(torch.nn.Module):  # type: ignore[misc]
        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            found = model(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            )
            return tuple(found[name] for name in outputs)

    ids = torch.arange(1000, 1051).reshape(3, 17)
    free = {0: torch.export.Dim("batch"), 1: torch.export.Dim("sequence")}
    wrapped = Named()
    wrapped.model = model
    torch.onnx.export(
        wrapped,
        (ids, torch.ones_like(ids), torch.zeros_like(ids)),
        str(target),
        input_names=["input_ids", "attention_mask", "token_type_ids"],
        output_names=list(outputs),
        dynamic_shapes=(free, free, free),
        dynamo=True,
        external_data=False,
        verbose=False,
    )


def _quantise(source: Path, target: Path, float_projections: int) -> None:
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
        nodes_to_exclude=narrowing[:float_projections],
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
