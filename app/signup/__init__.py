"""Participants and sessions: picks, sign-up with waiting list, fair distribution."""
