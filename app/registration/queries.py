"""Reads about registrations."""

import sqlalchemy as sa

from app.extensions import db
from app.registration.models import ACTIVE, Registration


def find_active_by_email(workshop_id: int, email: str) -> Registration | None:
    """The registration that holds this address in the workshop."""
    return db.session.scalar(
        sa.select(Registration).where(
            Registration.workshop_id == workshop_id,
            Registration.email == email.lower(),
            Registration.status.in_(ACTIVE),
        )
    )
