"""Registrations: the seats, the waiting list, and what participants do themselves."""
