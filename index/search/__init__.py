"""Search indexes: caches of the database."""
