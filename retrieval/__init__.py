"""Questions out: rewrite, search, fuse, read, cite."""
