"""Commands on registrations, by the person concerned and by the desk."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _

from app.extensions import db, now
from app.outbox.service import may_mail_link, revoke_links
from app.refusals import ChangedMeanwhile
from app.registration import mails
from app.registration.details import (
    Details,
    check_details,
    index_name,
    withdraw_consent,
    write_details,
)
from app.registration.holds import hold_until, may_hold
from app.registration.leaving import leave
from app.registration.links import LINK_PURPOSE, NEW_ADDRESS_PURPOSE
from app.registration.models import UNPROVED, ParticipantRole, Registration, Status
from app.registration.places import (
    admits,
    check_address_free,
    is_listed,
    lock,
    note,
    seek_place,
    tell_place,
)
from app.registration.queries import find_current_by_email
from app.registration.refusals import (
    AddressTaken,
    ChangesClosed,
    NotActive,
    RegistrationClosed,
    SeatsTaken,
    WorkshopFull,
)
from app.registration.seats import (
    expire_holds,
    free_seat,
    is_seat_free,
    line_up,
    promote_next,
    seat,
    take_seat,
)
from app.workshops.door import Door, find_door
from app.workshops.locking import lock_workshop
from app.workshops.models import ConsentKind, Organisation, Workshop

# Crockford's base 32: no letters that are mistaken for digits. 12 of them are 60 random bits.
_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 12


@dataclass(frozen=True)
class RegistrationOutcome:
    """What the person is told: the same for every address, known or not, listed or not."""

    seated: bool
    """Whether a seat was free, as everybody can see."""
    hold_until: datetime


def check_open(workshop: Workshop) -> None:
    """Raise `RegistrationClosed` unless people can register now."""
    match find_door(workshop):
        case Door.UNDATED | Door.SOON:
            raise RegistrationClosed(_("Registration has not opened yet."))
        case Door.CLOSED | Door.OVER:
            raise RegistrationClosed(_("Registration is closed."))


def register(workshop: Workshop, details: Details, *, client: str = "") -> RegistrationOutcome:
    """Register a person; a mail asks to prove the address. A seat is held if there is one.

    None is held where the organisers will have to approve, or too many are held already for
    addresses of this domain or this `client` (from `mark_client`). Whoever is registered gets
    their personal link by mail instead, and the browser is told nothing. Raises
    `RegistrationClosed`, `WorkshopFull` and what `check_details` raises.
    """
    workshop = lock_workshop(workshop.id)
    check_open(workshop)
    # Before the address is looked up: no refusal may tell whether it is known.
    organisation = check_details(workshop, details)
    expire_holds(workshop)
    outcome = RegistrationOutcome(seated=is_seat_free(workshop), hold_until=hold_until(workshop))
    if not outcome.seated and not workshop.has_waiting_list:
        raise WorkshopFull(_("All seats are taken."))
    known = find_current_by_email(workshop.id, details.email)
    if known is not None:
        if may_mail_link(LINK_PURPOSE, known.id):
            mails.already_registered(known)
        return outcome
    if workshop.is_closed_circle:
        details = replace(details, role=ParticipantRole.PARTICIPANT)  # the desk gives others
    registration = _new(workshop, details, organisation)
    registration.hold_until = outcome.hold_until
    listed = is_listed(workshop, registration.email)
    admitted = listed or not workshop.is_closed_circle
    if (
        outcome.seated
        and admitted
        and may_hold(workshop, registration.email, client, is_listed=listed)
        and take_seat(workshop, out_of_turn=True)  # nobody waits: that was seen above
    ):
        registration.status, registration.client = Status.HELD, client
    else:
        registration.status = Status.UNPROVED
    db.session.add(registration)
    db.session.flush()
    note("registration.created", registration)
    mails.prove_address(registration, needs_approval=not admitted)
    return outcome


def prove_address(registration: Registration, *, by_desk: bool = False) -> None:
    """The holder of the mailed link is there: a seat, the queue, or the organisers' decision.

    The desk decides by proving it for somebody. Raises `NotActive` if the registration was
    cancelled or declined; `WorkshopFull` if no place is left; if it has expired,
    `RegistrationClosed` (not for the desk) and `AddressTaken` if the person has registered anew.
    """
    workshop = lock(registration)
    if registration.status is Status.CANCELLED:
        raise NotActive(_("This registration was cancelled."))
    if registration.status is Status.DECLINED:
        raise NotActive(_("The organisers have declined this registration."))
    if registration.status is Status.EXPIRED:
        if not by_desk:
            check_open(workshop)
        check_address_free(workshop.id, registration.email)
    elif registration.status not in UNPROVED:
        return
    had_seat = registration.is_seated
    admitted = by_desk or admits(workshop, registration.email)
    registration.address_proved_at = now()
    registration.hold_until = None
    registration.client = ""
    if not admitted:
        registration.status = Status.PENDING
    elif had_seat:
        registration.status = Status.CONFIRMED
    else:
        seek_place(registration, workshop)
    db.session.flush()
    note("registration.address_proved", registration)
    if registration.status is Status.PENDING:
        mails.pending(registration)
        if had_seat:  # the circle was closed while it was held
            free_seat(workshop)
            promote_next(workshop)
    else:
        tell_place(registration)


def cancel(registration: Registration, *, by_desk: bool = False) -> None:
    """Cancel a registration; its seat goes to whoever waits longest. Twice does nothing."""
    workshop = lock(registration)
    if not registration.is_current:
        return
    had_seat = registration.is_seated
    was_confirmed = registration.status is Status.CONFIRMED
    registration.status = Status.CANCELLED
    registration.cancelled_at = now()
    registration.queue_number = None
    registration.hold_until = None
    registration.client = ""
    _drop_new_address(registration)
    db.session.flush()
    note("registration.cancelled", registration)
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
    lock(registration)
    check_changeable(registration)
    if registration.workshop.is_closed_circle:
        details = replace(details, role=registration.role)  # the desk gives it
    changed = _write(registration, details, version)
    email = details.email.lower()
    if email == registration.email:
        _drop_new_address(registration)
    elif email != registration.new_email:
        _drop_new_address(registration)
        registration.new_email = email
        changed.append("email")
        # A known address is answered like any other: nothing is told about other people.
        if find_current_by_email(registration.workshop_id, email) is None:
            mails.new_address(registration)
    db.session.flush()
    if changed:
        note("registration.changed", registration, changed)
    return changed


def check_changeable(registration: Registration) -> None:
    """Raise `NotActive` or `ChangesClosed` unless the person may change it now."""
    if not registration.is_current:
        raise NotActive(_("This registration is no longer active."))
    until = registration.workshop.changes_until
    if (until is not None and now() >= until) or find_door(registration.workshop) is Door.OVER:
        raise ChangesClosed(_("The deadline for changes is over. Please write to the organisers."))


def take_new_address(registration: Registration) -> None:
    """The owner of the new address is there: it replaces the old one, which is told.

    Raises `NotActive` if nothing waits to be changed, `AddressTaken` if it is in use meanwhile.
    """
    workshop = lock(registration)
    if registration.new_email is None or not registration.is_current:
        raise NotActive(_("There is no change of address to confirm."))
    if find_current_by_email(registration.workshop_id, registration.new_email) is not None:
        raise AddressTaken(_("Another registration uses this address."))
    old, registration.email = registration.email, registration.new_email
    _drop_new_address(registration)
    index_name(registration)
    # Links that went to the old address end here; the new one gets its own.
    revoke_links(LINK_PURPOSE, registration.id)
    db.session.flush()
    note("registration.address_changed", registration, ["email"])
    mails.address_changed(registration, old_email=old)
    if registration.address_proved_at is None:
        prove_address(registration)
    elif registration.status is Status.PENDING and admits(workshop, registration.email):
        seek_place(registration, workshop)
        db.session.flush()
        tell_place(registration)
    else:
        mails.personal_link(registration)


def withdraw(registration: Registration, kind: ConsentKind) -> None:
    """Withdraw a consent: as easy as giving it, and possible at any time."""
    lock(registration)
    if withdraw_consent(registration, kind):
        registration.updated_at = now()  # a form that is open elsewhere must not give it back
        db.session.flush()
        note("registration.consent_withdrawn", registration, [f"consent_{kind.value}"])


def request_link(workshop: Workshop, email: str) -> None:
    """Mail the personal link, if there is a registration. The caller says the same either way."""
    registration = find_current_by_email(workshop.id, email)
    if registration is not None and may_mail_link(LINK_PURPOSE, registration.id):
        mails.personal_link(registration)


def send_link_by_desk(registration: Registration) -> None:
    """The desk has somebody's personal link mailed, as they could themselves."""
    request_link(registration.workshop, registration.email)
    note("registration.link_sent", registration)


def add_by_desk(
    workshop: Workshop, details: Details, *, on_waiting_list: bool = False, notify: bool = True
) -> Registration:
    """The desk registers somebody and vouches for the address.

    Raises `SeatsTaken`, `AddressTaken` and what `check_details` raises.
    """
    workshop = lock_workshop(workshop.id)
    expire_holds(workshop)
    check_address_free(workshop.id, details.email)
    registration = _new(workshop, details, check_details(workshop, details))
    registration.address_proved_at = now()
    _place_by_desk(registration, workshop, on_waiting_list=on_waiting_list)
    db.session.add(registration)
    db.session.flush()
    note("registration.added", registration)
    if notify:
        tell_place(registration)
    return registration


def change_by_desk(
    registration: Registration, details: Details, *, version: int, internal_note: str
) -> list[str]:
    """What the desk changes, at any time; the address counts at once. Returns what changed.

    Raises `ChangedMeanwhile`, `AddressTaken` and what `check_details` raises.
    """
    lock(registration)
    email = details.email.lower()
    if email != registration.email and registration.is_current:
        check_address_free(registration.workshop_id, email)
    changed = _write(registration, details, version)
    if registration.internal_note != internal_note:
        registration.internal_note = internal_note
        changed.append("internal_note")
    if email != registration.email:
        registration.email = email
        _drop_new_address(registration)
        revoke_links(LINK_PURPOSE, registration.id)
        index_name(registration)
        changed.append("email")
        if registration.is_current:
            mails.personal_link(registration)
    db.session.flush()
    if changed:
        note("registration.changed", registration, changed)
    return changed


def confirm_by_desk(registration: Registration) -> None:
    """The desk vouches for an address that its owner has not proved, and lets the person in."""
    prove_address(registration, by_desk=True)


def seat_by_desk(registration: Registration) -> None:
    """Give a seat out of turn, or again after a cancellation.

    Raises `SeatsTaken`, `AddressTaken`.
    """
    workshop = lock(registration)
    if registration.is_seated:
        return
    if not registration.is_current:
        check_address_free(workshop.id, registration.email)
    registration.address_proved_at = registration.address_proved_at or now()
    registration.cancelled_at = None
    _place_by_desk(registration, workshop, on_waiting_list=False)
    db.session.flush()
    note("registration.seated", registration)
    mails.promoted(registration)


def _drop_new_address(registration: Registration) -> None:
    """No link to an address that was typed before may confirm the one typed last."""
    if registration.new_email is not None:
        registration.new_email = None
        revoke_links(NEW_ADDRESS_PURPOSE, registration.id)


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
    seat(registration)


def _new(workshop: Workshop, details: Details, organisation: Organisation | None) -> Registration:
    registration = Registration(
        workshop_id=workshop.id,
        workshop=workshop,
        email=details.email.lower(),
        badge_code="".join(secrets.choice(_CODE_ALPHABET) for _n in range(_CODE_LENGTH)),
    )
    with db.session.no_autoflush:
        write_details(registration, details, organisation)
    return registration


def _write(registration: Registration, details: Details, version: int) -> list[str]:
    if registration.version != version:
        raise ChangedMeanwhile(
            _("This registration was changed meanwhile. Check the values and save again.")
        )
    organisation = check_details(registration.workshop, details)
    changed = write_details(registration, details, organisation)
    if changed:
        registration.updated_at = now()  # also when only days or consents changed
    db.session.flush()
    return changed
