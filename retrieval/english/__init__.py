"""What Dateline knows of English."""
