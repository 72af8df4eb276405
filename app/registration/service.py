"""Commands on registrations, by the person concerned and by the desk."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.journal import record
from app.extensions import db, now
from app.outbox.service import may_mail_link, revoke_links
from app.refusals import Refused
from app.registration import mails
from app.registration.details import (
    Details,
    check_details,
    index_name,
    withdraw_consent,
    write_details,
)
from app.registration.leaving import leave
from app.registration.models import Registration, Status
from app.registration.queries import find_active_by_email
from app.registration.seats import (
    expire_holds,
    free_seat,
    hold_until,
    is_seat_free,
    line_up,
    lock_workshop,
    promote_next,
    seat,
    take_seat,
)
from app.workshops.door import Door, find_door
from app.workshops.models import ConsentKind, Workshop

# Crockford's base 32: no letters that are mistaken for digits. 12 of them are 60 random bits.
_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 12


class RegistrationClosed(Refused):
    """It has not begun, is over, or the workshop is."""


class WorkshopFull(Refused):
    """No seat is free, and there is no waiting list."""


class SeatsTaken(Refused):
    """The desk wanted a seat, and none is free."""


class AddressTaken(Refused):
    """Another active registration of this workshop has the address."""


class ChangesClosed(Refused):
    """The deadline for changes is over."""


class ChangedMeanwhile(Refused):
    """Somebody else, or another tab, has changed the registration since the form was opened."""


class NotActive(Refused):
    """The registration was cancelled or has expired."""


@dataclass(frozen=True)
class Outcome:
    """What the person is told. It is the same whether or not the address was known."""

    seated: bool
    hold_until: datetime


def check_open(workshop: Workshop) -> None:
    """Raise `RegistrationClosed` unless people can register now."""
    match find_door(workshop):
        case Door.UNDATED | Door.SOON:
            raise RegistrationClosed(_("Registration has not opened yet."))
        case Door.CLOSED | Door.OVER:
            raise RegistrationClosed(_("Registration is closed."))


def register(workshop: Workshop, details: Details) -> Outcome:
    """Register a person: on a seat, or on the waiting list; a mail asks to prove the address.

    Whoever is registered already gets their personal link by mail instead, and the browser is
    told nothing. Raises `RegistrationClosed`, `WorkshopFull` and what `check_details` raises.
    """
    workshop = lock_workshop(workshop.id)
    check_open(workshop)
    # Before the address is looked up: no refusal may tell whether it is known.
    check_details(workshop, details)
    expire_holds(workshop)
    outcome = Outcome(seated=is_seat_free(workshop), hold_until=hold_until(workshop))
    if not outcome.seated and not workshop.has_waiting_list:
        raise WorkshopFull(_("All seats are taken."))
    known = find_active_by_email(workshop.id, details.email)
    if known is not None:
        if may_mail_link(mails.LINK_PURPOSE, known.id):
            mails.already_registered(known)
        return outcome
    registration = _new(workshop, details)
    registration.hold_until = outcome.hold_until
    if take_seat(workshop):
        registration.status = Status.HELD
    else:
        line_up(registration)
    db.session.add(registration)
    db.session.flush()
    _note("registration.created", registration)
    mails.prove_address(registration)
    return outcome


def prove_address(registration: Registration, *, by_desk: bool = False) -> None:
    """The holder of the mailed link is there. A place that was let go is sought again.

    Raises `NotActive` if it was cancelled; if the place was let go, `RegistrationClosed` (not for
    the desk), `AddressTaken` if the person has registered anew, `WorkshopFull` if none is left.
    """
    workshop = _lock(registration)
    if registration.status is Status.CANCELLED:
        raise NotActive(_("This registration was cancelled."))
    if registration.address_proved_at is not None and registration.is_active:
        return
    if registration.status is Status.EXPIRED and not by_desk:
        check_open(workshop)
    registration.address_proved_at = now()
    registration.hold_until = None
    if registration.status is Status.HELD:
        registration.status = Status.CONFIRMED
    elif registration.status is Status.EXPIRED:
        _seek_place(registration, workshop)
    db.session.flush()
    _note("registration.address_proved", registration)
    _tell_place(registration)


def cancel(registration: Registration, *, by_desk: bool = False) -> None:
    """Cancel a registration; its seat goes to whoever waits longest. Twice does nothing."""
    workshop = _lock(registration)
    if not registration.is_active:
        return
    had_seat = registration.is_seated
    was_confirmed = registration.status is Status.CONFIRMED
    registration.status = Status.CANCELLED
    registration.cancelled_at = now()
    registration.queue_number = None
    registration.hold_until = None
    _drop_new_address(registration)
    db.session.flush()
    _note("registration.cancelled", registration)
    mails.cancelled(registration, by_desk=by_desk, was_confirmed=was_confirmed)
    if had_seat:
        free_seat(workshop)
        promote_next(workshop)
    leave(registration)


def change(registration: Registration, details: Details, *, version: int) -> list[str]:
    """What the person changes by their link, until the deadline; returns what changed.

    A new address counts once its owner has proved it. Raises `ChangesClosed`, `NotActive`,
    `ChangedMeanwhile` and what `check_details` raises.
    """
    _lock(registration)
    check_changeable(registration)
    changed = _write(registration, details, version)
    email = details.email.lower()
    if email == registration.email:
        _drop_new_address(registration)
    elif email != registration.new_email:
        _drop_new_address(registration)
        registration.new_email = email
        changed.append("email")
        # A known address is answered like any other: nothing is told about other people.
        if find_active_by_email(registration.workshop_id, email) is None:
            mails.new_address(registration)
    db.session.flush()
    if changed:
        _note("registration.changed", registration, changed)
    return changed


def check_changeable(registration: Registration) -> None:
    """Raise `NotActive` or `ChangesClosed` unless the person may change it now."""
    if not registration.is_active:
        raise NotActive(_("This registration is no longer active."))
    until = registration.workshop.changes_until
    if (until is not None and now() >= until) or find_door(registration.workshop) is Door.OVER:
        raise ChangesClosed(_("The deadline for changes is over. Please write to the organisers."))


def take_new_address(registration: Registration) -> None:
    """The owner of the new address is there: it replaces the old one, which is told.

    Raises `NotActive` if nothing waits to be changed, `AddressTaken` if it is in use meanwhile.
    """
    _lock(registration)
    if registration.new_email is None or not registration.is_active:
        raise NotActive(_("There is no change of address to confirm."))
    if find_active_by_email(registration.workshop_id, registration.new_email) is not None:
        raise AddressTaken(_("Another registration uses this address."))
    old, registration.email = registration.email, registration.new_email
    _drop_new_address(registration)
    index_name(registration)
    # Links that went to the old address end here; the new one gets its own.
    revoke_links(mails.LINK_PURPOSE, registration.id)
    db.session.flush()
    _note("registration.address_changed", registration, ["email"])
    mails.address_changed(registration, old_email=old)
    if registration.address_proved_at is None:
        prove_address(registration)
    else:
        mails.personal_link(registration)


def withdraw(registration: Registration, kind: ConsentKind) -> None:
    """Withdraw a consent: as easy as giving it, and possible at any time."""
    _lock(registration)
    if withdraw_consent(registration, kind):
        registration.updated_at = now()  # a form that is open elsewhere must not give it back
        db.session.flush()
        _note("registration.consent_withdrawn", registration, [f"consent_{kind.value}"])


def request_link(workshop: Workshop, email: str) -> None:
    """Mail the personal link, if there is a registration. The caller says the same either way."""
    registration = find_active_by_email(workshop.id, email)
    if registration is not None and may_mail_link(mails.LINK_PURPOSE, registration.id):
        mails.personal_link(registration)


def add_by_desk(
    workshop: Workshop, details: Details, *, on_waiting_list: bool = False, notify: bool = True
) -> Registration:
    """The desk registers somebody and vouches for the address.

    Raises `SeatsTaken`, `AddressTaken` and what `check_details` raises.
    """
    workshop = lock_workshop(workshop.id)
    expire_holds(workshop)
    _check_address_free(workshop.id, details.email)
    registration = _new(workshop, details)
    registration.address_proved_at = now()
    _place_by_desk(registration, workshop, on_waiting_list=on_waiting_list)
    db.session.add(registration)
    db.session.flush()
    _note("registration.added", registration)
    if notify:
        _tell_place(registration)
    return registration


def change_by_desk(
    registration: Registration, details: Details, *, version: int, internal_note: str
) -> list[str]:
    """What the desk changes, at any time; the address counts at once. Returns what changed.

    Raises `ChangedMeanwhile`, `AddressTaken` and what `check_details` raises.
    """
    _lock(registration)
    email = details.email.lower()
    if email != registration.email and registration.is_active:
        _check_address_free(registration.workshop_id, email)
    changed = _write(registration, details, version)
    if registration.internal_note != internal_note:
        registration.internal_note = internal_note
        changed.append("internal_note")
    if email != registration.email:
        registration.email = email
        _drop_new_address(registration)
        revoke_links(mails.LINK_PURPOSE, registration.id)
        index_name(registration)
        changed.append("email")
        if registration.is_active:
            mails.personal_link(registration)
    db.session.flush()
    if changed:
        _note("registration.changed", registration, changed)
    return changed


def confirm_by_desk(registration: Registration) -> None:
    """The desk vouches for an address that its owner has not proved."""
    prove_address(registration, by_desk=True)


def seat_by_desk(registration: Registration) -> None:
    """Give a seat out of turn, or again after a cancellation.

    Raises `SeatsTaken`, `AddressTaken`.
    """
    workshop = _lock(registration)
    if registration.is_seated:
        return
    if not registration.is_active:
        _check_address_free(workshop.id, registration.email)
    registration.address_proved_at = registration.address_proved_at or now()
    registration.cancelled_at = None
    _place_by_desk(registration, workshop, on_waiting_list=False)
    db.session.flush()
    _note("registration.seated", registration)
    mails.promoted(registration)


def _lock(registration: Registration) -> Workshop:
    """Let one command at a time act on the workshop, and see what the one before left."""
    workshop = lock_workshop(registration.workshop_id)
    db.session.refresh(registration)
    return workshop


def _drop_new_address(registration: Registration) -> None:
    """No link to an address that was typed before may confirm the one typed last."""
    if registration.new_email is not None:
        registration.new_email = None
        revoke_links(mails.NEW_ADDRESS_PURPOSE, registration.id)


def _place_by_desk(
    registration: Registration, workshop: Workshop, *, on_waiting_list: bool
) -> None:
    """On a seat, even before those who wait: the desk decides. Or at the end of the queue."""
    if on_waiting_list:
        line_up(registration)
        return
    if not take_seat(workshop, out_of_turn=True):
        raise SeatsTaken(
            _("All seats are taken. Raise the number of seats, or use the waiting list."),
            field="place",
        )
    seat(registration, workshop)


def _new(workshop: Workshop, details: Details) -> Registration:
    registration = Registration(
        workshop_id=workshop.id,
        workshop=workshop,
        email=details.email.lower(),
        badge_code="".join(secrets.choice(_CODE_ALPHABET) for _n in range(_CODE_LENGTH)),
    )
    with db.session.no_autoflush:
        write_details(registration, workshop, details)
    return registration


def _write(registration: Registration, details: Details, version: int) -> list[str]:
    if registration.version != version:
        raise ChangedMeanwhile(
            _("This registration was changed meanwhile. Check the values and save again.")
        )
    changed = write_details(registration, registration.workshop, details)
    if changed:
        registration.updated_at = now()  # also when only days or consents changed
    db.session.flush()
    return changed


def _seek_place(registration: Registration, workshop: Workshop) -> None:
    _check_address_free(workshop.id, registration.email)
    if take_seat(workshop):
        seat(registration, workshop)
    elif workshop.has_waiting_list:
        line_up(registration)
    else:
        raise WorkshopFull(_("All seats are taken."))


def _check_address_free(workshop_id: int, email: str) -> None:
    if find_active_by_email(workshop_id, email) is not None:
        raise AddressTaken(
            _("There is already a registration with this e-mail address."), field="email"
        )


def _tell_place(registration: Registration) -> None:
    if registration.is_seated:
        mails.confirmed(registration)
    else:
        mails.waiting(registration)


def _note(action: str, registration: Registration, changed: list[str] | None = None) -> None:
    record(
        action,
        workshop_id=registration.workshop_id,
        subject="registration",
        subject_id=registration.id,
        detail={"fields": changed} if changed else {},
    )
