"""What the warnings are told about speakers and sign-ups."""

from app.agenda.draft.warnings import SpeakerFact, Standing
from app.agenda.models import AgendaSession, Speaker
from app.editor.facts import gather
from app.extensions import db
from app.registration import service as registrations
from app.registration.models import Registration, Status
from app.signup.models import SignUp, SignUpState
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_session
from tests.counting import counted_queries


def _speaker(workshop: Workshop, person: Registration | None = None, email: str = "") -> Speaker:
    speaker = Speaker(
        workshop_id=workshop.id,
        name="Łucja Öztürk",
        email=email,
        registration_id=person.id if person else None,
    )
    db.session.add(speaker)
    db.session.flush()
    return speaker


def _sign_up(session: AgendaSession, person: Registration, queue_number: int | None = None) -> None:
    db.session.add(
        SignUp(
            workshop_id=session.workshop_id,
            session_id=session.id,
            registration_id=person.id,
            state=SignUpState.WAITING if queue_number else SignUpState.SEATED,
            queue_number=queue_number,
        )
    )
    db.session.flush()


def test_a_speakers_standing_is_that_of_the_registration(workshop: Workshop) -> None:
    wanted = {}
    for status, standing in {
        Status.CONFIRMED: Standing.COMING,
        Status.CANCELLED: Standing.CANCELLED,
        Status.WAITING: Standing.WAITING,
    }.items():
        person = factories.make_registration(workshop, status=status)
        wanted[_speaker(workshop, person).id] = SpeakerFact(standing, person.id)
    wanted[_speaker(workshop).id] = SpeakerFact(Standing.UNKNOWN)
    wanted[_speaker(workshop, email="gast@example.org").id] = SpeakerFact(Standing.COMING)
    facts = gather(workshop)
    assert facts.speakers == wanted
    assert facts.days == set(workshop.days)


def test_only_seats_of_those_who_come_are_counted(workshop: Workshop) -> None:
    session, other = add_session(workshop, "Lage"), add_session(workshop, "Schnitt")
    coming, leaving, waiting = (factories.make_registration(workshop) for _n in range(3))
    for person in (coming, leaving):
        _sign_up(session, person)
    _sign_up(session, waiting, queue_number=1)
    _sign_up(other, coming)
    registrations.cancel(leaving)
    assert gather(workshop).booked == {session.id: {coming.id}, other.id: {coming.id}}


def test_many_sign_ups_cost_no_more_queries(workshop: Workshop) -> None:
    with counted_queries() as few:
        assert gather(workshop).booked == {}
    session = add_session(workshop, "Lage")
    for _number in range(3):
        person = factories.make_registration(workshop)
        _speaker(workshop, person)
        _sign_up(session, person)
    db.session.flush()
    with counted_queries() as many:
        gather(workshop)
    assert len(many) <= len(few)
