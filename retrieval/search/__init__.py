"""Finding the passages that may answer."""
