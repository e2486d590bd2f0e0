"""Uploads, worked through in the background."""
