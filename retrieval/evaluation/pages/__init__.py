"""Evaluation reports as HTML pages."""
