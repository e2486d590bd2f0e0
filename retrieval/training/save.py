"""Save what is trained: checkpoints to go on from, and the model's folder."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import torch

_TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


def save_checkpoint(
    path: Path,
    recipe: str,
    weights: list[torch.Tensor],
    average: list[torch.Tensor],
    optimiser: torch.optim.Optimizer,
    state: dict[str, Any],
) -> None:
    """Write all that a run needs to go on; the file is there whole or as it was."""
    part = path.with_suffix(".part")
    torch.save(
        {
            "recipe": recipe,
            "weights": [weight.detach() for weight in weights],
            "average": average,
            "optimiser": optimiser.state_dict(),
            "random": torch.get_rng_state(),
            **state,
        },
        part,
    )
    os.replace(part, path)


def load_checkpoint(
    path: Path,
    recipe: str,
    weights: list[torch.Tensor],
    average: list[torch.Tensor],
    optimiser: torch.optim.Optimizer,
    device: torch.device,
) -> dict[str, Any]:
    """The state of a run, whose weights are put in place.

    `recipe` describes the run. Raises ValueError if the checkpoint is of another.
    """
    found = torch.load(path, map_location=device, weights_only=True)
    if found["recipe"] != recipe:
        raise ValueError(f"{path} is of another run: {found['recipe']}")
    with torch.no_grad():
        for kept, saved in ((weights, found["weights"]), (average, found["average"])):
            for mine, theirs in zip(kept, saved, strict=True):
                mine.copy_(theirs)
    optimiser.load_state_dict(found["optimiser"])
    torch.set_rng_state(found["random"].cpu())
    return {name: found[name] for name in ("step", "loss", "seconds")}


def write_model(
    model: Any, weights: list[torch.Tensor], average: list[torch.Tensor], base: Path, out: Path
) -> None:
    """Write the averaged weights at float16, with what else a model folder has."""
    from safetensors.torch import save_file

    trained = {id(weight): mean for weight, mean in zip(weights, average, strict=True)}
    names = dict(model.named_parameters())
    state = {
        name: trained.get(id(names[name]), value).half().contiguous()
        for name, value in model.state_dict().items()
        if name in names
    }
    config = model.config.to_dict() | {
        "_name_or_path": "",
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "architectures": [type(model).__name__],
        "dtype": "float16",
    }
    save_file(state, out / "model.safetensors", metadata={"format": "pt"})
    (out / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
    for name in _TOKENIZER_FILES:
        if (base / name).exists() and base != out:
            shutil.copyfile(base / name, out / name)
