"""Training of what rewrites follow-ups."""
