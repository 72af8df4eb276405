"""Mails about a registration. Each is queued in the transaction of what it tells about."""

from datetime import datetime

from app.agenda.exports.calendar import mail_type, workshop_event
from app.agenda.releases.content import span
from app.agenda.releases.service import shown_content
from app.outbox.compose import compose
from app.outbox.service import File, SecretLink, queue_mail
from app.qr import qr_picture
from app.registration import links
from app.registration.models import Registration
from app.workshops.models import Workshop


def prove_address(registration: Registration, *, needs_approval: bool = False) -> None:
    """Ask to prove the address, and say until when, and what will come of it."""
    _send(
        "prove_address",
        registration,
        link=_own_link(registration),
        needs_approval=needs_approval,
    )


def already_registered(registration: Registration) -> None:
    """Somebody registers with a known address: only its owner learns that it is known."""
    _send("already_registered", registration, link=_own_link(registration))


def confirmed(registration: Registration, *, approved: bool = False) -> None:
    """The seat is confirmed; `approved`: because the organisers have just decided so."""
    _send(
        "confirmed",
        registration,
        link=_own_link(registration),
        attachments=_seat_files(registration),
        span=_span(registration.workshop),
        approved=approved,
    )


def waiting(registration: Registration, *, approved: bool = False) -> None:
    """The address is proved; the person is on the waiting list."""
    _send("waiting", registration, link=_own_link(registration), approved=approved)


def pending(registration: Registration) -> None:
    """The address is proved; the organisers decide."""
    _send("pending", registration, link=_own_link(registration))


def declined(registration: Registration, *, reason: str) -> None:
    """The organisers have decided against it."""
    _send("declined", registration, reason=reason)


def promoted(registration: Registration) -> None:
    """A seat fell free."""
    _send(
        "promoted",
        registration,
        link=_own_link(registration),
        attachments=_seat_files(registration),
        span=_span(registration.workshop),
    )


def cancelled(registration: Registration, *, by_desk: bool, was_confirmed: bool) -> None:
    """The registration is cancelled. Who had the entry in their calendar gets it out again."""
    calendar = _calendar_file(registration.workshop, cancelled=True)
    _send(
        "cancelled",
        registration,
        attachments=(calendar,) if was_confirmed else (),
        by_desk=by_desk,
        was_confirmed=was_confirmed,
    )


def expired(registration: Registration) -> None:
    """The address was not proved in time."""
    _send("expired", registration)


def new_address(registration: Registration) -> None:
    """To the new address: prove it."""
    _send(
        "new_address",
        registration,
        recipient=registration.new_email,
        link=links.new_address_link(registration),
    )


def address_changed(registration: Registration, *, old_email: str) -> None:
    """To the old address, which no longer opens anything."""
    _send("address_changed", registration, recipient=old_email)


def personal_link(registration: Registration) -> None:
    """The personal link, because somebody asked for it."""
    _send("personal_link", registration, link=_own_link(registration))


def _own_link(registration: Registration) -> SecretLink:
    return links.personal_link(registration.workshop, registration.id)


def _seat_files(registration: Registration) -> tuple[File, ...]:
    code = File(
        filename="qr-code.png",
        content_type="image/png",
        content=qr_picture(links.badge_address(registration)),
    )
    return _calendar_file(registration.workshop, cancelled=False), code


def _span(workshop: Workshop) -> tuple[datetime, datetime] | None:
    """First start and last end as the calendar entry has them; None before the first release."""
    content = shown_content(workshop)
    times = span(content) if content else None
    return (
        (times[0].astimezone(workshop.zone), times[1].astimezone(workshop.zone)) if times else None
    )


def _calendar_file(workshop: Workshop, *, cancelled: bool) -> File:
    return File(
        filename=f"{workshop.slug}.ics",
        content_type=mail_type(workshop, cancelled=cancelled),
        content=workshop_event(workshop, cancelled=cancelled),
    )


def _send(
    template: str,
    registration: Registration,
    *,
    recipient: str | None = None,
    link: SecretLink | None = None,
    attachments: tuple[File, ...] = (),
    **context: object,
) -> None:
    workshop = registration.workshop
    mail = compose(
        f"registration/mail/{template}", workshop=workshop, registration=registration, **context
    )
    queue_mail(
        recipient=recipient or registration.email,
        recipient_name=registration.full_name,
        reply_to=workshop.contact_email,
        workshop_id=workshop.id,
        link=link,
        attachments=attachments,
        **mail._asdict(),
    )
