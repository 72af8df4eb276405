"""The organisers' desk: its pages, part by part."""

from app.desk import circle, overview, participant, participants, settings, unlisted
from app.desk.blueprint import bp

__all__ = ["bp", "circle", "overview", "participant", "participants", "settings", "unlisted"]
