"""The organisers' desk: its pages, part by part."""

from app.desk import overview, participant, participants, settings
from app.desk.blueprint import bp

__all__ = ["bp", "overview", "participant", "participants", "settings"]
