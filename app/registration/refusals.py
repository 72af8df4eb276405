"""What the rules of registration say no to."""

from app.refusals import Refused


class RegistrationClosed(Refused):
    """It has not begun, is over, or the workshop is."""


class WorkshopFull(Refused):
    """No seat is free, and there is no waiting list."""


class SeatsTaken(Refused):
    """The desk wanted a seat, and none is free."""


class AddressTaken(Refused):
    """Another current registration of this workshop has the address."""


class ChangesClosed(Refused):
    """The deadline for changes is over."""


class NotActive(Refused):
    """The registration was cancelled, has expired, or does not wait for this any more."""
