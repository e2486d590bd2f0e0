"""A collection in step with folders: scan, compare, follow."""
