"""Any question answering model, as transformers runs it."""

from __future__ import annotations

from typing import Any

import numpy as np

from index.errors import ModelUnusable
from index.models.int8 import open_tokenizer
from retrieval.readers.layout import Layout
from retrieval.readers.model import Logits


class TransformersSpanModel:
    """A Hugging Face question answering model by name or path, in float32."""

    def __init__(self, name: str) -> None:
        """Raises ModelUnusable if there is no such model, or none that reads pairs of texts."""
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()
        try:
            fast = AutoTokenizer.from_pretrained(name, use_fast=True)
            self._model: Any = AutoModelForQuestionAnswering.from_pretrained(
                name, dtype=torch.float32
            ).eval()
            # A copy: what transformers holds would cut and pad whenever it is asked to.
            self.tokenizer = open_tokenizer(fast.backend_tokenizer.to_str().encode())
        except Exception as error:
            raise ModelUnusable(
                f"{name!r} cannot be loaded as a question answering model: {error}"
            ) from error
        self._typed = getattr(self._model.config, "type_vocab_size", 0) > 1

    def score(self, layout: Layout) -> Logits:
        """Start and end scores of each position, shape (length,)."""
        import torch

        inputs = {
            "input_ids": torch.tensor([layout.ids]),
            "attention_mask": torch.ones(1, len(layout.ids), dtype=torch.long),
        }
        if self._typed:
            inputs["token_type_ids"] = torch.tensor([layout.types])
        with torch.inference_mode():
            found = self._model(**inputs)
        start, end = (
            np.asarray(logits[0].float().numpy())
            for logits in (found.start_logits, found.end_logits)
        )
        return start, end
