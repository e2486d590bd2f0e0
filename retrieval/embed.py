"""Embed a question, however long it is."""

from __future__ import annotations

import numpy as np

from index.passages import split_passages
from index.types import Encoder, Vector


def embed_any_length(question: str, encoder: Encoder) -> Vector:
    """The encoder's vector of a question that it reads in full; of a longer one, that of its parts.

    The parts are cut as passages are, at sentences' ends, so they are as long as what they are
    compared with; their unit vectors' mean is brought to length 1. Each part counts alike.
    """
    if len(encoder.piece_offsets(question)) <= encoder.max_pieces:
        return encoder.embed_question(question)
    parts = split_passages(question, encoder)
    vectors = [encoder.embed_question(question[part.start : part.end]) for part in parts]
    mean = np.mean(vectors, axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)
