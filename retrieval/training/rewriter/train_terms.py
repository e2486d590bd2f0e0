"""Train the term finder.

    python -m retrieval.training.rewriter.train_terms REWRITES QUESTIONS TERMS

REWRITES is ../shared/data/conversation/rewrites.jsonl, QUESTIONS ../shared/data/qa/train.jsonl.gz.
Writes retrieval/term_model/changes.safetensors, and to TERMS, as JSON, what models that have not
seen a question's conversation find for it: `train_rewriter` goes by that.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn

from index.models.int8 import open_tokenizer
from retrieval.english.phrases import stems_of
from retrieval.evaluation.files.rewrites import RewriteExample, keep_back, read_rewrites
from retrieval.readers.load import DEFAULT_FOLDER
from retrieval.rewriting.term_finder import CHANGES_FILE, TurnLayout, gather_terms, lay_out_turns
from retrieval.rewriting.term_model import TermModel, save_changes
from retrieval.training.rewriter.made_follow_ups import FollowUp, make_follow_ups
from retrieval.types import Terms, Turn

FOLDS = 4
_MADE, _MIXED = 10_000, 400
"""Made questions that are learned first, and how many of those with answers are learned again with
the real ones: these have no answers."""

_FIRST_RATE, _RATE = 1e-3, 6e-4
_EPOCHS, _BATCH = 3, 24
_ADDED, _GATE = 2.0, 0.3
"""What a word that is added weighs against one that is not, and [CLS] against all words."""

_AVERAGE = 0.98
_STEP = 16
_IGNORED = -1.0


@dataclass(frozen=True, slots=True)
class TermItem:
    """A question laid out: `wanted` is 1 or 0 by position, _IGNORED where nothing is to be said."""

    layout: TurnLayout
    wanted: tuple[float, ...]

    @property
    def depends(self) -> float:
        """1 if any word of the history is wanted, else 0."""
        return float(1.0 in self.wanted)


def main() -> None:
    """Train the model, and one for each fold."""
    train, _ = keep_back(read_rewrites(Path(sys.argv[1])))
    tokenizer = open_tokenizer((DEFAULT_FOLDER / "tokenizer.json").read_bytes())
    made = make_follow_ups(Path(sys.argv[2]), _MADE, seed=1)
    answered = [each for each in made if any(turn.answers for turn in each.history)]
    mixed = [lay_out_item(tokenizer, each) for each in answered[:_MIXED]]
    torch.manual_seed(1)
    model = TermModel(DEFAULT_FOLDER, dropout=0.1)
    fit(model, [lay_out_item(tokenizer, each) for each in made], 1, _FIRST_RATE)
    first = {name: weight.detach().clone() for name, weight in model.changes().items()}
    items = [lay_out_item(tokenizer, as_follow_up(each)) for each in train]

    def fine_tune(chosen: Sequence[int]) -> None:
        with torch.no_grad():
            for name, weight in model.changes().items():
                weight.copy_(first[name])
        real = [items[number] for number in chosen if train[number].history]
        fit(model, [*real, *mixed], _EPOCHS, _RATE)

    predictions: dict[str, Terms] = {}
    folds = fold_of(train)
    for fold in range(FOLDS):
        fine_tune([number for number in range(len(train)) if folds[number] != fold])
        out = [number for number in range(len(train)) if folds[number] == fold]
        found = predict(model, [items[number] for number in out])
        predictions |= {train[number].id: each for number, each in zip(out, found, strict=True)}
    fine_tune(range(len(train)))
    CHANGES_FILE.parent.mkdir(exist_ok=True)
    save_changes(model, CHANGES_FILE)
    lines = {key: asdict(found) for key, found in predictions.items()}
    Path(sys.argv[3]).write_text(json.dumps(lines), encoding="utf-8")


def as_follow_up(example: RewriteExample) -> FollowUp:
    """A person's example, whose history has questions alone."""
    history = tuple(Turn(asked) for asked in example.history)
    return FollowUp(example.question, history, frozenset(example.added))


def fold_of(examples: Sequence[RewriteExample]) -> list[int]:
    """The fold of each example; a conversation's examples are of one fold."""
    conversations = sorted({example.conversation for example in examples})
    random.Random(7).shuffle(conversations)  # noqa: S311
    folds = {each: number % FOLDS for number, each in enumerate(conversations)}
    return [folds[example.conversation] for example in examples]


def lay_out_item(tokenizer: Tokenizer, asked: FollowUp) -> TermItem:
    """What is to be learned of a question; a word that the question has is neither."""
    layout = lay_out_turns(tokenizer, asked.question, asked.history)
    known = stems_of(asked.question)
    wanted = [_IGNORED] * len(layout.ids)
    for word in layout.words:
        new = set(word.stems) - known
        for position in word.positions if new else ():
            wanted[position] = float(bool(new & asked.added))
    return TermItem(layout, tuple(wanted))


def fit(model: TermModel, items: Sequence[TermItem], epochs: int, rate: float) -> None:
    """Train the model's changes; it is left with the running average of them."""
    torch.manual_seed(1)
    weights = list(model.changes().values())
    optimiser = torch.optim.AdamW(weights, lr=rate, weight_decay=0.01)
    plan = [batch for epoch in range(epochs) for batch in _batches(items, epoch)]
    average = [weight.detach().clone() for weight in weights]
    model.train()
    begun, total = time.monotonic(), 0.0
    for step, batch in enumerate(plan):
        for group in optimiser.param_groups:
            warm = min(1.0, (step + 1) / (0.1 * len(plan)))
            group["lr"] = rate * warm * max(0.05, 1 - step / len(plan))
        loss = _loss(model, [items[number] for number in batch])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        keep = min(_AVERAGE, (step + 1) / (step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(average, weights, 1 - keep)
        total += loss.item()
    with torch.no_grad():
        for weight, mean in zip(weights, average, strict=True):
            weight.copy_(mean)
    spent = time.monotonic() - begun
    print(f"{len(plan)} steps, mean loss {total / len(plan):.3f}, {spent:.0f} s", flush=True)  # noqa: T201


def predict(model: TermModel, items: Sequence[TermItem]) -> list[Terms]:
    """What the model finds, one question at a time."""
    model.eval()
    found = []
    for item in items:
        with torch.no_grad():
            scores = _scores(model, [item])
        depends = float(scores["depends"][0, 0])
        found.append(gather_terms(item.layout, scores["terms"][0].float().tolist(), depends))
    return found


def _loss(model: TermModel, items: Sequence[TermItem]) -> torch.Tensor:
    scores = _scores(model, items)
    length = scores["terms"].shape[1]
    wanted = torch.tensor(
        [[*item.wanted, *[_IGNORED] * (length - len(item.wanted))] for item in items]
    )
    counted = wanted != _IGNORED
    weight = torch.where(wanted[counted] > 0, _ADDED, 1.0)
    entropy = nn.functional.binary_cross_entropy_with_logits
    terms = entropy(scores["terms"][counted].float(), wanted[counted], reduction="none")
    depends = torch.tensor([item.depends for item in items])
    return (terms * weight).sum() / weight.sum().clamp(min=1) + _GATE * entropy(
        scores["depends"][:, 0].float(), depends
    )


def _scores(model: TermModel, items: Sequence[TermItem]) -> dict[str, torch.Tensor]:
    longest = max(len(item.layout.ids) for item in items)
    length = -(-longest // _STEP) * _STEP
    ids, mask, types = (torch.zeros(len(items), length, dtype=torch.long) for _ in range(3))
    for row, item in enumerate(items):
        size = len(item.layout.ids)
        ids[row, :size] = torch.tensor(item.layout.ids)
        types[row, :size] = torch.tensor(item.layout.types)
        mask[row, :size] = 1
    with torch.autocast("cpu", torch.bfloat16):
        scores: dict[str, torch.Tensor] = model(ids, mask, types)
    return scores


def _batches(items: Sequence[TermItem], epoch: int) -> list[list[int]]:
    """Which items go together: of like length, in an order drawn by chance."""
    chance = random.Random(epoch)  # noqa: S311
    order = list(range(len(items)))
    chance.shuffle(order)
    order.sort(key=lambda number: (len(items[number].layout.ids) + chance.randrange(12)) // 8)
    batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    chance.shuffle(batches)
    return batches


if __name__ == "__main__":
    main()
