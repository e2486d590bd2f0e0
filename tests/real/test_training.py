"""Training, on a tiny model and a handful of examples."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.evaluation.files.examples import Example
from retrieval.training.reader.batches import Item, make_items
from tests.factories import make_tokenizer, write_tiny_reader

pytestmark = [
    pytest.mark.real,
    pytest.mark.filterwarnings("ignore"),  # other people's packages, while they are imported
]

PLACES = ("valley", "town", "dam", "dyke", "river")
CAUSES = ("rain fell", "the clay left", "people rose", "the river rose", "the core broke")


@pytest.fixture(scope="module", autouse=True)
def _one_core() -> Iterator[None]:
    """For so small a model, telling another core what to do takes longer than doing it."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two layers with random weights, in a folder."""
    return write_tiny_reader(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def items() -> list[Item]:
    """A few examples, one of them without an answer."""
    examples = []
    for number, (place, cause) in enumerate(zip(PLACES, CAUSES, strict=True)):
        context = f"The report was in. The {place} broke when {cause}. People had left the town."
        start = context.index(cause)
        answers = ((start, start + len(cause)),) if number else ()
        examples.append(Example(f"e{number}", f"why had the {place} broke", context, answers))
    return make_items(examples, make_tokenizer(), 64)


@pytest.fixture
def recipe(base: Path) -> Any:
    from retrieval.training.reader.train import Recipe

    return Recipe(
        files=("made.jsonl",),
        base=str(base),
        epochs=8.0,
        pieces=128,
        max_pieces=64,
        rate=3e-3,
        warmup=0.1,
        decay=0.5,
        average=0.5,
        dropout=0.1,
        seed=1,
        shares={},
    )


def train(recipe: Any, items: list[Item], out: Path, save_every: float = 1e9) -> dict[str, Any]:
    """Train, and give back the record of it."""
    from retrieval.training.reader import train as trainer

    out.mkdir(exist_ok=True)
    trainer.train(recipe, items, out, save_every)
    record: dict[str, Any] = json.loads((out / "training.json").read_text())
    return record


def weights_of(folder: Path) -> dict[str, Any]:
    from safetensors.numpy import load_file

    found: dict[str, Any] = load_file(folder / "model.safetensors")
    return found


def loss_of(folder: Path, items: list[Item]) -> float:
    """The loss of a model folder on the items."""
    import torch

    from retrieval.training.reader.batches import collate
    from retrieval.training.reader.model import load_model, span_loss

    model = load_model(folder, dropout=0.0).eval()
    with torch.inference_mode():
        return float(span_loss(model, collate(items, seed=1), torch.device("cpu")))


def test_training_makes_a_model_folder_that_has_learnt(
    recipe: Any, items: list[Item], base: Path, tmp_path: Path
) -> None:
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    record = train(replace(recipe, epochs=40.0, rate=1e-2), items, tmp_path / "out")
    assert loss_of(tmp_path / "out", items) < loss_of(base, items) / 2
    assert (record["steps"], record["rate"], record["epochs"]) == (2 * 40, 1e-2, 40.0)
    assert record["loss"] > 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
        "training.json",
    }
    model, info = AutoModelForQuestionAnswering.from_pretrained(
        tmp_path / "out", output_loading_info=True
    )
    assert not any(info[name] for name in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    assert model.config.hidden_dropout_prob == 0.1
    asked = AutoTokenizer.from_pretrained(tmp_path / "out")("why", "rain fell")["input_ids"]
    assert asked == make_tokenizer().encode("why", "rain fell").ids


def test_every_weight_is_written_at_float16_and_the_word_embeddings_as_they_were(
    recipe: Any, items: list[Item], base: Path, tmp_path: Path
) -> None:
    train(replace(recipe, epochs=1.0), items, tmp_path / "out")
    before, after = weights_of(base), weights_of(tmp_path / "out")
    assert before.keys() == after.keys()
    assert {weight.dtype for weight in after.values()} == {np.dtype(np.float16)}
    assert all(before[name].shape == weight.shape for name, weight in after.items())
    kept = {name for name in after if np.array_equal(before[name].astype(np.float16), after[name])}
    assert "bert.embeddings.word_embeddings.weight" in kept
    assert not {name for name in kept if "query.weight" in name or "qa_outputs" in name}


def stop_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run be killed once so many of its checkpoints are written."""
    from retrieval.training.reader import train as trainer

    save: Callable[..., None] = trainer.save_checkpoint
    saved = []

    def save_and_die(*arguments: Any) -> None:
        save(*arguments)
        saved.append(1)
        if len(saved) == steps:
            raise KeyboardInterrupt

    monkeypatch.setattr(trainer, "save_checkpoint", save_and_die)


@pytest.mark.parametrize("steps", [1, 7])
def test_a_run_that_was_killed_and_resumed_makes_the_very_same_weights(
    recipe: Any, items: list[Item], tmp_path: Path, steps: int
) -> None:
    whole = train(recipe, items, tmp_path / "whole")
    with pytest.MonkeyPatch.context() as patch:
        stop_after(steps, patch)
        with pytest.raises(KeyboardInterrupt):
            train(recipe, items, tmp_path / "out", save_every=0)
    assert not (tmp_path / "out" / "training.json").exists()
    resumed = train(recipe, items, tmp_path / "out")
    wanted, found = weights_of(tmp_path / "whole"), weights_of(tmp_path / "out")
    assert all(np.array_equal(wanted[name], found[name]) for name in wanted)
    assert (resumed["loss"], resumed["steps"]) == (whole["loss"], whole["steps"])
    assert not (tmp_path / "out" / "checkpoint.pt").exists()


def test_another_seed_makes_other_weights(recipe: Any, items: list[Item], tmp_path: Path) -> None:
    for seed in (1, 2):
        train(replace(recipe, epochs=1.0, seed=seed), items, tmp_path / str(seed))
    one, other = weights_of(tmp_path / "1"), weights_of(tmp_path / "2")
    assert any(not np.array_equal(one[name], other[name]) for name in one)


def test_a_checkpoint_of_another_recipe_is_refused(
    recipe: Any, items: list[Item], tmp_path: Path
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stop_after(2, patch)
        with pytest.raises(KeyboardInterrupt):
            train(recipe, items, tmp_path, save_every=0)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ValueError, match="is of another run: Recipe"):
        train(replace(recipe, rate=1e-3), items, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
