"""The encoder, and the int8 conversion of models."""
