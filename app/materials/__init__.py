"""Slides and handouts of sessions: looked into before they are kept, given out afterwards."""
