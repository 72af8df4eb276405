"""Anonymous feedback on sessions."""
