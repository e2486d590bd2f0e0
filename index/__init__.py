"""Reports in: parse, split into passages, embed, store, and keep the search indexes."""
