"""The files that evaluations read and write."""
