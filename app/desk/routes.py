"""The organisers' desk: its pages, part by part."""

from app.desk import (
    circle,
    journal,
    overview,
    participant,
    participants,
    settings,
    unlisted,
)
from app.desk.blueprint import bp

__all__ = [
    "bp",
    "circle",
    "journal",
    "overview",
    "participant",
    "participants",
    "settings",
    "unlisted",
]
