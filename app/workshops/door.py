"""Whether the door is open: may people register now, and what are they told?"""

import enum

from app.extensions import now
from app.workshops.models import Workshop


class Door(enum.StrEnum):
    """The state of registration, in the order in which a workshop goes through it."""

    UNDATED = "undated"
    SOON = "soon"
    OPEN = "open"
    WAITING_LIST = "waiting list"
    FULL = "full"
    CLOSED = "closed"
    OVER = "over"


def find_door(workshop: Workshop) -> Door:
    """The state of registration now, from the workshop's own row alone."""
    present = now()
    if present.astimezone(workshop.zone).date() > workshop.ends_on:
        return Door.OVER
    if workshop.registration_opens_at is None:
        return Door.UNDATED
    if present < workshop.registration_opens_at:
        return Door.SOON
    if workshop.registration_closes_at is not None and present >= workshop.registration_closes_at:
        return Door.CLOSED
    if workshop.seats_free > 0:
        return Door.OPEN
    return Door.WAITING_LIST if workshop.has_waiting_list else Door.FULL
