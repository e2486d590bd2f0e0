"""Files that hold other files: archives and mail."""
