"""Seats held for addresses that nobody has proved: few of a client and a domain, and short."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.extensions import db, now
from app.registration import service
from app.registration.holds import (
    MOST_OF_A_CLIENT,
    MOST_OF_A_DOMAIN,
    MOST_OF_A_LISTED_DOMAIN,
    SHORTEST_HOURS,
    hold_until,
    list_holds,
    mark_client,
)
from app.registration.models import Registration, Status
from app.registration.seats import release
from app.workshops.models import Workshop
from tests.factories import make_details, make_registration, make_workshop
from tests.pages import Visitor
from tests.registration.conftest import register, seats_counted, walk

Subjects = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def hall(ctx: Flask) -> Workshop:
    """A workshop with seventy seats; 'polizei.example' is listed."""
    workshop = make_workshop(seats=70)
    workshop.organisations[0].mail_domains = "polizei.example"
    db.session.commit()
    return workshop


def held(workshop: Workshop) -> int:
    return sum(1 for _hold in list_holds(workshop))


def test_one_client_with_invented_domains_holds_few_seats(hall: Workshop) -> None:
    for n in range(40):
        service.register(hall, make_details(hall, email=f"a@firma{n}.example"), client="one")
    assert held(hall) == hall.seats_taken == seats_counted(hall) == MOST_OF_A_CLIENT

    service.register(hall, make_details(hall), client="two")
    assert held(hall) == MOST_OF_A_CLIENT + 1


@pytest.mark.parametrize(
    ("addresses", "most"),
    [
        ("a{n}@frei.example", MOST_OF_A_DOMAIN),
        ("a@x{n}.frei.example", MOST_OF_A_DOMAIN),
        ("a{n}@polizei.example", MOST_OF_A_LISTED_DOMAIN),
    ],
    ids=["unlisted", "names below one's own", "listed"],
)
def test_many_addresses_of_a_domain_hold_few_seats(
    hall: Workshop, addresses: str, most: int
) -> None:
    for n in range(30):
        service.register(hall, make_details(hall, email=addresses.format(n=n)), client=str(n))
    assert held(hall) == most


def test_past_the_limit_the_proof_gives_the_seat(hall: Workshop) -> None:
    people = [register(hall, f"a{n}@frei.example") for n in range(MOST_OF_A_DOMAIN + 2)]
    assert [p.status for p in people[-3:]] == [Status.HELD, Status.UNPROVED, Status.UNPROVED]

    service.prove_address(people[-1])

    assert people[-1].status is Status.CONFIRMED
    assert register(hall, "a99@frei.example").status is Status.UNPROVED
    service.prove_address(people[0])  # one that was held no longer counts
    assert register(hall, "a100@frei.example").status is Status.HELD


def test_the_answer_does_not_tell_whether_a_seat_is_held(hall: Workshop) -> None:
    answers = [
        service.register(hall, make_details(hall, email=f"a{n}@frei.example")) for n in range(9)
    ]
    assert {answer.seated for answer in answers} == {True}
    assert answers[-1].hold_until - answers[0].hold_until < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("seats", "taken", "hours"),
    [
        (10, 0, 48),
        (10, 5, 48),
        (10, 6, 24),
        (10, 8, 12),
        (10, 9, SHORTEST_HOURS),
        (100, 99, SHORTEST_HOURS),
        (2, 2, 48),  # nothing is held, and nobody need hurry
    ],
)
def test_the_scarcer_the_seats_the_shorter_they_are_held(
    ctx: object, seats: int, taken: int, hours: float
) -> None:
    workshop = make_workshop(seats=seats, seats_taken=taken)
    left = hold_until(workshop) - now()
    assert left.total_seconds() / 3600 == pytest.approx(hours, abs=0.01)


def test_it_is_never_held_longer_than_the_setting_says(ctx: object) -> None:
    workshop = make_workshop(seats=10, seats_taken=9, hold_hours=2)
    assert hold_until(workshop) - now() <= timedelta(hours=2)


def test_a_released_seat_goes_to_whoever_waits_and_can_be_sought_again(
    ctx: object, subjects: Subjects
) -> None:
    workshop = make_workshop(seats=1)
    doubtful = register(workshop, "a@frei.example")
    waiting = make_registration(workshop, status=Status.WAITING, email="b@example.org")
    confirmed = make_registration(workshop, status=Status.WAITING)

    assert release(workshop, [doubtful, confirmed]) == 1

    assert (doubtful.status, waiting.status) == (Status.UNPROVED, Status.CONFIRMED)
    assert workshop.seats_taken == seats_counted(workshop) == 1
    assert [to for to, _subject in subjects()] == ["a@frei.example", "b@example.org"]
    service.prove_address(doubtful)
    assert doubtful.status is Status.WAITING


def test_what_is_unproved_ends_in_time_without_a_seat_too(ctx: object) -> None:
    workshop = make_workshop(seats=0)
    registration = register(workshop, "a@frei.example")
    registration.hold_until = now() - timedelta(seconds=1)
    db.session.flush()
    register(workshop, "b@frei.example")
    assert registration.status is Status.EXPIRED


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ],
)
def test_a_network_is_known_again_by_its_mark(
    ctx: Flask, monkeypatch: pytest.MonkeyPatch, one: str, other: str, same: bool
) -> None:
    mark = mark_client(one)
    assert (mark == mark_client(other)) is same
    assert one not in mark
    monkeypatch.setitem(ctx.config, "SECRET_KEY", "another secret")
    assert mark != mark_client(one)


@pytest.mark.parametrize("address", [None, "", "unix:", "?"])
def test_without_an_address_only_the_domain_counts(ctx: Flask, address: str | None) -> None:
    assert mark_client(address) == ""


def test_the_mark_is_stored_while_the_seat_is_held_and_no_longer(
    visitor: Visitor, workshop: Workshop
) -> None:
    visitor.submit(walk(visitor, workshop))
    registration = db.session.scalars(sa.select(Registration)).one()
    assert len(registration.client) == 32
    service.prove_address(registration)
    assert registration.client == ""


@pytest.mark.parametrize(
    "values",
    [{"client": "x"}, {"status": Status.WAITING, "queue_number": 1, "address_proved_at": None}],
)
def test_the_database_keeps_no_mark_and_no_queue_without_reason(
    workshop: Workshop, values: dict[str, Any]
) -> None:
    make_registration(workshop)
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.update(Registration).values(**values))
