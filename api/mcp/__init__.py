"""The Model Context Protocol: tools and reports for other people's language models."""
