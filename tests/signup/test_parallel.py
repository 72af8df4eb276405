"""Real threads and requests on the real database: no seat is given twice."""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa
from flask import Flask

from app.agenda.models import AgendaSession, SignUpMode
from app.extensions import db
from app.outbox.service import draw_link
from app.publishing.service import publish
from app.refusals import Refused
from app.registration import service as registrations
from app.registration.links import LINK_PURPOSE
from app.registration.models import Registration
from app.signup import distribution, service
from app.signup.models import SignUp
from app.signup.wishes import set_wishes
from app.workshops.models import Workshop
from tests.pages import Visitor
from tests.signup.conftest import lists

CROWD = 40


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """Let so many threads stand at the door before the first goes in."""
    ready = Barrier(count)

    def go(number: int) -> object:
        ready.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(go, range(count)))


def test_forty_requests_at_once_for_ten_seats(
    app: Flask,
    people: Callable[[int], list[Registration]],
    add: Callable[..., AgendaSession],
    release: Callable[[], None],
) -> None:
    session_id = add("Werkstatt", 9, 10, seats=10).id
    release()
    crowd = people(CROWD)
    slug = crowd[0].workshop.slug
    links = [draw_link(LINK_PURPOSE, person.id) for person in crowd]
    db.session.commit()
    db.session.remove()
    visitors = [Visitor(app) for _link in links]
    path = f"/{slug}/registration/{{}}/agenda/{session_id}"
    pages = [v.get(path.format(link)) for v, link in zip(visitors, links, strict=True)]
    forms = [page.form_values("form[action$=sign-up]") for page in pages]
    assert all("csrf_token" in form for form in forms)

    def send(number: int) -> int:
        address = path.format(links[number]) + "/sign-up"
        return visitors[number].client.post(address, data=forms[number]).status_code

    assert at_once(CROWD, send) == [303] * CROWD
    seated, waiting = lists(session_id)
    assert (len(seated), len(waiting)) == (10, 30)
    numbers = sorted(n for (n,) in db.session.query(SignUp.queue_number) if n is not None)
    assert numbers == list(range(1, 31))
    db.session.remove()


def test_leaving_and_cancelling_at_once_gives_each_seat_to_one(
    app: Flask,
    people: Callable[[int], list[Registration]],
    add: Callable[..., AgendaSession],
    release: Callable[[], None],
) -> None:
    session_id = add("Werkstatt", 9, 10, seats=8).id
    release()
    crowd = [person.id for person in people(20)]
    for number in crowd:
        service.sign_up(db.session.get_one(Registration, number), session_id)
    db.session.commit()
    db.session.remove()

    def leave(number: int) -> None:
        with app.app_context():
            person = db.session.get_one(Registration, crowd[number])
            db.session.rollback()
            if number % 2:
                registrations.cancel(person)
            else:
                service.sign_off(person, session_id)
            db.session.commit()

    at_once(8, leave)
    assert lists(session_id) == (crowd[8:16], crowd[16:])
    db.session.remove()


def test_one_person_in_two_tabs_is_not_in_two_places(
    app: Flask,
    people: Callable[[int], list[Registration]],
    add: Callable[..., AgendaSession],
    release: Callable[[], None],
) -> None:
    sessions = [add(f"Werkstatt {n}", 9, 10, seats=8).id for n in range(6)]
    release()
    person_id = people(1)[0].id
    db.session.remove()

    def enter(number: int) -> bool:
        with app.app_context():
            person = db.session.get_one(Registration, person_id)
            db.session.rollback()
            try:
                service.sign_up(person, sessions[number])
            except service.Clash:
                return False
            db.session.commit()
            return True

    assert at_once(6, enter).count(True) == 1


def test_a_release_among_people_who_leave(
    app: Flask,
    workshop: Workshop,
    people: Callable[[int], list[Registration]],
    add: Callable[..., AgendaSession],
    release: Callable[[], None],
) -> None:
    session = add("Werkstatt", 9, 10, seats=6)
    release()
    crowd = [person.id for person in people(20)]
    for number in crowd:
        service.sign_up(db.session.get_one(Registration, number), session.id)
    session.seats = 8
    session_id, workshop_id = session.id, workshop.id
    db.session.commit()
    db.session.remove()

    def act(number: int) -> None:
        with app.app_context():
            if number == 0:
                publish(db.session.get_one(Workshop, workshop_id))
            elif number % 2:
                service.sign_off(db.session.get_one(Registration, crowd[number]), session_id)
            else:
                registrations.cancel(db.session.get_one(Registration, crowd[number]))
            db.session.commit()

    at_once(6, act)
    assert lists(session_id) == ([crowd[0], *crowd[6:13]], crowd[13:])
    db.session.remove()


def test_a_distribution_among_people_who_sign_up_beside_it(
    app: Flask,
    workshop: Workshop,
    people: Callable[[int], list[Registration]],
    add: Callable[..., AgendaSession],
    release: Callable[[], None],
) -> None:
    wished = [add(f"Gruppe {n}", 9, 10, seats=20, sign_up=SignUpMode.WISHES).id for n in (1, 2)]
    beside = add("Führung", 9, 10, seats=20).id
    release()
    crowd = [person.id for person in people(12)]
    for number in crowd:
        person = db.session.get_one(Registration, number)
        set_wishes(person, wished[0], first=None, second=None, any_other=True)
    workshop_id, key = workshop.id, min(wished)
    seen = distribution.make_plan(workshop, {key}).seen
    db.session.commit()

    def act(number: int) -> None:
        with app.app_context():
            there = db.session.get_one(Workshop, workshop_id)
            person = db.session.get_one(Registration, crowd[number])
            db.session.rollback()
            with contextlib.suppress(Refused):
                if number:
                    service.sign_up(person, beside)
                else:
                    distribution.distribute(there, {key}, seen=seen)
            db.session.commit()

    at_once(len(crowd), act)
    held = db.session.scalars(sa.select(SignUp.registration_id)).all()
    assert len(held) == len(set(held)), "nobody is in two places at once"
