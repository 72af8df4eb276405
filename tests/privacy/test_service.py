"""What is deleted when, and what stays."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import JournalEntry
from app.agenda.models import SignUpMode
from app.agenda.releases.service import release
from app.extensions import db
from app.outbox.delivery import deliver_due
from app.outbox.forgetting import delete_files_without_mail
from app.outbox.models import Attachment, MailLink, Message
from app.outbox.service import draw_link
from app.privacy.service import delete_overdue, list_ended
from app.registration import links, mails
from app.registration.models import (
    Arrival,
    Consent,
    Needs,
    ParticipantRole,
    Registration,
    RegistrationDay,
    Salutation,
    Status,
)
from app.signup.models import Pick, SignUp
from app.signup.service import pick, sign_up
from app.workshops.models import ConsentKind, Workshop
from tests.agenda.programme import add_session
from tests.factories import make_registration, make_workshop


@pytest.fixture
def person(workshop: Workshop) -> Registration:
    """Somebody of whom all is known."""
    made = make_registration(
        workshop,
        phone="0341 1",
        function="Presse",
        arrival=Arrival.CAR,
        vehicle_plate="L-XX 1",
        diet="vegan",
        room_from=workshop.starts_on,
        room_until=workshop.ends_on,
        consents=frozenset({ConsentKind.NEEDS, ConsentKind.LISTING}),
    )
    db.session.commit()
    return made


def _after(workshop: Workshop, days: int) -> date:
    return workshop.ends_on + timedelta(days=days)


def _count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_nothing_is_deleted_before_its_time(workshop: Workshop, person: Registration) -> None:
    assert delete_overdue(workshop, _after(workshop, 7)) == {}
    assert (person.vehicle_plate, _count(Needs)) == ("L-XX 1", 1)


def test_plates_and_badge_codes_go_first(workshop: Workshop, person: Registration) -> None:
    assert delete_overdue(workshop, _after(workshop, 8)) == {"gate": 1}
    assert (person.vehicle_plate, person.badge_code) == ("", None)
    assert (person.room_from, _count(Needs)) == (workshop.starts_on, 1)


def test_food_and_rooms_go_next(workshop: Workshop, person: Registration) -> None:
    deleted = delete_overdue(workshop, _after(workshop, 15))
    assert deleted == {"gate": 1, "rooms": 1, "needs": 1}
    assert (person.room_from, person.room_until, _count(Needs)) == (None, None, 0)
    assert person.phone == "0341 1"


def test_a_second_night_finds_nothing_to_do(workshop: Workshop, person: Registration) -> None:
    delete_overdue(workshop, _after(workshop, 15))
    assert delete_overdue(workshop, _after(workshop, 16)) == {}
    entries = db.session.scalars(sa.select(JournalEntry).filter_by(action="privacy.deleted")).all()
    assert [e.detail for e in entries] == [{"gate": 1, "rooms": 1, "needs": 1}]


def test_people_their_links_and_mails_go_last(
    app: Flask, workshop: Workshop, person: Registration
) -> None:
    mails.personal_link(person)
    draw_link(links.LINK_PURPOSE, person.id)
    db.session.commit()
    deliver_due()
    folder = Path(app.config["INSTANCE_DIR"]) / "mail"
    kept = db.session.scalars(sa.select(Message.message_id)).one().strip("<>").split("@")[0]
    assert (folder / f"{kept}.eml").exists()
    taken = workshop.seats_taken

    deleted = delete_overdue(workshop, _after(workshop, 6 * 31 + 1))

    assert (deleted["people"], deleted["mails"]) == (1, 1)
    gone = (Registration, RegistrationDay, Consent, Needs, MailLink, Message, Attachment)
    assert [_count(model) for model in gone] == [0] * len(gone)
    db.session.commit()
    delete_files_without_mail()
    assert not (folder / f"{kept}.eml").exists()
    assert workshop.seats_taken == taken


def test_who_agreed_to_invitations_stays_with_an_address_and_no_more(workshop: Workshop) -> None:
    both = frozenset({ConsentKind.MAILING, ConsentKind.LISTING})
    person = make_registration(workshop, consents=both, phone="0341 1", function="Presse")
    withdrawn = make_registration(workshop, consents=frozenset({ConsentKind.MAILING}))
    withdrawn.consents[0].withdrawn_at = withdrawn.created_at
    session = add_session(workshop, "Werkstatt", sign_up=SignUpMode.OPEN)
    release(workshop)
    pick(person, session.id)
    sign_up(person, session.id)
    db.session.commit()

    delete_overdue(workshop, _after(workshop, 6 * 31 + 1))
    assert (_count(Pick), _count(SignUp)) == (0, 0)

    left = db.session.scalars(sa.select(Registration)).all()
    assert left == [person]
    assert (person.phone, person.function, person.days) == ("", "", [])
    assert person.email.endswith(".example")
    assert [c.kind for c in person.consents] == [ConsentKind.MAILING]


def test_of_who_stays_nothing_but_name_organisation_and_address_is_kept(
    workshop: Workshop,
) -> None:
    person = make_registration(
        workshop,
        consents=frozenset({ConsentKind.MAILING}),
        salutation=Salutation.MS,
        role=ParticipantRole.SPEAKER,
        department="Zzdepartment",
    )
    person.new_email = "zzneu@example.org"
    db.session.commit()

    delete_overdue(workshop, _after(workshop, 6 * 31 + 1))

    assert (person.salutation, person.role) == (Salutation.NONE, ParticipantRole.PARTICIPANT)
    assert db.session.scalars(sa.select(Registration.new_email)).all() == [None]
    assert person.department == ""
    assert "zz" not in person.search_text


def test_who_never_proved_the_address_has_agreed_to_nothing(workshop: Workshop) -> None:
    """Anybody could have typed it."""
    make_registration(workshop, status=Status.HELD, consents=frozenset({ConsentKind.MAILING}))
    db.session.commit()

    delete_overdue(workshop, _after(workshop, 6 * 31 + 1))

    assert _count(Registration) == 0


def test_only_workshops_that_are_over_are_looked_at(workshop: Workshop) -> None:
    assert list_ended(workshop.ends_on) == []
    assert list_ended(_after(workshop, 2)) == [workshop]


def test_other_workshops_keep_all(workshop: Workshop, person: Registration) -> None:
    other = make_workshop()
    kept = make_registration(other, arrival=Arrival.CAR, vehicle_plate="L-YY 2")
    db.session.commit()
    delete_overdue(workshop, _after(workshop, 400))
    assert db.session.scalars(sa.select(Registration)).all() == [kept]
    assert kept.vehicle_plate == "L-YY 2"
