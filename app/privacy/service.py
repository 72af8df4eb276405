"""Deletion after the periods that a workshop's settings name and its privacy page promises.

Periods count from the workshop's last day. Every step may run again and again: it takes what is
still there. Counts stay: the seats taken, and the journal, which holds no personal data.
"""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.journal import record
from app.contributions.models import Proposal
from app.extensions import db
from app.feedback.models import Feedback, FeedbackGiven
from app.outbox.forgetting import delete_mails
from app.outbox.models import MailLink, Message
from app.privacy.rows import delete_rows
from app.privacy.speakers import forget_speakers
from app.registration.details import index_name
from app.registration.links import PURPOSES
from app.registration.models import (
    Arrival,
    Consent,
    Needs,
    ParticipantRole,
    Registration,
    Salutation,
)
from app.signup.models import Pick, SignUp, Wish
from app.workshops.models import ConsentKind, Workshop

DAYS_A_MONTH = 31  # rounded up: never earlier than promised to those who still need the data

# What is emptied for people who agreed to later invitations; name, organisation and address stay.
_NOT_FOR_INVITATIONS: dict[str, Any] = {
    **dict.fromkeys(("title", "rank", "badge_name", "phone", "department", "function"), ""),
    "salutation": Salutation.NONE,
    "role": ParticipantRole.PARTICIPANT,
    "new_email": None,
    "internal_note": "",
    "evening_event": False,
    "arrival": Arrival.UNKNOWN,
    "arrival_time": None,
}


def delete_overdue(workshop: Workshop, today: date) -> dict[str, int]:
    """Delete what is due; returns how many rows of what. Flushes, and notes it in the journal."""
    ended = (today - workshop.ends_on).days
    deleted: dict[str, int] = {}
    if ended > workshop.delete_gate_days:
        deleted["gate"] = _forget(workshop, vehicle_plate="", badge_code=None)
    if ended > workshop.delete_needs_days:
        deleted["rooms"] = _forget(workshop, room_from=None, room_until=None)
        deleted["needs"] = delete_rows(Needs, Needs.registration_id.in_(_registrations(workshop)))
    if ended > workshop.delete_contact_months * DAYS_A_MONTH:
        deleted |= _delete_contacts(workshop)
    deleted = {what: count for what, count in deleted.items() if count}
    if deleted:
        record("privacy.deleted", workshop_id=workshop.id, subject="workshop", detail=deleted)
    return deleted


def list_ended(today: date) -> list[Workshop]:
    """Workshops that are over."""
    query = sa.select(Workshop).where(Workshop.ends_on < today - timedelta(days=1))
    return list(db.session.scalars(query))


def _delete_contacts(workshop: Workshop) -> dict[str, int]:
    """People, and the mails to them; who agreed to later invitations stays with an address.

    Not if nobody ever proved that the address is theirs: then nobody is known to have agreed.
    """
    invited = _registrations(workshop).where(
        Registration.address_proved_at.is_not(None),
        Registration.consents.any(
            sa.and_(Consent.kind == ConsentKind.MAILING, Consent.withdrawn_at.is_(None))
        ),
    )
    delete_rows(
        MailLink,
        MailLink.purpose.in_(PURPOSES),
        MailLink.subject_id.in_(_registrations(workshop)),
    )
    letters = delete_mails(Message.workshop_id == workshop.id)
    _forget_feedback(workshop)
    proposals = delete_rows(Proposal, Proposal.workshop_id == workshop.id)
    of_speakers = forget_speakers(workshop)  # before the registrations that it names
    people = delete_rows(
        Registration, Registration.workshop_id == workshop.id, Registration.id.not_in(invited)
    )
    for model in (Pick, SignUp, Wish):
        delete_rows(model, model.workshop_id == workshop.id)
    for registration in db.session.scalars(
        sa.select(Registration).where(Registration.id.in_(invited))
    ):
        _reduce(registration)
    db.session.flush()
    return {"people": people, "mails": letters, "proposals": proposals, **of_speakers}


def _reduce(registration: Registration) -> None:
    for name, value in _NOT_FOR_INVITATIONS.items():
        if getattr(registration, name) != value:
            setattr(registration, name, value)
    registration.days = []
    registration.consents = [c for c in registration.consents if c.kind is ConsentKind.MAILING]
    index_name(registration)


def _forget_feedback(workshop: Workshop) -> None:
    """Who has given feedback, and what was written freely: it could name somebody. Ratings stay."""
    delete_rows(FeedbackGiven, FeedbackGiven.workshop_id == workshop.id)
    db.session.execute(
        sa.update(Feedback).where(Feedback.workshop_id == workshop.id).values(good="", better="")
    )


def _forget(workshop: Workshop, **values: Any) -> int:
    """Empty columns of the workshop's registrations where they hold anything."""
    held = sa.or_(*(getattr(Registration, n).is_distinct_from(v) for n, v in values.items()))
    done = db.session.execute(
        sa.update(Registration)
        .where(Registration.workshop_id == workshop.id, held)
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
    return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result counts its rows


def _registrations(workshop: Workshop) -> sa.Select[int]:
    return sa.select(Registration.id).where(Registration.workshop_id == workshop.id)
