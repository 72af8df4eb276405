"""Reads about speakers."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.agenda.models import Speaker
from app.extensions import db
from app.registration.models import ACTIVE, Registration


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a speaker is written to; `registration_id` of those who take part."""

    email: str
    name: str
    registration_id: int | None


def addresses_of(workshop_id: int) -> dict[int, Recipient]:
    """Speaker id → address: the registration's of those who take part, else the guest's own.

    Whoever has neither is left out, and so is whoever has cancelled.
    """
    rows = db.session.execute(
        sa.select(
            Speaker.id,
            Speaker.name,
            Speaker.email,
            Speaker.registration_id,
            Registration.email.label("registered_email"),
            Registration.first_name,
            Registration.last_name,
        )
        .outerjoin(
            Registration,
            sa.and_(
                Registration.id == Speaker.registration_id,
                Registration.workshop_id == Speaker.workshop_id,
                Registration.status.in_(ACTIVE),
            ),
        )
        .where(Speaker.workshop_id == workshop_id)
    )
    found: dict[int, Recipient] = {}
    for row in rows:
        if row.registered_email:
            name = f"{row.first_name} {row.last_name}"
            found[row.id] = Recipient(row.registered_email, name, row.registration_id)
        elif row.registration_id is None and row.email:
            found[row.id] = Recipient(row.email, row.name, None)
    return found


def find_speaker(workshop_id: int, speaker_id: int) -> Speaker | None:
    """The speaker with this number, if it belongs to the workshop."""
    return db.session.scalar(sa.select(Speaker).filter_by(workshop_id=workshop_id, id=speaker_id))


def find_speaker_of(workshop_id: int, registration_id: int) -> Speaker | None:
    """The speaker who is this participant."""
    query = sa.select(Speaker).filter_by(workshop_id=workshop_id, registration_id=registration_id)
    return db.session.scalar(query.order_by(Speaker.id).limit(1))
