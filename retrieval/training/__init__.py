"""How the reader that Dateline ships is made."""
