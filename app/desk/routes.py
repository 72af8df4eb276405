"""The organisers' desk: its pages, part by part."""

from app.desk import journal, overview, participant, participants, settings
from app.desk.blueprint import bp

__all__ = ["bp", "journal", "overview", "participant", "participants", "settings"]
