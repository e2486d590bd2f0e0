"""Questions about an answer itself, replied to from what was cited."""
