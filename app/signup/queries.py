"""Reads about picks, sign-ups and wishes. Registrations that have left count nowhere."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.extensions import db
from app.registration.models import ACTIVE, Registration, Status
from app.signup.models import Pick, SignUp, SignUpState, Wish
from app.workshops.models import Organisation


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


@dataclass(frozen=True, slots=True)
class OwnSignUp:
    """A seat, or a place in line (1 is next)."""

    state: SignUpState
    position: int


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody has marked, signed up for and wished for, by session."""

    picks: frozenset[int]
    sign_ups: dict[int, OwnSignUp]
    wishes: dict[int, int]


def own_of(registration: Registration) -> Own:
    """What this person has in the agenda."""
    ahead = aliased(SignUp)
    position = (
        sa.select(sa.func.count())
        .where(ahead.session_id == SignUp.session_id, ahead.queue_number <= SignUp.queue_number)
        .scalar_subquery()
    )
    sign_ups = db.session.execute(
        sa.select(SignUp.session_id, SignUp.state, position).where(
            SignUp.registration_id == registration.id
        )
    )
    wishes = db.session.execute(
        sa.select(Wish.session_id, Wish.rank).where(Wish.registration_id == registration.id)
    )
    picks = db.session.scalars(
        sa.select(Pick.session_id).where(Pick.registration_id == registration.id)
    )
    return Own(
        frozenset(picks),
        {session_id: OwnSignUp(state, place) for session_id, state, place in sign_ups},
        {row.session_id: row.rank for row in wishes},
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on a session's list."""

    registration_id: int
    name: str
    organisation: str
    state: SignUpState


def list_entries(session_id: int) -> list[Entry]:
    """Who has a seat, by name, then who waits, in line."""
    organisation = sa.func.coalesce(Organisation.name, Registration.other_organisation)
    rows = db.session.execute(
        sa.select(
            Registration.id,
            Registration.first_name,
            Registration.last_name,
            organisation.label("organisation"),
            SignUp.state,
        )
        .join(SignUp, SignUp.registration_id == Registration.id)
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(SignUp.session_id == session_id)
        .order_by(
            SignUp.queue_number.is_not(None),
            SignUp.queue_number,
            Registration.sort_key,
            Registration.id,
        )
    )
    return [
        Entry(row.id, f"{row.last_name}, {row.first_name}", row.organisation, row.state)
        for row in rows
    ]


def list_confirmed(workshop_id: int) -> list[tuple[int, str]]:
    """Number and name, with organisation, of everybody who may sign up, by name."""
    organisation = sa.func.coalesce(Organisation.short_name, Registration.other_organisation)
    rows = db.session.execute(
        sa.select(
            Registration.id,
            Registration.first_name,
            Registration.last_name,
            organisation.label("o"),
        )
        .outerjoin(Organisation, Organisation.id == Registration.organisation_id)
        .where(Registration.workshop_id == workshop_id, Registration.status == Status.CONFIRMED)
        .order_by(Registration.sort_key, Registration.id)
    )
    return [(row.id, f"{row.last_name}, {row.first_name} ({row.o})") for row in rows]


def list_wishes(workshop_id: int) -> dict[int, dict[int, int]]:
    """Person → session → rank, of all who may sign up."""
    found: dict[int, dict[int, int]] = {}
    rows = db.session.execute(
        sa.select(Wish.registration_id, Wish.session_id, Wish.rank)
        .join(Registration, Registration.id == Wish.registration_id)
        .where(Wish.workshop_id == workshop_id, Registration.status == Status.CONFIRMED)
        .order_by(Wish.registration_id, Wish.session_id)
    )
    for person, session, rank in rows:
        found.setdefault(person, {})[session] = rank
    return found
