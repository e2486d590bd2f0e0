"""Average the weights of models that were trained one from the other.

    python -m retrieval.training.average FOLDER FOLDER... --out FOLDER

The mean of several fine-tuned models is often better than each: model soups (Wortsman et al. 2022).
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

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
