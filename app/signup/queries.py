"""Reads about picks, sign-ups and wishes. Registrations that have left count nowhere."""

import sqlalchemy as sa

from app.extensions import db
from app.registration.models import ACTIVE, Registration, Status
from app.signup.models import Pick, SignUp, SignUpState, Wish


def concerned(workshop_id: int) -> dict[int, set[int]]:
    """Session id → the registrations whose plans it is in: signed up, waiting, wished, picked."""
    found: dict[int, set[int]] = {}
    for model in (SignUp, Wish, Pick):
        rows = db.session.execute(
            sa.select(model.session_id, model.registration_id)
            .join(Registration, Registration.id == model.registration_id)
            .where(model.workshop_id == workshop_id, Registration.status.in_(ACTIVE))
        )
        for session_id, registration_id in rows:
            found.setdefault(session_id, set()).add(registration_id)
    return found


def sign_up_counts(workshop_id: int) -> dict[int, tuple[int, int]]:
    """Session id → how many have a seat and how many wait; without entry where nobody does."""
    waits = SignUp.state == SignUpState.WAITING
    rows = db.session.execute(
        sa.select(
            SignUp.session_id,
            sa.func.count().filter(sa.not_(waits)),
            sa.func.count().filter(waits),
        )
        .join(Registration, Registration.id == SignUp.registration_id)
        .where(SignUp.workshop_id == workshop_id, Registration.status == Status.CONFIRMED)
        .group_by(SignUp.session_id)
    )
    return {session_id: (seated, waiting) for session_id, seated, waiting in rows}
