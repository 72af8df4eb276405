"""A released programme with people whom it concerns."""

from datetime import time
from types import SimpleNamespace

import pytest

from app.agenda.models import SessionPerson, Speaker
from app.extensions import db, now
from app.publishing.service import publish
from app.registration.models import Status
from app.signup.models import Pick, SignUp, SignUpState
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_room, add_session


@pytest.fixture
def agenda(workshop: Workshop) -> SimpleNamespace:
    """Release 1: a talk (9:00, Plenarsaal) and a working group (10:00, Elster).

    Jörg speaks in the talk and takes part; the guest Ölçer chairs it. Karla has a seat in the
    working group and has noted the talk, Żaneta waits for the group. Both cancelled and waiting
    participants have noted the talk as well.
    """
    workshop.seats = 20
    hall, elster = add_room(workshop, "Plenarsaal"), add_room(workshop, "Elster")
    talk = add_session(
        workshop, "Lage im Netz", room_id=hall.id, speakers="Jörg Weiß", chair="Nil Ölçer, LKA"
    )
    group = add_session(
        workshop, "Kurzformate", starts=time(10), ends=time(11), room_id=elster.id, seats=12
    )
    people = {
        name: factories.make_registration(
            workshop, first_name=name, last_name=last, email=f"{mail}@polizei.example.org"
        )
        for name, last, mail in (
            ("Karla", "Großmann", "karla"),
            ("Żaneta", "von der Lühe", "zaneta"),
            ("Jörg", "Weiß", "joerg"),
        )
    }
    gone = factories.make_registration(workshop, status=Status.CANCELLED)
    waiting = factories.make_registration(workshop, status=Status.WAITING)
    joerg, guest = db.session.query(Speaker).order_by(Speaker.id)
    joerg.registration_id = people["Jörg"].id
    guest.email = "OELCER@lka.example.org"
    for registration in (people["Karla"], people["Jörg"], gone, waiting):
        pick = Pick(registration_id=registration.id, session_id=talk.id, workshop_id=workshop.id)
        db.session.add(pick)
    for name, state in (("Karla", SignUpState.SEATED), ("Żaneta", SignUpState.WAITING)):
        db.session.add(
            SignUp(
                workshop_id=workshop.id,
                session_id=group.id,
                registration_id=people[name].id,
                state=state,
                queue_number=1 if state is SignUpState.WAITING else None,
            )
        )
    publish(workshop, notify=False)
    for person in db.session.query(SessionPerson):
        person.confirmed_at = now()
    db.session.commit()
    return SimpleNamespace(talk=talk, group=group, hall=hall, elster=elster, **people)
