"""Metrics, by their published formulas."""
