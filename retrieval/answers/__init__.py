"""From spans to the answers that are shown."""
