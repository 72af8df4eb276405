"""Sign-ups: seats in order, moving up, clashes, and what a release or a cancellation changes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.agenda.draft import service as agenda
from app.agenda.models import AgendaSession, SignUpMode
from app.extensions import db, now
from app.outbox.models import Message
from app.publishing.service import publish
from app.registration import service as registrations
from app.registration.models import Registration, Status
from app.registration.refusals import NotActive
from app.signup import service, tasks
from app.signup.models import Pick, SignUpState
from app.signup.queries import concerned, sign_up_counts
from app.workshops.models import Workshop
from tests import factories
from tests.agenda.programme import add_room, draft
from tests.signup.conftest import lists

People = Callable[[int], list[Registration]]
Add = Callable[..., AgendaSession]
Release = Callable[[], None]


def ids(people: list[Registration]) -> list[int]:
    return [person.id for person in people]


def test_seats_go_in_order_and_whoever_waits_longest_moves_up(
    people: People, add: Add, release: Release, mails: Callable[[], list[Message]]
) -> None:
    session = add("Werkstatt Löschfahrzeug", 9, 10, seats=2)
    release()
    crowd = people(5)
    states = [service.sign_up(person, session.id).state for person in crowd]
    assert states == [SignUpState.SEATED] * 2 + [SignUpState.WAITING] * 3
    assert service.sign_up(crowd[0], session.id).state is SignUpState.SEATED  # twice: nothing
    assert sign_up_counts(crowd[0].workshop_id) == {session.id: (2, 3)}

    service.sign_off(crowd[3], session.id)  # from the line
    service.sign_off(crowd[0], session.id)  # from a seat
    service.sign_off(crowd[0], session.id)  # twice: nothing
    assert lists(session.id) == (ids([crowd[1], crowd[2]]), ids([crowd[4]]))
    (mail,) = mails()
    assert mail.recipient == crowd[2].email
    assert "nachgerückt" in mail.subject
    assert "Werkstatt Löschfahrzeug" in mail.subject
    assert mail.link_path == f"/{crowd[2].workshop.slug}/registration/{{token}}/agenda"

    service.sign_up(crowd[0], session.id)  # again, at the end of the line
    assert lists(session.id)[1] == ids([crowd[4], crowd[0]])


def test_the_seats_are_the_rooms_unless_the_session_has_its_own_and_may_be_without_end(
    workshop: Workshop, people: People, add: Add, release: Release
) -> None:
    room = add_room(workshop, "Seminarraum", seats=1)
    small = add("Im kleinen Raum", 9, 10, room_id=room.id)
    wide = add("Auf dem Hof", 11, 12)
    release()
    crowd = people(3)
    for person in crowd:
        service.sign_up(person, small.id)
        service.sign_up(person, wide.id)
    assert [len(part) for part in lists(small.id)] == [1, 2]
    assert [len(part) for part in lists(wide.id)] == [3, 0]


def test_two_sessions_at_once_are_refused_by_name_and_can_be_swapped(
    people: People, add: Add, release: Release
) -> None:
    early = add("Krisenstab", 9, 11, seats=1)
    late = add("Bewegtbild", 10, 12, seats=1)
    after = add("Danach", 11, 12, seats=1)
    release()
    anna, bodo = people(2)
    service.sign_up(anna, early.id)
    with pytest.raises(service.Clash, match="„Krisenstab“") as refused:
        service.sign_up(anna, late.id)
    assert [slot.id for slot in refused.value.others] == [early.id]
    service.sign_up(bodo, early.id)  # waits
    service.swap(anna, late.id)
    assert lists(early.id) == ([bodo.id], [])
    assert lists(late.id) == ([anna.id], [])

    # Nobody loses a seat for a place in line; end to start is no clash.
    with pytest.raises(service.SessionFull):
        service.swap(bodo, late.id)
    assert lists(early.id) == ([bodo.id], [])
    service.sign_up(bodo, after.id)


@pytest.mark.parametrize("status", [Status.HELD, Status.WAITING])
def test_without_a_confirmed_seat_one_may_only_pick(
    workshop: Workshop, add: Add, release: Release, status: Status
) -> None:
    session = add("Werkstatt", 9, 10, seats=2)
    release()
    person = factories.make_registration(workshop, status=status)
    service.pick(person, session.id)
    service.pick(person, session.id)
    assert db.session.scalars(sa.select(Pick.session_id)).all() == [session.id]
    with pytest.raises(service.NotConfirmed):
        service.sign_up(person, session.id)
    service.unpick(person, session.id)
    assert concerned(workshop.id) == {}


def test_what_one_cannot_sign_up_for(
    workshop: Workshop, people: People, add: Add, release: Release
) -> None:
    plenary = add("Eröffnung", 8, 9, sign_up=SignUpMode.NONE)
    wished = add("Werkstatt A", 9, 10, sign_up=SignUpMode.WISHES)
    session = add("Werkstatt B", 10, 11)
    release()
    hidden = add("Nur im Entwurf", 12, 13)
    (person,) = people(1)
    for target, refusal in (
        (plenary, service.NoSignUp),
        (wished, service.NoSignUp),
        (hidden, service.NotInAgenda),
    ):
        with pytest.raises(refusal):
            service.sign_up(person, target.id)
    with pytest.raises(service.NotInAgenda):
        service.pick(person, hidden.id)
    service.sign_up(person, session.id)
    workshop.agenda_released_at = None
    with pytest.raises(service.NotInAgenda):
        service.sign_off(person, session.id)
    registrations.cancel(person)
    with pytest.raises(NotActive):
        service.sign_up(person, session.id)


def test_once_a_session_has_begun_nothing_moves(
    people: People, add: Add, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = add("Werkstatt", 9, 10, seats=1)
    release()
    anna, bodo, cem = people(3)
    service.sign_up(anna, session.id)
    service.sign_up(bodo, session.id)
    monkeypatch.setattr("app.signup.programme.now", lambda: now() + timedelta(days=40))
    for command in (service.sign_off, service.swap):
        with pytest.raises(service.TooLate, match="Werkstatt"):
            command({service.sign_off: anna, service.swap: cem}[command], session.id)
    registrations.cancel(anna)
    assert lists(session.id) == ([], [bodo.id])  # too late to come


def test_a_cancelled_registration_frees_its_seats_at_once(
    people: People, add: Add, release: Release, mails: Callable[[], list[Message]]
) -> None:
    session, other = add("Werkstatt", 9, 10, seats=1), add("Rundgang", 11, 12, seats=1)
    release()
    anna, bodo = people(2)
    for person in (anna, bodo):
        service.sign_up(person, session.id)
        service.pick(person, other.id)
    assert concerned(anna.workshop_id) == {
        session.id: {anna.id, bodo.id},
        other.id: {anna.id, bodo.id},
    }
    registrations.cancel(anna)
    db.session.commit()
    assert lists(session.id) == ([bodo.id], [])
    assert concerned(anna.workshop_id) == {session.id: {bodo.id}, other.id: {bodo.id}}
    assert [mail.recipient for mail in mails()] == [anna.email, bodo.email]


def test_sign_ups_follow_the_release_within_a_minute(
    workshop: Workshop, people: People, add: Add, release: Release
) -> None:
    grows, goes = add("Wächst", 9, 10, seats=1), add("Fällt aus", 11, 12, seats=1)
    release()
    crowd = people(3)
    for person in crowd:
        service.sign_up(person, grows.id)
    service.sign_up(crowd[0], goes.id)
    agenda.change_session(
        workshop,
        grows.id,
        draft(workshop, title="Wächst", seats=2, sign_up=SignUpMode.OPEN),
        version=grows.version,
    )
    agenda.delete_session(workshop, goes.id, version=goes.version)
    db.session.commit()
    tasks.follow_releases.call_local()
    assert lists(grows.id)[1] == ids(crowd[1:])  # the draft moves nobody
    assert lists(goes.id)[0] == ids(crowd[:1])
    release()
    tasks.follow_releases.call_local()
    assert lists(grows.id) == (ids(crowd[:2]), ids(crowd[2:]))
    assert lists(goes.id) == ([], [])
    assert service.settle(workshop) == 0


def test_publishing_tells_of_a_cancelled_session_before_its_sign_ups_end(
    workshop: Workshop,
    people: People,
    add: Add,
    release: Release,
    mails: Callable[[], list[Message]],
) -> None:
    grows, goes = add("Wächst", 9, 10, seats=1), add("Fällt aus", 11, 12, seats=1)
    release()
    anna, bodo = people(2)
    for person in (anna, bodo):
        service.sign_up(person, grows.id)
    service.sign_up(anna, goes.id)
    wider = draft(workshop, title="Wächst", seats=2, sign_up=SignUpMode.OPEN)
    agenda.change_session(workshop, grows.id, wider, version=grows.version)
    agenda.delete_session(workshop, goes.id, version=goes.version)
    publish(workshop)
    assert lists(grows.id) == (ids([anna, bodo]), [])
    assert lists(goes.id) == ([], [])
    texts = {mail.recipient: mail.text for mail in mails()}
    assert "Fällt aus" in texts[anna.email]
    assert "von der Warteliste nachgerückt" in texts[bodo.email]
