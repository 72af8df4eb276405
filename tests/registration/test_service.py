"""What people do with their registration."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.extensions import db, now
from app.outbox.models import Message
from app.registration import refusals, service
from app.registration.details import (
    NeedsWithoutConsent,
    NoOrganisation,
    NotADay,
    UnknownOrganisation,
)
from app.registration.models import Diet, Registration, Status
from app.registration.queries import waiting_position
from app.workshops.models import Workshop
from tests.factories import make_details, make_registration, make_workshop
from tests.registration.conftest import register, seats_counted

Subjects = Callable[[], list[tuple[str, str]]]


def test_registering_holds_a_seat_and_asks_to_prove_the_address(
    workshop: Workshop, subjects: Subjects
) -> None:
    before = now()
    outcome = service.register(workshop, make_details(workshop, email="Karla@Example.org"))

    registration = db.session.scalars(sa.select(Registration)).one()
    assert outcome.seated
    assert registration.status is Status.HELD
    assert registration.email == "karla@example.org"
    assert registration.hold_until == outcome.hold_until
    held_for = outcome.hold_until - before
    assert timedelta(hours=48) <= held_for < timedelta(hours=48, minutes=1)
    assert workshop.seats_taken == seats_counted(workshop) == 1
    assert subjects() == [("karla@example.org", "Bitte bestätigen Sie Ihre Anmeldung")]


def test_beyond_the_seats_people_wait_in_the_order_of_their_proofs(ctx: object) -> None:
    workshop = make_workshop(seats=1)
    first, second, third = (register(workshop, f"p{n}@example.org") for n in range(3))

    assert [r.status for r in (first, second, third)] == [
        Status.HELD,
        Status.UNPROVED,
        Status.UNPROVED,
    ]
    service.prove_address(third)
    service.prove_address(second)
    assert [waiting_position(r) for r in (second, third)] == [2, 1]
    assert workshop.seats_taken == 1


def test_without_a_waiting_list_a_full_workshop_refuses(ctx: object) -> None:
    workshop = make_workshop(seats=1, has_waiting_list=False)
    register(workshop, "a@example.org")

    with pytest.raises(refusals.WorkshopFull):
        service.register(workshop, make_details(workshop))
    # Also whoever is registered: the answer must not tell them apart.
    with pytest.raises(refusals.WorkshopFull):
        service.register(workshop, make_details(workshop, email="a@example.org"))


@pytest.mark.parametrize(
    "door",
    [
        {"registration_opens_at": None},
        {"registration_opens_at": now() + timedelta(hours=1)},
        {"registration_closes_at": now() - timedelta(seconds=1)},
        {
            "starts_on": (now() - timedelta(days=3)).date(),
            "ends_on": (now() - timedelta(days=2)).date(),
        },
    ],
    ids=["undated", "soon", "closed", "over"],
)
def test_registration_has_its_time(ctx: object, door: dict[str, object]) -> None:
    workshop = make_workshop(**door)

    with pytest.raises(refusals.RegistrationClosed):
        service.register(workshop, make_details(workshop))
    assert workshop.seats_taken == 0


def test_a_known_address_gets_its_link_and_the_browser_the_same_answer(
    workshop: Workshop, subjects: Subjects
) -> None:
    known = make_registration(workshop, email="known@example.org", first_name="Erste")

    told = service.register(workshop, make_details(workshop, email="KNOWN@example.org"))
    other = service.register(workshop, make_details(workshop, email="new@example.org"))

    assert told.seated == other.seated
    assert abs(told.hold_until - other.hold_until) < timedelta(seconds=5)
    assert known.first_name == "Erste"
    assert subjects()[0] == ("known@example.org", "Sie sind bereits angemeldet")
    assert workshop.seats_taken == seats_counted(workshop) == 2


def test_who_registers_again_before_confirming_is_asked_to_confirm(
    workshop: Workshop, subjects: Subjects, mails: Callable[[], list[Message]]
) -> None:
    held = make_registration(workshop, email="held@example.org", status=Status.HELD)

    service.register(workshop, make_details(workshop, email="held@example.org"))

    assert subjects()[-1] == ("held@example.org", "Bitte bestätigen Sie Ihre Anmeldung")
    assert "Ihre frühere Anmeldung gilt weiter" in mails()[-1].text
    assert held.is_active


@pytest.mark.parametrize("email", ["known@example.org", "unknown@example.org"])
def test_refusals_do_not_tell_whether_an_address_is_known(workshop: Workshop, email: str) -> None:
    make_registration(workshop, email="known@example.org")
    foreign = make_workshop().organisations[0].id

    with pytest.raises(UnknownOrganisation):
        service.register(workshop, make_details(workshop, email=email, organisation_id=foreign))


def test_after_a_cancellation_one_can_register_anew(workshop: Workshop) -> None:
    first = make_registration(workshop, email="karla@example.org")
    service.cancel(first)

    again = register(workshop, "karla@example.org")

    assert again.id != first.id
    assert first.status is Status.CANCELLED
    assert again.badge_code != first.badge_code


def test_proving_the_address_confirms_the_seat_once(workshop: Workshop, subjects: Subjects) -> None:
    registration = register(workshop, "karla@example.org")

    service.prove_address(registration)
    service.prove_address(registration)

    assert registration.status is Status.CONFIRMED
    assert registration.address_proved_at is not None
    assert registration.hold_until is None
    assert [subject for _, subject in subjects()] == [
        "Bitte bestätigen Sie Ihre Anmeldung",
        "Ihre Anmeldung ist bestätigt",
    ]


def test_proving_the_address_gives_a_place_on_the_waiting_list(
    ctx: object, subjects: Subjects
) -> None:
    workshop = make_workshop(seats=0)
    second = register(workshop, "b@example.org")

    service.prove_address(second)

    assert second.status is Status.WAITING
    assert waiting_position(second) == 1
    assert second.hold_until is None
    assert subjects()[-1] == ("b@example.org", "Sie stehen auf der Warteliste")


def test_a_place_that_was_let_go_is_sought_again(workshop: Workshop) -> None:
    registration = make_registration(workshop, status=Status.EXPIRED)
    assert workshop.seats_taken == 0

    service.prove_address(registration)

    assert registration.status is Status.CONFIRMED
    assert workshop.seats_taken == seats_counted(workshop) == 1


def test_a_place_that_was_let_go_may_be_gone(ctx: object) -> None:
    workshop = make_workshop(seats=1)
    late = make_registration(workshop, status=Status.EXPIRED)
    make_registration(workshop)

    service.prove_address(late)

    assert late.status is Status.WAITING
    assert workshop.seats_taken == 1


def test_a_place_that_was_let_go_is_not_sought_after_the_end_of_registration(
    workshop: Workshop,
) -> None:
    late = make_registration(workshop, status=Status.EXPIRED)
    workshop.registration_closes_at = now()
    db.session.flush()

    with pytest.raises(refusals.RegistrationClosed):
        service.prove_address(late)


def test_a_place_that_was_let_go_gives_way_to_a_newer_registration(workshop: Workshop) -> None:
    late = make_registration(workshop, status=Status.EXPIRED, email="karla@example.org")
    register(workshop, "karla@example.org")

    with pytest.raises(refusals.AddressTaken):
        service.prove_address(late)


def test_a_cancelled_registration_cannot_be_proved(workshop: Workshop) -> None:
    registration = make_registration(workshop, status=Status.CANCELLED)

    with pytest.raises(refusals.NotActive):
        service.prove_address(registration)


def test_cancelling_gives_the_seat_to_whoever_waits_longest(
    ctx: object, subjects: Subjects
) -> None:
    workshop = make_workshop(seats=1)
    seated = make_registration(workshop, email="a@example.org")
    proved = make_registration(workshop, email="b@example.org", status=Status.WAITING)
    unproved = register(workshop, "c@example.org")

    service.cancel(seated)
    service.cancel(seated)

    everybody = (seated, proved, unproved)
    assert [r.status for r in everybody] == [Status.CANCELLED, Status.CONFIRMED, Status.UNPROVED]
    service.cancel(proved)
    # Nothing goes to an address that nobody has proved; whoever proves it finds a seat.
    assert [r.status for r in everybody] == [Status.CANCELLED, Status.CANCELLED, Status.UNPROVED]
    assert workshop.seats_taken == 0
    service.prove_address(unproved)
    assert [r.queue_number for r in everybody] == [None, None, None]
    assert unproved.status is Status.CONFIRMED
    assert workshop.seats_taken == seats_counted(workshop) == 1
    assert subjects()[1:] == [
        ("a@example.org", "Ihre Anmeldung ist storniert"),
        ("b@example.org", "Sie haben einen Platz"),
        ("b@example.org", "Ihre Anmeldung ist storniert"),
        ("c@example.org", "Ihre Anmeldung ist bestätigt"),
    ]


def test_whoever_leaves_the_waiting_list_frees_no_seat(ctx: object) -> None:
    workshop = make_workshop(seats=1)
    make_registration(workshop)
    first = make_registration(workshop, status=Status.WAITING)
    second = make_registration(workshop, status=Status.WAITING)

    service.cancel(first)

    assert workshop.seats_taken == 1
    assert waiting_position(second) == 1


@pytest.mark.parametrize(
    ("wrong", "refusal", "field"),
    [
        ({"organisation_id": None}, NoOrganisation, "organisation_id"),
        ({"other_organisation": "Verein", "organisation_id": 1}, NoOrganisation, "organisation_id"),
        ({"organisation_id": 10**9}, UnknownOrganisation, "organisation_id"),
        ({"days": ()}, NotADay, "days"),
        ({"days": "foreign"}, NotADay, "days"),
        ({"intolerances": "Nüsse"}, NeedsWithoutConsent, "consent_needs"),
        ({"diet": Diet.VEGAN}, NeedsWithoutConsent, "consent_needs"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    workshop: Workshop, wrong: dict[str, object], refusal: type[Exception], field: str
) -> None:
    if wrong.get("days") == "foreign":
        wrong = {"days": (workshop.ends_on + timedelta(days=1),)}

    with pytest.raises(refusal) as caught:
        service.register(workshop, make_details(workshop, **wrong))
    assert caught.value.field == field  # type: ignore[attr-defined]  # every one is a Refused
