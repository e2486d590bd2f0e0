"""The database: the truth about documents."""
