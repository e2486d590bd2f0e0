"""Make a question of a conversation stand alone."""
