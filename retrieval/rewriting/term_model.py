"""Put low-rank changes on a BERT's matrices: a model in a megabyte beside the one it changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn

RANK = 16
"""Of the changes: each is the product of a tall and a wide matrix."""

SCALE = 2.0
WIDTH = 384
"""Numbers in a state of the model."""


class Adapted(nn.Module):  # type: ignore[misc]
    """A linear layer, kept as it is, and a low-rank change of it, which is nothing at first."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__()
        self.layer = layer
        self.down = nn.Parameter(torch.randn(RANK, layer.in_features) / layer.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(layer.out_features, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """What the layer makes of x, changed."""
        return self.layer(x) + SCALE * (x @ self.down.T) @ self.up.T

    def merged(self) -> nn.Linear:
        """The layer with the change in its weights."""
        with torch.no_grad():
            self.layer.weight += SCALE * self.up @ self.down
        return self.layer


class TermModel(nn.Module):  # type: ignore[misc]
    """A BERT whose states say which words are taken over, and that of [CLS] whether any is."""

    def __init__(self, base: Path, dropout: float = 0.0) -> None:
        """`base` is the folder of the model that is changed."""
        super().__init__()
        from transformers import BertModel
        from transformers.utils import logging

        logging.disable_progress_bar()
        logging.set_verbosity_error()
        self.bert: Any = BertModel.from_pretrained(
            base,
            add_pooling_layer=False,
            attn_implementation="eager",
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            dtype=torch.float32,
        )
        self.bert.requires_grad_(False)
        for parent, name in self._adapted():
            setattr(parent, name, Adapted(getattr(parent, name)))
        self.dropout = nn.Dropout(dropout)
        self.term = nn.Linear(WIDTH, 1)
        self.gate = nn.Linear(WIDTH, 1)

    def _adapted(self) -> list[tuple[Any, str]]:
        return [
            place
            for layer in self.bert.encoder.layer
            for place in (
                (layer.attention.self, "query"),
                (layer.attention.self, "key"),
                (layer.attention.self, "value"),
                (layer.attention.output, "dense"),
                (layer.intermediate, "dense"),
                (layer.output, "dense"),
            )
        ]

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> dict[str, torch.Tensor]:
        """Log odds: "terms" of shape (batch, length), "depends" of shape (batch, 1)."""
        states = self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        states = self.dropout(states.float())
        return {"terms": self.term(states)[..., 0], "depends": self.gate(states[:, 0])}

    def changes(self) -> dict[str, torch.Tensor]:
        """What is trained, by name."""
        return {name: weight for name, weight in self.named_parameters() if weight.requires_grad}

    def merge(self) -> None:
        """Take the changes into the BERT's own weights: as fast as it was before."""
        for parent, name in self._adapted():
            setattr(parent, name, getattr(parent, name).merged())


def save_changes(model: TermModel, path: Path) -> None:
    """Write what was trained, in float16."""
    from safetensors.torch import save_file

    found = {name: weight.detach().half() for name, weight in model.changes().items()}
    save_file(found, path, metadata={"format": "pt"})


def load_changes(model: TermModel, path: Path) -> None:
    """Take over what `save_changes` wrote."""
    from safetensors.torch import load_file

    found = load_file(path)
    with torch.no_grad():
        for name, weight in model.changes().items():
            weight.copy_(found[name].float())
