"""Releasing the agenda: what changed, whom it concerns, and telling them."""
