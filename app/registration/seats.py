"""The seats of a workshop: taken, freed, and given to whoever waits longest.

Every command here first locks the workshop's row (on SQLite the whole transaction is exclusive),
so that parallel registrations queue up and each sees what the one before left.
"""

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.journal import record
from app.extensions import db, now
from app.registration import mails
from app.registration.models import SEATED, UNPROVED, Registration, Status
from app.workshops.locking import lock_workshop
from app.workshops.models import Workshop

_IN_WORKSHOP = Registration.workshop_id == sa.bindparam("workshop_id")
_SOMEBODY_WAITS = sa.select(sa.exists().where(_IN_WORKSHOP, Registration.status == Status.WAITING))
_OVERDUE = (
    sa.select(Registration)
    .where(
        _IN_WORKSHOP,
        Registration.status.in_(UNPROVED),
        Registration.hold_until <= sa.bindparam("at"),
    )
    .execution_options(populate_existing=True)
)


def take_seat(workshop: Workshop, *, out_of_turn: bool = False) -> bool:
    """Take a seat if one is free and (unless out of turn) nobody waits for it."""
    if workshop.seats_free <= 0 or (not out_of_turn and _somebody_waits(workshop.id)):
        return False
    _change_taken(workshop, +1)
    return True


def is_seat_free(workshop: Workshop) -> bool:
    """Whether the next person to register would get a seat."""
    return workshop.seats_free > 0 and not _somebody_waits(workshop.id)


def free_seat(workshop: Workshop) -> None:
    """Give a seat back. Follow it with `promote_next`."""
    _change_taken(workshop, -1)


def line_up(registration: Registration) -> None:
    """Put a proved registration behind everybody who waits. Numbers only grow meanwhile."""
    last = db.session.scalar(
        sa.select(sa.func.max(Registration.queue_number)).where(
            Registration.workshop_id == registration.workshop_id
        )
    )
    registration.queue_number = (last or 0) + 1
    registration.status = Status.WAITING


def promote_next(workshop: Workshop) -> int:
    """Give free seats to those who wait longest; each is told by mail. Returns how many."""
    workshop = lock_workshop(workshop.id)
    promoted = 0
    while workshop.seats_free > 0:
        registration = db.session.scalar(
            sa.select(Registration)
            .where(Registration.workshop_id == workshop.id, Registration.status == Status.WAITING)
            .order_by(Registration.queue_number)
            .limit(1)
            .execution_options(populate_existing=True)
        )
        if registration is None:
            break
        take_seat(workshop, out_of_turn=True)
        seat(registration)
        record(
            "registration.promoted",
            workshop_id=workshop.id,
            subject="registration",
            subject_id=registration.id,
        )
        mails.promoted(registration)
        promoted += 1
    return promoted


def seat(registration: Registration) -> None:
    """Put a proved registration on a seat that was just taken for it."""
    registration.status = Status.CONFIRMED
    registration.hold_until = None
    registration.queue_number = None
    db.session.flush()


def release(workshop: Workshop, registrations: list[Registration]) -> int:
    """Give held seats back, to who waits. Whoever proves the address later seeks one anew."""
    workshop = lock_workshop(workshop.id)
    released = 0
    for registration in registrations:
        db.session.refresh(registration)
        if registration.status is not Status.HELD or registration.workshop_id != workshop.id:
            continue
        registration.status = Status.UNPROVED
        registration.client = ""
        db.session.flush()
        free_seat(workshop)
        record(
            "registration.released",
            workshop_id=workshop.id,
            subject="registration",
            subject_id=registration.id,
        )
        released += 1
    if released:
        promote_next(workshop)
    return released


def expire_holds(workshop: Workshop) -> int:
    """End what was not proved in time, with or without a seat. Returns how many."""
    workshop = lock_workshop(workshop.id)
    overdue = db.session.scalars(_OVERDUE, {"workshop_id": workshop.id, "at": now()}).all()
    for registration in overdue:
        had_seat = registration.status in SEATED
        registration.status = Status.EXPIRED
        registration.client = ""
        registration.hold_until = None
        db.session.flush()
        if had_seat:
            free_seat(workshop)
        mails.expired(registration)
        record(
            "registration.expired",
            workshop_id=workshop.id,
            subject="registration",
            subject_id=registration.id,
        )
    if overdue:
        promote_next(workshop)
    return len(overdue)


def _somebody_waits(workshop_id: int) -> bool:
    return bool(db.session.scalar(_SOMEBODY_WAITS, {"workshop_id": workshop_id}))


def _change_taken(workshop: Workshop, change: int) -> None:
    # Not through the object: a seat is no edit of the settings and leaves their version alone.
    taken = db.session.scalar(
        sa.update(Workshop)
        .where(Workshop.id == workshop.id)
        .values(seats_taken=Workshop.seats_taken + change)
        .returning(Workshop.seats_taken)
        .execution_options(synchronize_session=False)
    )
    set_committed_value(workshop, "seats_taken", taken)
