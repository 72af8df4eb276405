"""Changes by the person concerned: details, consents, the address."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.accounts.models import JournalEntry
from app.extensions import db, now
from app.outbox.models import MailLink
from app.refusals import ChangedMeanwhile
from app.registration import refusals, service
from app.registration.links import LINK_PURPOSE, NEW_ADDRESS_PURPOSE
from app.registration.models import Arrival, Diet, Needs, Status
from app.sorting import sort_key
from app.workshops.models import ConsentKind, ConsentText, Workshop
from tests.factories import make_details, make_registration, make_workshop
from tests.registration.conftest import register

Subjects = Callable[[], list[tuple[str, str]]]


def test_a_change_is_written_and_named_in_the_journal(workshop: Workshop) -> None:
    registration = make_registration(workshop, last_name="Alt")
    details = make_details(
        workshop,
        email=registration.email,
        last_name="Öhlschläger",
        organisation_id=workshop.organisations[5].id,
        arrival=Arrival.CAR,
        vehicle_plate="L-AB 1",
        days=(workshop.days[0],),
    )

    changed = service.change(registration, details, version=registration.version)

    assert sorted(changed) == ["arrival", "days", "last_name", "organisation_id", "vehicle_plate"]
    assert registration.sort_key.startswith("oehlschlaeger")
    assert "polizei hamburg" in registration.search_text
    assert registration.organisation_name == "Polizei Hamburg"
    assert [day.on for day in registration.days] == [workshop.days[0]]
    entry = db.session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "registration.changed")
    ).one()
    assert entry.detail == {"fields": changed}


def test_changing_nothing_changes_nothing(workshop: Workshop) -> None:
    details = make_details(workshop)
    registration = service.add_by_desk(workshop, details, notify=False)
    version = registration.version

    assert service.change(registration, details, version=version) == []
    assert registration.version == version


def test_a_plate_is_kept_only_with_a_car(workshop: Workshop) -> None:
    registration = make_registration(workshop, arrival=Arrival.RAIL, vehicle_plate="L-AB 1")

    assert registration.vehicle_plate == ""


@pytest.mark.parametrize(
    "change",
    [
        {"days": "first"},
        {"consents": frozenset({ConsentKind.PHOTOS})},
        {"function": "Pressesprecher"},
    ],
    ids=["days", "consents", "column"],
)
def test_the_second_of_two_tabs_is_told(workshop: Workshop, change: dict[str, object]) -> None:
    registration = make_registration(workshop)
    opened = registration.version
    if change.get("days") == "first":
        change = {"days": (workshop.days[0],)}
    service.change(
        registration, make_details(workshop, email=registration.email, **change), version=opened
    )

    with pytest.raises(ChangedMeanwhile):
        service.change(
            registration, make_details(workshop, email=registration.email), version=opened
        )


def test_a_withdrawn_consent_does_not_come_back_from_another_tab(workshop: Workshop) -> None:
    consents = frozenset({ConsentKind.PHOTOS})
    registration = make_registration(workshop, consents=consents)
    opened = registration.version
    service.withdraw(registration, ConsentKind.PHOTOS)

    details = make_details(workshop, email=registration.email, consents=consents)
    with pytest.raises(ChangedMeanwhile):
        service.change(registration, details, version=opened)


def test_changes_end_with_their_deadline(workshop: Workshop) -> None:
    registration = make_registration(workshop)
    workshop.changes_until = now()
    db.session.flush()

    with pytest.raises(refusals.ChangesClosed):
        service.change(registration, make_details(workshop), version=registration.version)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.EXPIRED])
def test_what_is_over_cannot_be_changed(workshop: Workshop, status: Status) -> None:
    registration = make_registration(workshop, status=status)

    with pytest.raises(refusals.NotActive):
        service.change(registration, make_details(workshop), version=registration.version)


def test_consents_keep_their_wording_and_time(workshop: Workshop) -> None:
    registration = make_registration(workshop, consents=frozenset({ConsentKind.LISTING}))
    asked = registration.consents[0].text
    db.session.add(
        ConsentText(workshop_id=workshop.id, kind=ConsentKind.LISTING, version=2, text="Neu")
    )
    db.session.flush()

    service.withdraw(registration, ConsentKind.LISTING)
    assert not registration.consents_to(ConsentKind.LISTING)
    details = make_details(
        workshop, email=registration.email, consents=frozenset({ConsentKind.LISTING})
    )
    service.change(registration, details, version=registration.version)

    first, second = registration.consents
    assert (first.text, first.text_version) == (asked, 1)
    assert first.withdrawn_at is not None
    assert (second.text, second.text_version, second.withdrawn_at) == ("Neu", 2, None)
    assert registration.consents_to(ConsentKind.LISTING)


def test_needs_live_and_end_with_their_consent(workshop: Workshop) -> None:
    registration = make_registration(
        workshop,
        consents=frozenset({ConsentKind.NEEDS, ConsentKind.LISTING}),
        diet=Diet.VEGAN,
        intolerances="Nüsse",
    )
    assert registration.needs is not None
    assert (registration.needs.diet, registration.needs.intolerances) == (Diet.VEGAN, "Nüsse")

    service.withdraw(registration, ConsentKind.NEEDS)

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Needs)) == 0
    assert registration.consents_to(ConsentKind.LISTING)


def test_a_new_address_counts_once_its_owner_confirms(
    workshop: Workshop, subjects: Subjects
) -> None:
    registration = make_registration(workshop, email="old@example.org")
    db.session.add(MailLink(purpose=LINK_PURPOSE, subject_id=registration.id, token_hash="x"))
    details = make_details(workshop, email="new@example.org")
    service.change(registration, details, version=registration.version)
    assert (registration.email, registration.new_email) == ("old@example.org", "new@example.org")

    service.take_new_address(registration)

    assert (registration.email, registration.new_email) == ("new@example.org", None)
    assert sort_key("new@example.org") in registration.search_text
    assert db.session.scalars(sa.select(MailLink)).all() == []
    assert subjects() == [
        ("new@example.org", "Bitte bestätigen Sie Ihre neue E-Mail-Adresse"),
        ("old@example.org", "Ihre E-Mail-Adresse wurde geändert"),
        ("new@example.org", "Ihr persönlicher Link"),
    ]
    with pytest.raises(refusals.NotActive):
        service.take_new_address(registration)


def test_a_link_to_an_earlier_new_address_cannot_confirm_the_later_one(workshop: Workshop) -> None:
    registration = make_registration(workshop)
    for email in ("first@example.org", "second@example.org"):
        details = make_details(workshop, email=email)
        service.change(registration, details, version=registration.version)
        links = sa.select(MailLink).where(MailLink.purpose == NEW_ADDRESS_PURPOSE)
        assert db.session.scalars(links).all() == []
        db.session.add(
            MailLink(purpose=NEW_ADDRESS_PURPOSE, subject_id=registration.id, token_hash=email)
        )

    assert registration.new_email == "second@example.org"


def test_an_address_taken_meanwhile_stays_with_its_owner(workshop: Workshop) -> None:
    registration = make_registration(workshop)
    details = make_details(workshop, email="wanted@example.org")
    service.change(registration, details, version=registration.version)
    register(workshop, "wanted@example.org")

    with pytest.raises(refusals.AddressTaken):
        service.take_new_address(registration)


def test_a_new_address_that_is_known_tells_nothing(workshop: Workshop, subjects: Subjects) -> None:
    make_registration(workshop, email="known@example.org")
    registration = make_registration(workshop)

    details = make_details(workshop, email="known@example.org")
    changed = service.change(registration, details, version=registration.version)

    assert "email" in changed
    assert subjects() == []


def test_confirming_a_new_address_also_proves_it(workshop: Workshop) -> None:
    registration = register(workshop, "typo@example.org")
    details = make_details(workshop, email="right@example.org")
    service.change(registration, details, version=registration.version)

    service.take_new_address(registration)

    assert registration.status is Status.CONFIRMED
    assert registration.email == "right@example.org"


def test_the_link_is_mailed_only_to_who_is_registered(
    workshop: Workshop, subjects: Subjects
) -> None:
    make_registration(workshop, email="karla@example.org")

    service.request_link(workshop, "Karla@Example.org")
    service.request_link(workshop, "nobody@example.org")
    service.request_link(make_workshop(), "karla@example.org")

    assert subjects() == [("karla@example.org", "Ihr persönlicher Link")]
