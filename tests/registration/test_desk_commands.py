"""What the desk does with registrations: it may overrule turns, but never the number of seats."""

from collections.abc import Callable

import pytest

from app.accounts.journal import list_entries
from app.refusals import ChangedMeanwhile
from app.registration import refusals, service
from app.registration.models import Registration, Status
from app.sorting import sort_key
from app.workshops.models import Workshop
from tests.factories import make_details, make_registration, make_workshop
from tests.registration.conftest import register, seats_counted

Subjects = Callable[[], list[tuple[str, str]]]


def test_the_desk_vouches_for_whom_it_adds(workshop: Workshop, subjects: Subjects) -> None:
    added = service.add_by_desk(workshop, make_details(workshop, email="a@example.org"))

    assert added.status is Status.CONFIRMED
    assert workshop.seats_taken == seats_counted(workshop) == 1
    assert subjects() == [("a@example.org", "Ihre Anmeldung ist bestätigt")]


def test_the_desk_adds_before_registration_opens(ctx: object) -> None:
    workshop = make_workshop(registration_opens_at=None)

    assert service.add_by_desk(workshop, make_details(workshop)).status is Status.CONFIRMED


def test_the_desk_may_seat_somebody_before_those_who_wait(ctx: object) -> None:
    workshop = make_workshop(seats=1)
    make_registration(workshop, status=Status.WAITING)

    assert service.add_by_desk(workshop, make_details(workshop)).status is Status.CONFIRMED
    with pytest.raises(refusals.SeatsTaken):
        service.add_by_desk(workshop, make_details(workshop))
    later = service.add_by_desk(workshop, make_details(workshop), on_waiting_list=True)
    assert later.status is Status.WAITING


def test_one_address_registers_once(workshop: Workshop) -> None:
    make_registration(workshop, email="a@example.org")

    with pytest.raises(refusals.AddressTaken) as caught:
        service.add_by_desk(workshop, make_details(workshop, email="A@example.org"))
    assert caught.value.field == "email"


def test_the_desk_changes_an_address_at_once(workshop: Workshop, subjects: Subjects) -> None:
    registration = make_registration(workshop, email="old@example.org")
    make_registration(workshop, email="other@example.org")
    details = make_details(workshop, email="New@example.org")

    changed = service.change_by_desk(
        registration, details, version=registration.version, internal_note="Hat angerufen"
    )

    assert {"email", "internal_note"} <= set(changed)
    assert (registration.email, registration.internal_note) == ("new@example.org", "Hat angerufen")
    assert sort_key("new@example.org") in registration.search_text
    assert subjects() == [("new@example.org", "Ihr persönlicher Link")]
    with pytest.raises(refusals.AddressTaken):
        service.change_by_desk(
            registration,
            make_details(workshop, email="other@example.org"),
            version=registration.version,
            internal_note="",
        )


def test_the_desk_is_told_of_a_change_meanwhile(workshop: Workshop) -> None:
    registration = make_registration(workshop)
    opened = registration.version
    details = make_details(workshop, email=registration.email)
    service.change(registration, details, version=opened)

    with pytest.raises(ChangedMeanwhile):
        service.change_by_desk(registration, details, version=opened, internal_note="")


def test_the_desk_confirms_even_after_the_end_of_registration(workshop: Workshop) -> None:
    late = make_registration(workshop, status=Status.EXPIRED)
    workshop.registration_closes_at = workshop.registration_opens_at

    service.confirm_by_desk(late)

    assert late.status is Status.CONFIRMED


@pytest.mark.parametrize("status", [Status.WAITING, Status.CANCELLED, Status.EXPIRED])
def test_the_desk_gives_a_seat(workshop: Workshop, status: Status, subjects: Subjects) -> None:
    registration = make_registration(workshop, status=status)

    service.seat_by_desk(registration)
    service.seat_by_desk(registration)

    assert registration.status is Status.CONFIRMED
    assert (registration.queue_number, registration.cancelled_at) == (None, None)
    assert workshop.seats_taken == seats_counted(workshop) == 1
    assert subjects()[-1] == (registration.email, "Sie haben einen Platz")


def test_the_desk_cannot_give_a_seat_that_is_not_there(ctx: object) -> None:
    workshop = make_workshop(seats=1)
    make_registration(workshop)
    waiting = make_registration(workshop, status=Status.WAITING)

    with pytest.raises(refusals.SeatsTaken):
        service.seat_by_desk(waiting)


def test_the_desk_cannot_revive_what_was_registered_anew(workshop: Workshop) -> None:
    old = make_registration(workshop, status=Status.CANCELLED, email="a@example.org")
    register(workshop, "a@example.org")

    with pytest.raises(refusals.AddressTaken):
        service.seat_by_desk(old)


def test_a_cancellation_by_the_desk_says_who_cancelled(
    workshop: Workshop, mails: Callable[[], list[object]]
) -> None:
    service.cancel(make_registration(workshop), by_desk=True)

    assert "das Organisationsteam hat Ihre Anmeldung storniert" in mails()[-1].text  # type: ignore[attr-defined]  # Message


def test_the_journal_tells_when_the_desk_has_a_link_mailed(
    workshop: Workshop, subjects: Subjects
) -> None:
    registration = make_registration(workshop, email="a@example.org")

    service.request_link(workshop, "a@example.org")
    assert "registration.link_sent" not in _told_of(registration)
    service.send_link_by_desk(registration)

    assert subjects() == [("a@example.org", "Ihr persönlicher Link")] * 2
    assert _told_of(registration)[0] == "registration.link_sent"


def _told_of(registration: Registration) -> list[str]:
    """What the journal says of somebody, the latest first."""
    entries = list_entries(subject="registration", subject_id=registration.id)
    return [entry.action for entry in entries]
