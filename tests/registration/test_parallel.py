"""Real threads on the real database: the rules hold when everything happens at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa
from flask import Flask

from app.extensions import db
from app.outbox.models import Message
from app.outbox.service import LINKS_AN_HOUR
from app.registration import service
from app.registration.models import Registration, Status
from app.registration.queries import find_current_by_email
from app.workshops.models import Workshop
from tests.factories import make_details, make_registration, make_workshop
from tests.pages import Visitor
from tests.registration.conftest import seats_counted, walk

PEOPLE = 30


def test_thirty_at_once_for_ten_seats(app: Flask) -> None:
    with app.app_context():
        workshop = make_workshop(seats=10)
        everybody = [make_details(workshop) for _n in range(PEOPLE)]
        workshop_id = workshop.id
        db.session.commit()
    ready = Barrier(PEOPLE)

    def register(number: int) -> bool:
        with app.app_context():
            workshop = db.session.get_one(Workshop, workshop_id)
            db.session.rollback()  # all stand at the door before the first goes in
            ready.wait()
            outcome = service.register(workshop, everybody[number])
            db.session.commit()
            return outcome.seated

    with ThreadPoolExecutor(PEOPLE) as pool:
        seated = list(pool.map(register, range(PEOPLE)))

    with app.app_context():
        workshop = db.session.get_one(Workshop, workshop_id)
        others = db.session.scalars(
            sa.select(Registration.id).where(Registration.status == Status.UNPROVED)
        ).all()
        mailed = db.session.scalars(sa.select(Message.recipient)).all()
        assert seated.count(True) == workshop.seats_taken == seats_counted(workshop) == 10
        assert sorted(mailed) == sorted(details.email for details in everybody)
        db.session.remove()

    def prove(registration_id: int) -> None:
        with app.app_context():
            registration = db.session.get_one(Registration, registration_id)
            db.session.rollback()
            ready.wait()
            service.prove_address(registration)
            db.session.commit()

    ready = Barrier(len(others))
    with ThreadPoolExecutor(len(others)) as pool:
        list(pool.map(prove, others))

    with app.app_context():
        queue = db.session.scalars(
            sa.select(Registration.queue_number).where(Registration.status == Status.WAITING)
        ).all()
        assert sorted(number or 0 for number in queue) == list(range(1, PEOPLE - 10 + 1))
        assert db.session.get_one(Workshop, workshop_id).seats_taken == 10
        db.session.remove()


def test_one_address_at_once_from_many_browsers(app: Flask) -> None:
    with app.app_context():
        workshop = make_workshop()
        details = make_details(workshop, email="same@example.org")
        workshop_id = workshop.id
        db.session.commit()
    ready = Barrier(8)

    def register(_number: int) -> None:
        with app.app_context():
            workshop = db.session.get_one(Workshop, workshop_id)
            db.session.rollback()
            ready.wait()
            service.register(workshop, details)
            db.session.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(register, range(8)))

    with app.app_context():
        assert db.session.get_one(Workshop, workshop_id).seats_taken == 1
        assert find_current_by_email(workshop_id, "same@example.org") is not None
        # One that asks to prove it, then as many links as may be mailed in an hour.
        assert len(db.session.scalars(sa.select(Message)).all()) == LINKS_AN_HOUR
        db.session.remove()


def test_a_double_click_that_arrives_at_once_registers_once(app: Flask, visitor: Visitor) -> None:
    with app.app_context():
        workshop = make_workshop()
        db.session.commit()
        page = walk(visitor, workshop)
        db.session.remove()
    data = page.form_values()
    cookies = visitor.client.get_cookie("session")
    assert cookies is not None
    ready = Barrier(2)

    def send(_number: int) -> str:
        client = app.test_client()
        client.set_cookie("session", cookies.value)
        ready.wait()
        return client.post(page.path, data=data).headers["Location"]

    with ThreadPoolExecutor(2) as pool:
        targets = list(pool.map(send, range(2)))

    assert [target.rpartition("/")[2] for target in targets] == ["sent", "sent"]
    with app.app_context():
        assert len(db.session.scalars(sa.select(Registration)).all()) == 1
        assert len(db.session.scalars(sa.select(Message)).all()) == 1
        db.session.remove()


def test_cancelling_at_once_gives_each_seat_to_one(app: Flask) -> None:
    with app.app_context():
        workshop = make_workshop(seats=6)
        seated = [make_registration(workshop).id for _n in range(6)]
        waiting = [make_registration(workshop, status=Status.WAITING).id for _n in range(8)]
        workshop_id = workshop.id
        db.session.commit()
        db.session.remove()
    ready = Barrier(6)

    def cancel(registration_id: int) -> None:
        with app.app_context():
            registration = db.session.get_one(Registration, registration_id)
            db.session.rollback()
            ready.wait()
            service.cancel(registration)
            db.session.commit()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(cancel, seated))

    with app.app_context():
        statuses = [db.session.get_one(Registration, number).status for number in waiting]
        assert statuses == [Status.CONFIRMED] * 6 + [Status.WAITING] * 2
        assert db.session.get_one(Workshop, workshop_id).seats_taken == 6
        db.session.remove()
