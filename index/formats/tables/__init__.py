"""Tables of records: CSV, JSON lines, sheets."""
