"""What a report says of itself: title and date."""
