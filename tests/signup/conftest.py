"""A released programme with seats to sign up for."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
import sqlalchemy as sa

from app.agenda.models import AgendaSession, SignUpMode
from app.agenda.releases import service as releases
from app.extensions import db
from app.registration.models import Registration
from app.signup.models import SignUp, SignUpState
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_session


@pytest.fixture
def people(workshop: Workshop) -> Callable[[int], list[Registration]]:
    """`people(3)`: as many confirmed participants."""

    def make(count: int) -> list[Registration]:
        workshop.seats = workshop.seats_taken + count
        made = [factories.make_registration(workshop) for _n in range(count)]
        db.session.commit()
        return made

    return make


@pytest.fixture
def release(workshop: Workshop) -> Callable[[], None]:
    """Release the draft as it stands."""

    def make() -> None:
        releases.release(workshop)
        db.session.commit()

    return make


@pytest.fixture
def add(workshop: Workshop) -> Callable[..., AgendaSession]:
    """`add("Werkstatt", 9, 10, seats=2)`: a session for which people sign up, not released yet."""

    def make(title: str, starts: int, ends: int, **changes: Any) -> AgendaSession:
        changes.setdefault("sign_up", SignUpMode.OPEN)
        return add_session(workshop, title, starts=time(starts), ends=time(ends), **changes)

    return make


def lists(session_id: int) -> tuple[list[int], list[int]]:
    """Who has a seat, by number, and who waits, in order."""
    rows = db.session.execute(
        sa.select(SignUp.registration_id, SignUp.state)
        .where(SignUp.session_id == session_id)
        .order_by(SignUp.queue_number, SignUp.registration_id)
    ).all()
    return (
        sorted(person for person, state in rows if state is SignUpState.SEATED),
        [person for person, state in rows if state is SignUpState.WAITING],
    )
