"""Speakers: who they are, their own page, their slides."""
