"""The model as it is trained: an encoder's weights with a head that scores starts and ends."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from retrieval.training.reader.batches import Batch

DROPOUT_POOL = 1 << 23


class PooledDropout(nn.Module):  # type: ignore[misc]
    """Dropout whose masks are cut from one long random one, at a random place.

    Drawing a mask for each layer takes half of the time of a training step on a CPU.
    """

    pool: torch.Tensor

    def __init__(self, p: float) -> None:
        super().__init__()
        kept = torch.rand(DROPOUT_POOL) >= p
        self.register_buffer("pool", (kept / (1 - p)).to(torch.bfloat16), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Some of x set to nothing and the rest made larger, while training; else x."""
        if not self.training:
            return x
        first = int(torch.randint(0, DROPOUT_POOL - x.numel(), ()))
        return x * self.pool[first : first + x.numel()].view_as(x)


def load_model(base: str | Path, dropout: float) -> Any:
    """A BERT for question answering with the weights of `base`; the head is new if it has none.

    Attention is computed as written, without dropout: at 192 pieces a step takes 390 ms so, 530 ms
    with torch's fused attention, 1,110 ms with that and dropout drawn for each layer. The word
    embeddings stay as they are: half of all weights, which so little text would move by chance.
    """
    from transformers import AutoModelForQuestionAnswering
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    model = AutoModelForQuestionAnswering.from_pretrained(
        base,
        attn_implementation="eager",
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        dtype=torch.float32,
    )
    if dropout:
        shared = PooledDropout(dropout)
        for layer in [model.bert.embeddings, *model.bert.encoder.layer]:
            for module in layer.modules():
                if isinstance(getattr(module, "dropout", None), nn.Dropout) and hasattr(
                    module, "LayerNorm"
                ):
                    module.dropout = shared
    model.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    return model


def span_loss(model: Any, batch: Batch, device: torch.device) -> torch.Tensor:
    """The mean cross entropy of the right start and the right end among the allowed positions."""
    rows = {
        name: torch.from_numpy(getattr(batch, name)).to(device)
        for name in ("ids", "types", "mask", "allowed", "start", "end")
    }
    with torch.autocast(device.type, torch.bfloat16):
        found = model(
            input_ids=rows["ids"], token_type_ids=rows["types"], attention_mask=rows["mask"]
        )
    losses = [
        nn.functional.cross_entropy(logits.float().masked_fill(~rows["allowed"], -1e4), rows[name])
        for name, logits in (("start", found.start_logits), ("end", found.end_logits))
    ]
    return (losses[0] + losses[1]) / 2


WEIGHTS = "model.safetensors"
KEPT = ("config.json", "tokenizer.json", "tokenizer_config.json")


def main() -> None:
    """Read the options, average, write."""
    parser = argparse.ArgumentParser(
        prog="python -m retrieval.training.average", description="Average models' weights."
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="model folders")
    parser.add_argument("--out", type=Path, required=True, help="the folder of their mean")
    options = parser.parse_args()
    average(options.folders, options.out)


def average(folders: Sequence[Path], out: Path) -> None:
    """Write the mean of the models, at float16, with the first one's configuration.

    Raises ValueError if their weights differ in name or shape.
    """
    from safetensors.torch import load_file, save_file

    models = [load_file(folder / WEIGHTS) for folder in folders]
    shapes = [{name: each.shape for name, each in model.items()} for model in models]
    for folder, found in zip(folders, shapes, strict=True):
        if found != shapes[0]:
            raise ValueError(f"{folder} has other weights than {folders[0]}")
    mean = {
        name: (sum(model[name].float() for model in models) / len(models)).half().contiguous()
        for name in models[0]
    }
    out.mkdir(parents=True, exist_ok=True)
    save_file(mean, out / WEIGHTS, metadata={"format": "pt"})
    for name in KEPT:
        shutil.copyfile(folders[0] / name, out / name)


if __name__ == "__main__":
    main()
