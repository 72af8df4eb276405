from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import JournalEntry, Role
from app.agenda.models import AgendaSession, Room, SessionKind, Speaker, Track
from app.contributions.models import Proposal
from app.demo import workshop as demo
from app.demo.people import invent_people
from app.demo.service import AlreadyLoaded, load_demo
from app.extensions import db, now
from app.outbox.models import Message, MessageState
from app.registration.models import ParticipantRole, Registration, Status
from app.signup.models import SignUp, SignUpState, Wish
from app.workshops.door import Door, find_door
from app.workshops.models import Organisation, Workshop


def _people() -> list[Registration]:
    return list(db.session.scalars(sa.select(Registration).order_by(Registration.id)))


@pytest.mark.usefixtures("ctx")
def test_demo_is_the_leipzig_workshop_with_seventy_people() -> None:
    load_demo(70, 2017)
    workshop = db.session.scalars(sa.select(Workshop)).one()
    assert (workshop.slug, workshop.place, workshop.host_name) == (
        "leipzig",
        "Leipzig",
        "Polizei Sachsen",
    )
    first, last = workshop.days
    assert (first.month, first.day // 8, last - first) == (12, 0, timedelta(days=1))
    assert f"{first.day}. Dezember" in workshop.evening_event
    assert find_door(workshop) is Door.OPEN
    statuses = Counter(person.status for person in _people())
    assert statuses == {
        Status.CONFIRMED: 62,
        Status.HELD: 4,
        Status.PENDING: 2,
        Status.CANCELLED: 2,
    }
    assert workshop.seats_taken == 66
    assert workshop.is_closed_circle


@pytest.mark.usefixtures("ctx")
def test_every_organisation_sends_somebody_from_an_invented_domain() -> None:
    load_demo(70, 2017)
    assert {person.organisation_id for person in _people()} == {
        None,
        *db.session.scalars(sa.select(Organisation.id)),
    }
    for person in _people():
        assert person.email.endswith(".example")
        if person.organisation is None:  # waits for the organisers' approval
            assert person.status is Status.PENDING
        else:
            assert person.email.endswith(person.organisation.mail_domains.split()[0])
        assert person.phone == "" or person.phone.startswith("030 23125-")


@pytest.mark.usefixtures("ctx")
def test_names_are_as_hard_as_they_get() -> None:
    load_demo(70, 2017)
    names = [person.full_name for person in _people()]
    assert max(map(len, names)) > 50
    assert min(map(len, names)) <= 4
    for sign in "ßÖŻłŞ’":
        assert any(sign in name for name in names), sign
    assert any("von der" in name for name in names)
    assert {person.title for person in _people()} >= {"Dr.", "Dr. iur.", "Prof. Dr."}
    assert any(len(person.rank) >= 30 for person in _people())


@pytest.mark.usefixtures("ctx")
def test_traces_lie_in_the_past_and_no_mail_waits() -> None:
    load_demo(70, 2017)
    opened = now() - demo.OPEN_FOR
    for person in _people():
        assert opened - timedelta(days=1) < person.created_at < now()
        if person.status is Status.HELD:
            assert person.hold_until is not None
            assert person.hold_until > now()
    entries = list(db.session.scalars(sa.select(JournalEntry).filter_by(subject="registration")))
    assert {e.subject_id for e in entries} == {person.id for person in _people()}
    assert max(e.at for e in entries) < now()
    messages = list(db.session.scalars(sa.select(Message)))
    assert {m.recipient for m in messages} == {person.email for person in _people()}
    assert {m.state for m in messages} == {MessageState.SENT}


@pytest.mark.usefixtures("ctx")
def test_programme_has_three_topics_rooms_breaks_and_an_evening_and_is_released() -> None:
    load_demo(70, 2017)
    workshop = db.session.scalars(sa.select(Workshop)).one()
    assert workshop.agenda_released_at is not None
    assert len(db.session.scalars(sa.select(Track)).all()) == 3
    assert len(db.session.scalars(sa.select(Room)).all()) == 4
    sessions = db.session.scalars(sa.select(AgendaSession)).all()
    kinds = Counter(session.kind for session in sessions)
    assert kinds[SessionKind.BREAK] == 6
    assert kinds[SessionKind.EVENING] == 1
    placed = [session.starts_at for session in sessions if session.starts_at]
    assert {at.astimezone(workshop.zone).date() for at in placed} == set(workshop.days)
    assert len(placed) == len(sessions) - 1  # one was accepted from the call and has no time yet
    speakers = {p.titled_name for p in _people() if p.role is ParticipantRole.SPEAKER}
    proposer = db.session.scalars(sa.select(Proposal).filter_by(state="accepted")).one()
    talking = list(db.session.scalars(sa.select(Speaker)))
    assert {speaker.name for speaker in talking} - speakers == {proposer.registration.titled_name}
    assert all(speaker.registration_id for speaker in talking)
    states = Counter(db.session.scalars(sa.select(SignUp.state)))
    assert states[SignUpState.SEATED] > states[SignUpState.WAITING] > 0
    assert db.session.scalars(sa.select(Wish)).all()


def test_the_same_seed_invents_the_same_people(ctx: Flask, workshop: Workshop) -> None:
    days = [date(2026, 12, 4), date(2026, 12, 5)]

    def invent(seed: int) -> list[str]:
        made = invent_people(40, workshop.organisations, days, Random(seed))
        return [repr(person) for person in made]

    assert invent(1) == invent(1)
    assert invent(1) != invent(2)


@pytest.mark.usefixtures("ctx")
def test_with_fewer_seats_than_people_the_rest_waits() -> None:
    load_demo(30, 1, seats=20)
    workshop = db.session.scalars(sa.select(Workshop)).one()
    seated = [person for person in _people() if person.is_seated]
    assert (len(seated), workshop.seats_taken) == (20, 20)
    others = Counter(p.status for p in _people() if not p.is_seated)
    assert others == {
        Status.WAITING: 7,
        Status.PENDING: 2,
        Status.UNPROVED: 1,
    }


@pytest.mark.parametrize("count", [0, 1, 3, pytest.param(620, marks=pytest.mark.slow)])
@pytest.mark.usefixtures("ctx")
def test_any_number_of_people(count: int) -> None:
    load_demo(count, 5)
    workshop = db.session.scalars(sa.select(Workshop)).one()
    assert len(_people()) == count
    assert workshop.seats_taken == sum(person.is_seated for person in _people())


@pytest.mark.usefixtures("ctx")
def test_a_second_demo_is_refused() -> None:
    load_demo(2, 1)
    with pytest.raises(AlreadyLoaded):
        load_demo(2, 1)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        ("2026-11-30T12:00:00+00:00", date(2026, 12, 7)),  # 4 December is a Friday
        ("2026-12-01T12:00:00+00:00", date(2027, 12, 6)),
        ("2026-12-08T12:00:00+00:00", date(2027, 12, 6)),  # and then a Saturday
        ("2026-01-02T12:00:00+00:00", date(2026, 12, 7)),
        ("2028-01-02T12:00:00+00:00", date(2028, 12, 4)),
    ],
)
def test_days_are_the_coming_ones(monkeypatch: pytest.MonkeyPatch, today: str, first: date) -> None:
    monkeypatch.setattr(demo, "now", lambda: datetime.fromisoformat(today))
    days = demo.coming_days()
    assert days == (first, first + timedelta(days=1))
    assert all(day.isoweekday() <= 5 for day in days)
    closes = demo.deadlines(first)["registration_closes_at"]
    assert datetime.fromisoformat(today) < closes
    assert closes.date() < first


@pytest.mark.usefixtures("ctx")
def test_log_ins_differ_each_time() -> None:
    logins = load_demo(0, 1)
    assert [login.role for login in logins] == [Role.ORGANISER, Role.STAFF]
    assert logins[0].password != logins[1].password
