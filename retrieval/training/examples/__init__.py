"""Making training examples."""
