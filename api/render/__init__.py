"""Replies as text: one wording for every way of asking."""
