"""Figures: what numbers a report gives, what they count, and what a question asks for."""
