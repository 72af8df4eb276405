"""Seats and the waiting list: never oversold, always in order, whatever happens in which order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from app.extensions import db, now
from app.refusals import Refused
from app.registration import refusals, service
from app.registration.drafts import start_draft
from app.registration.models import SEATED, Draft, Registration, Status
from app.registration.queries import find_current_by_email
from app.registration.seats import expire_holds, promote_next, release
from app.registration.tasks import forget_old_drafts, let_go_of_overdue_places
from app.workshops.models import Workshop
from tests.factories import make_details, make_registration, make_workshop
from tests.registration.conftest import register, seats_counted

Subjects = Callable[[], list[tuple[str, str]]]


def overdue(*registrations: Registration) -> None:
    for registration in registrations:
        registration.hold_until = now() - timedelta(seconds=1)
    db.session.flush()


def test_a_hold_that_is_over_gives_the_seat_to_the_next(ctx: object, subjects: Subjects) -> None:
    workshop = make_workshop(seats=1)
    first, second, third = (register(workshop, f"p{n}@example.org") for n in range(3))
    service.prove_address(third)
    overdue(first, second)

    assert expire_holds(workshop) == 2

    assert [r.status for r in (first, second, third)] == [
        Status.EXPIRED,
        Status.EXPIRED,
        Status.CONFIRMED,
    ]
    assert workshop.seats_taken == seats_counted(workshop) == 1
    assert subjects()[4:] == [
        ("p0@example.org", "Ihre Anmeldung ist verfallen"),
        ("p1@example.org", "Ihre Anmeldung ist verfallen"),
        ("p2@example.org", "Sie haben einen Platz"),
    ]


def test_a_proved_place_does_not_expire(workshop: Workshop) -> None:
    registration = register(workshop, "a@example.org")
    service.prove_address(registration)

    assert expire_holds(workshop) == 0
    assert registration.hold_until is None


def test_somebody_new_gets_the_seat_that_a_hold_has_left(ctx: object) -> None:
    workshop = make_workshop(seats=1, has_waiting_list=False)
    overdue(register(workshop, "slow@example.org"))

    assert register(workshop, "quick@example.org").status is Status.HELD


def test_more_seats_are_given_in_order(ctx: object) -> None:
    workshop = make_workshop(seats=0)
    waiting = [make_registration(workshop, status=Status.WAITING) for _n in range(4)]
    workshop.seats = 2
    db.session.flush()

    assert promote_next(workshop) == 2

    assert [r.status for r in waiting] == [Status.CONFIRMED] * 2 + [Status.WAITING] * 2
    assert workshop.seats_taken == 2


def test_the_database_itself_never_oversells(workshop: Workshop) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="never_oversold"):
        db.session.execute(sa.update(Workshop).values(seats_taken=Workshop.seats + 1))


def test_the_database_keeps_one_active_registration_an_address(workshop: Workshop) -> None:
    make_registration(workshop, email="a@example.org")
    other = make_registration(workshop)

    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(
            sa.update(Registration).where(Registration.id == other.id).values(email="a@example.org")
        )


def test_the_worker_lets_go_of_overdue_places(ctx: object) -> None:
    kept, left = make_workshop(), make_workshop()
    make_registration(kept, status=Status.HELD)
    late = make_registration(left, status=Status.HELD)
    overdue(late)
    number = late.id
    db.session.commit()

    let_go_of_overdue_places.call_local()

    db.session.expire_all()
    assert db.session.get_one(Registration, number).status is Status.EXPIRED
    assert [kept.seats_taken, left.seats_taken] == [1, 0]


def test_the_worker_forgets_drafts_after_a_day(workshop: Workshop) -> None:
    for age in (timedelta(hours=23), timedelta(hours=25)):
        draft, _token = start_draft(workshop)
        draft.updated_at = now() - age
    db.session.commit()

    forget_old_drafts.call_local()

    assert len(db.session.scalars(sa.select(Draft)).all()) == 1


class Seats(RuleBasedStateMachine):
    """Any sequence of commands, against a model: who has a seat, who waits in which order."""

    people = Bundle("people")
    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.workshop = make_workshop(seats=2)
        self.seated: set[str] = set()
        self.queue: list[str] = []
        self.unproved: set[str] = set()
        self.known: dict[str, Registration] = {}
        self.count = 0

    def teardown(self) -> None:
        # Not rollback(): that warns about objects which a refused command has left changed.
        db.session.close()

    def _free(self) -> bool:
        return len(self.seated) < self.workshop.seats

    def _promote(self) -> None:
        while self.queue and self._free():
            self.seated.add(self.queue.pop(0))

    def _leave(self, email: str) -> None:
        self.unproved.discard(email)
        self.seated.discard(email)
        if email in self.queue:
            self.queue.remove(email)

    @rule(target=people, by_desk=st.booleans(), to_queue=st.booleans())
    def register(self, by_desk: bool, to_queue: bool) -> str:
        self.count += 1
        email = f"p{self.count}@p{self.count}.example"
        details = make_details(self.workshop, email=email)
        if not by_desk:
            free = self._free() and not self.queue
            outcome = service.register(self.workshop, details)
            assert outcome.seated == free
            if free:
                self.seated.add(email)
            self.unproved.add(email)
        elif to_queue or not self._free():
            service.add_by_desk(self.workshop, details, on_waiting_list=True)
            self.queue.append(email)
        else:
            service.add_by_desk(self.workshop, details)
            self.seated.add(email)
        found = find_current_by_email(self.workshop.id, email)
        assert found is not None
        self.known[email] = found
        return email

    @rule(email=people)
    def prove(self, email: str) -> None:
        registration = self.known[email]
        gone = registration.status is Status.EXPIRED
        if registration.status is Status.CANCELLED:
            with pytest.raises(refusals.NotActive):
                service.prove_address(registration)
            return
        seeks = gone or (email in self.unproved and email not in self.seated)
        service.prove_address(registration)
        self.unproved.discard(email)
        if seeks and self._free() and not self.queue:
            self.seated.add(email)
        elif seeks:
            self.queue.append(email)

    @rule(email=consumes(people), by_desk=st.booleans())
    def cancel(self, email: str, by_desk: bool) -> None:
        had_seat = email in self.seated
        service.cancel(self.known[email], by_desk=by_desk)
        self._leave(email)
        if had_seat:
            self._promote()

    @rule(email=people)
    def run_out(self, email: str) -> None:
        if email in self.unproved:
            overdue(self.known[email])
            expire_holds(self.workshop)
            self._leave(email)
            self._promote()

    @rule(emails=st.lists(people, max_size=3))
    def release(self, emails: list[str]) -> None:
        release(self.workshop, [self.known[email] for email in emails])
        released = self.unproved & self.seated & set(emails)
        self.seated -= released
        if released:
            self._promote()

    @rule(email=people)
    def seat_by_desk(self, email: str) -> None:
        full = not self._free() and email not in self.seated
        try:
            service.seat_by_desk(self.known[email])
        except Refused:
            assert full
            return
        assert not full
        if email not in self.seated:
            self._leave(email)
        self.seated.add(email)

    @rule(more=st.integers(1, 2))
    def add_seats(self, more: int) -> None:
        self.workshop.seats += more
        db.session.flush()
        promote_next(self.workshop)
        self._promote()

    @invariant()
    def agrees_with_the_database(self) -> None:
        rows = db.session.execute(
            sa.select(Registration.email, Registration.status, Registration.queue_number)
            .where(Registration.workshop_id == self.workshop.id)
            .order_by(Registration.queue_number)
        ).all()
        assert {row.email for row in rows if row.status in SEATED} == self.seated
        assert [row.email for row in rows if row.status is Status.WAITING] == self.queue
        assert self.workshop.seats_taken == len(self.seated) <= self.workshop.seats


def test_whatever_happens_seats_and_queue_agree_with_the_model(ctx: Flask) -> None:
    run_state_machine_as_test(
        Seats,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
