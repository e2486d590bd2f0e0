"""Any other encoder, as sentence-transformers runs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from index.errors import ModelUnusable, TextTooLong
from index.types import Vector, Vectors


class SentenceTransformerEncoder:
    """A sentence-transformers model by name or path.

    Texts are embedded one by one: a vector then does not depend on what is embedded beside it.
    """

    def __init__(self, name: str) -> None:
        """Raises ModelUnusable if the model cannot be loaded or has no fast tokenizer."""
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()

        try:
            self._model: Any = SentenceTransformer(name)
        except (OSError, ValueError) as error:
            raise ModelUnusable(
                f"the encoder {name!r} cannot be loaded: name a folder that sentence-transformers "
                f"can load, or a model that it can find ({error})"
            ) from error
        if not getattr(self._model.tokenizer, "is_fast", False):
            raise ModelUnusable(f"the encoder {name!r} has no fast tokenizer: offsets need one")
        self.fingerprint = f"sentence-transformers:{name}"
        self.dimensions = int(self._model.get_embedding_dimension())
        special = self._model.tokenizer.num_special_tokens_to_add()
        self.max_pieces = int(self._model.max_seq_length or 512) - special

    def piece_offsets(self, text: str) -> list[tuple[int, int]]:
        """The ranges of all word pieces, special tokens left out."""
        found = self._model.tokenizer(
            text,
            add_special_tokens=False,
            return_offsets_mapping=True,
            truncation=False,
            verbose=False,
        )
        return [(start, end) for start, end in found["offset_mapping"]]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts as the model embeds documents. Raises TextTooLong."""
        rows = [self._embed(text, self._model.encode_document) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dimensions), dtype=np.float32)

    def embed_question(self, text: str) -> Vector:
        """Embed a text as the model embeds queries. Raises TextTooLong."""
        return self._embed(text, self._model.encode_query)

    def _embed(self, text: str, encode: Any) -> Vector:
        pieces = len(self.piece_offsets(text))
        if pieces > self.max_pieces:
            raise TextTooLong(
                f"{pieces} word pieces are more than the {self.max_pieces} that the encoder reads"
            )
        vector = encode(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, dtype=np.float32)
