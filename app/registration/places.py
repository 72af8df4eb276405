"""What all commands on a registration share: the lock, the place, the journal."""

from flask_babel import gettext as _

from app.accounts.journal import record
from app.extensions import db
from app.registration import mails
from app.registration.models import Registration
from app.registration.queries import find_current_by_email, find_organisations_of
from app.registration.refusals import AddressTaken, WorkshopFull
from app.registration.seats import line_up, seat, take_seat
from app.workshops.locking import lock_workshop
from app.workshops.models import Workshop


def lock(registration: Registration) -> Workshop:
    """Let one command at a time act on the workshop, and see what the one before left."""
    workshop = lock_workshop(registration.workshop_id)
    db.session.refresh(registration)
    return workshop


def admits(workshop: Workshop, email: str) -> bool:
    """Whether this address needs no approval by the organisers."""
    return not workshop.is_closed_circle or is_listed(workshop, email)


def is_listed(workshop: Workshop, email: str) -> bool:
    """Whether the address belongs to one of the workshop's organisations."""
    return bool(find_organisations_of(workshop.id, email))


def seek_place(registration: Registration, workshop: Workshop) -> None:
    """A seat if one is free and nobody waits, else the end of the queue. Raises `WorkshopFull`."""
    if take_seat(workshop):
        seat(registration)
    elif workshop.has_waiting_list:
        registration.hold_until = None
        line_up(registration)
    else:
        raise WorkshopFull(_("All seats are taken."))


def check_address_free(workshop_id: int, email: str) -> None:
    """Raise `AddressTaken` if a current registration has the address."""
    if find_current_by_email(workshop_id, email) is not None:
        raise AddressTaken(
            _("There is already a registration with this e-mail address."), field="email"
        )


def tell_place(registration: Registration, *, approved: bool = False) -> None:
    """Mail what somebody with a proved address has now."""
    if registration.is_seated:
        mails.confirmed(registration, approved=approved)
    else:
        mails.waiting(registration, approved=approved)


def note(action: str, registration: Registration, changed: list[str] | None = None) -> None:
    """Write a line into the journal: what was done to whom, never the values."""
    record(
        action,
        workshop_id=registration.workshop_id,
        subject="registration",
        subject_id=registration.id,
        detail={"fields": changed} if changed else {},
    )
