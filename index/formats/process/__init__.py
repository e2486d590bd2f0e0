"""The separate process in which files are parsed."""
