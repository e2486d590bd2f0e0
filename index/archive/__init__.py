"""A collection as one file: export, check, import."""
