"""What the warnings need to know besides the draft, in a constant number of queries."""

import sqlalchemy as sa

from app.agenda.draft.warnings import Facts, SpeakerFact, Standing
from app.agenda.models import Speaker
from app.extensions import db
from app.registration.models import SEATED, Registration, Status
from app.signup.models import SignUp, SignUpState
from app.workshops.models import Workshop


def gather(workshop: Workshop) -> Facts:
    """The workshop's days, its speakers' standing, and who has a seat in which session."""
    return Facts(
        days=frozenset(workshop.days),
        speakers=_speakers(workshop.id),
        booked=_booked(workshop.id),
    )


def _speakers(workshop_id: int) -> dict[int, SpeakerFact]:
    rows = db.session.execute(
        sa.select(Speaker.id, Speaker.email, Speaker.registration_id, Registration.status)
        .outerjoin(Registration, Registration.id == Speaker.registration_id)
        .where(Speaker.workshop_id == workshop_id)
    )
    return {
        row.id: SpeakerFact(_standing(row.status, row.email), row.registration_id) for row in rows
    }


def _standing(status: Status | None, email: str) -> Standing:
    if status is None:
        return Standing.COMING if email else Standing.UNKNOWN
    if status in SEATED:
        return Standing.COMING
    return Standing.WAITING if status is Status.WAITING else Standing.CANCELLED


def _booked(workshop_id: int) -> dict[int, frozenset[int]]:
    rows = db.session.execute(
        sa.select(SignUp.session_id, SignUp.registration_id)
        .join(Registration, Registration.id == SignUp.registration_id)
        .where(
            SignUp.workshop_id == workshop_id,
            SignUp.state == SignUpState.SEATED,
            Registration.status.in_(SEATED),
        )
    )
    booked: dict[int, set[int]] = {}
    for session_id, registration_id in rows:
        booked.setdefault(session_id, set()).add(registration_id)
    return {session_id: frozenset(people) for session_id, people in booked.items()}
