"""File formats: how bytes become texts with places. See `index.parse` for the journey."""
