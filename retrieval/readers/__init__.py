"""Readers: models that find the span of a passage that answers a question."""
