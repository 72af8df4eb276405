from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import JournalEntry, Role
from app.extensions import db
from app.outbox.models import Message
from app.registration.models import ParticipantRole, Registration, Status
from app.workshops.models import ConsentKind, Workshop
from tests import factories
from tests.factories import make_registration
from tests.pages import Page, Visitor

ADA = {
    "first_name": "Ada",
    "last_name": "Öztürk-Weiß",
    "email": "ada@polizei-sn.example",
    "days": None,
}


def _url(registration: Registration, action: str = "") -> str:
    slug = registration.workshop.slug
    return f"/{slug}/desk/participants/{registration.id}{action and '/' + action}"


def _press(visitor: Visitor, registration: Registration, action: str, **kwargs: Any) -> Page:
    page = visitor.get(_url(registration))
    return visitor.submit(page, form=f"form[action$='/{action}']", **kwargs)


def _new(visitor: Visitor, workshop: Workshop, data: dict[str, Any], **kwargs: Any) -> Page:
    page = visitor.get(f"/{workshop.slug}/desk/participants/new")
    typed = {
        **ADA,
        "days": [workshop.starts_on.isoformat()],
        "organisation_id": str(workshop.organisations[0].id),
        **data,
    }
    return visitor.submit(page, typed, **kwargs)


@pytest.fixture
def person(workshop: Workshop) -> Registration:
    """Somebody who is registered."""
    made = make_registration(workshop, first_name="Ada", last_name="Weiß", email="ada@example.org")
    db.session.commit()
    return made


@pytest.mark.parametrize(
    ("status", "sentence", "actions"),
    [
        (Status.CONFIRMED, "Angemeldet.", ["send-link"]),
        (Status.HELD, "Die Adresse ist noch nicht bestätigt.", ["confirm", "send-link"]),
        (Status.WAITING, "Auf der Warteliste, Platz 1.", ["seat", "send-link"]),
        (Status.CANCELLED, "Storniert am", ["seat"]),
        (Status.EXPIRED, "Verfallen:", ["seat"]),
    ],
)
def test_the_status_is_one_sentence_with_what_can_be_done(
    organiser: Visitor, workshop: Workshop, status: Status, sentence: str, actions: list[str]
) -> None:
    registration = make_registration(workshop, status=status)
    db.session.commit()
    page = organiser.get(_url(registration))
    assert page.texts(".alert .kern-title")[0].startswith(sentence)
    offered = [form.get("action").rsplit("/", 1)[1] for form in page.all("main form")]
    assert offered == actions
    cancels = page.all(f"main a[href='{_url(registration, 'cancel')}']")
    assert bool(cancels) is registration.is_active


def test_a_page_tells_all_that_is_known(organiser: Visitor, workshop: Workshop) -> None:
    registration = make_registration(
        workshop,
        title="Dr. iur.",
        first_name="Żaneta",
        last_name="von der Lühe",
        phone="030 23125-100",
        role=ParticipantRole.SPEAKER,
        intolerances="Nüsse",
        consents=frozenset({ConsentKind.NEEDS, ConsentKind.LISTING}),
        room_from=workshop.starts_on,
        room_until=workshop.ends_on,
    )
    registration.internal_note = "Ruft an."
    db.session.commit()
    page = organiser.get(_url(registration))
    assert page.text("h1") == "Dr. iur. Żaneta von der Lühe"
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts["Telefon"] == "030 23125-100"
    assert facts["Organisation"] == workshop.organisations[0].name
    assert facts["Unverträglichkeiten und Allergien"] == "Nüsse"
    assert facts["Rolle"] == "Vortrag"
    assert "–" in facts["Hotelzimmer"]
    assert set(page.texts("tbody th")) == {"Teilnahmeliste", "Verpflegung und Barrierefreiheit"}
    assert page.texts(".prose p") == ["Ruft an."]


def test_mails_and_journal_of_the_person_are_listed(
    organiser: Visitor, person: Registration
) -> None:
    assert "Es wurde keine E-Mail geschrieben." in organiser.get(_url(person)).text()
    page = _press(organiser, person, "send-link")
    assert len(page.all("#mails ~ .journal li")) == 1
    message = db.session.scalars(sa.select(Message)).one()
    assert message.recipient == "ada@example.org"
    link = page.one("#mails ~ .journal a").get("href")
    assert link == f"/{person.workshop.slug}/desk/mail/{message.id}"
    assert page.texts("#journal ~ .journal li > span") == [
        "Persönlicher Link vom Organisationsteam angefordert (Erika Beispiel)",
        "Vom Organisationsteam angemeldet",
    ]


def test_the_desk_confirms_for_a_person(organiser: Visitor, workshop: Workshop) -> None:
    held = make_registration(workshop, status=Status.HELD)
    db.session.commit()
    page = _press(organiser, held, "confirm")
    assert page.texts(".alert .kern-title")[0] == "Die Anmeldung ist bestätigt."
    db.session.refresh(held)
    assert held.status is Status.CONFIRMED


@pytest.mark.parametrize("status", [Status.WAITING, Status.CANCELLED, Status.EXPIRED])
def test_the_desk_gives_a_seat_out_of_turn_and_again(
    organiser: Visitor, workshop: Workshop, status: Status
) -> None:
    registration = make_registration(workshop, status=status)
    db.session.commit()
    _press(organiser, registration, "seat")
    db.session.expire_all()
    assert registration.status is Status.CONFIRMED
    assert workshop.seats_taken == 1


def test_a_seat_that_is_not_there_is_refused_in_words(
    organiser: Visitor, workshop: Workshop
) -> None:
    workshop.seats = 1
    db.session.commit()
    make_registration(workshop)
    waiting = make_registration(workshop, status=Status.WAITING)
    db.session.commit()
    page = _press(organiser, waiting, "seat", status=422)
    assert "Plätze" in page.texts(".kern-alert--danger")[0]
    db.session.refresh(waiting)
    assert waiting.status is Status.WAITING


def test_cancelling_asks_first_and_moves_the_next_one_up(
    organiser: Visitor, workshop: Workshop
) -> None:
    workshop.seats = 1
    db.session.commit()
    first = make_registration(workshop)
    second = make_registration(workshop, status=Status.WAITING)
    db.session.commit()
    page = organiser.get(_url(first, "cancel"))
    assert first.is_active
    organiser.submit(page)
    db.session.expire_all()
    assert (first.status, second.status) == (Status.CANCELLED, Status.CONFIRMED)
    assert organiser.get(_url(first, "cancel")).path == _url(first)


def test_the_desk_edits_all_and_the_journal_names_the_fields(
    organiser: Visitor, person: Registration
) -> None:
    page = organiser.get(_url(person, "edit"))
    changes = {
        "last_name": "Żółć",
        "role": "organiser",
        "internal_note": "Zeile 1\nZeile 2",
        "email": "neu@example.org",
        "consent_photos": "y",
    }
    page = organiser.submit(page, changes)
    assert page.text("h1") == "Ada Żółć"
    db.session.refresh(person)
    assert (person.last_name, person.email) == ("Żółć", "neu@example.org")
    assert person.role is ParticipantRole.ORGANISER
    assert person.internal_note == "Zeile 1\nZeile 2"
    assert person.consents_to(ConsentKind.PHOTOS)
    entry = db.session.scalars(
        sa.select(JournalEntry).filter_by(action="registration.changed").order_by(JournalEntry.id)
    ).one()
    assert set(entry.detail["fields"]) == {
        *("last_name", "role", "internal_note", "email", "consent_photos"),
    }
    assert entry.account_id is not None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", ""),
        ("last_name", "😀"),
        ("last_name", "x" * 81),
        ("last_name", "a\x07b"),
        ("email", "ada"),
        ("phone", "ruf mich an"),
        ("organisation_id", "999999"),
        ("organisation_id", "99999999999999999999999"),
        ("organisation_id", "abc"),
        ("role", "king"),
        ("days", ["2020-01-01"]),
        ("days", []),
        ("arrival_time", "25:99"),
        ("internal_note", "x" * 2001),
    ],
)
def test_bad_input_is_refused_at_its_field_and_nothing_is_lost(
    organiser: Visitor, person: Registration, field: str, value: Any
) -> None:
    page = organiser.get(_url(person, "edit"))
    typed = {"function": "Redaktion", field: value}
    page = organiser.submit(page, typed, status=422)
    assert page.all(f"#{field}-error, [id^={field}] .kern-error"), page.errors()
    assert page.form_values()["function"] == ["Redaktion"]
    db.session.refresh(person)
    assert (person.last_name, person.function) == ("Weiß", "")


def test_an_organisation_of_another_workshop_is_refused(
    organiser: Visitor, person: Registration
) -> None:
    other = factories.make_workshop()
    db.session.commit()
    page = organiser.get(_url(person, "edit"))
    forged = str(other.organisations[0].id)
    page = organiser.submit(page, {"organisation_id": forged}, status=422)
    assert "organisation_id" in page.errors()


def test_of_two_editors_the_second_sees_what_the_first_stored(
    organiser: Visitor, sign_in: Callable[..., Visitor], person: Registration
) -> None:
    colleague = sign_in(Role.ORGANISER)
    first = organiser.get(_url(person, "edit"))
    second = colleague.get(_url(person, "edit"))
    organiser.submit(first, {"function": "Leitung", "phone": "030 23125-001"})
    page = colleague.submit(second, {"function": "Redaktion"}, status=422)
    assert "inzwischen" in page.text(".error-summary").lower()
    stored = dict(zip(page.texts(".alert dt"), page.texts(".alert dd"), strict=True))
    assert stored["Funktion"] == "Leitung"
    assert "030 23125-001" in stored.values()
    assert page.form_values()["function"] == ["Redaktion"]
    db.session.refresh(person)
    assert person.function == "Leitung"
    colleague.submit(page)
    db.session.refresh(person)
    assert (person.function, person.phone) == ("Redaktion", "")


@pytest.mark.parametrize(
    ("data", "status", "mails_sent"),
    [
        ({}, Status.CONFIRMED, 1),
        ({"notify": None}, Status.CONFIRMED, 0),
        ({"place": "waiting"}, Status.WAITING, 1),
        ({"place": "waiting", "notify": None}, Status.WAITING, 0),
    ],
)
def test_the_desk_adds_a_person(
    *,
    organiser: Visitor,
    workshop: Workshop,
    mails: Callable[[], list[Message]],
    data: dict[str, Any],
    status: Status,
    mails_sent: int,
) -> None:
    page = _new(organiser, workshop, data)
    assert page.text("h1") == "Ada Öztürk-Weiß"
    added = db.session.scalars(sa.select(Registration)).one()
    assert added.status is status
    assert len(mails()) == mails_sent


def test_adding_to_a_full_workshop_says_what_to_do(organiser: Visitor, workshop: Workshop) -> None:
    workshop.seats = 0
    db.session.commit()
    page = _new(organiser, workshop, {}, status=422)
    assert "Warteliste" in page.errors()["place"]
    assert page.form_values()["last_name"] == ["Öztürk-Weiß"]
    page = organiser.submit(page, {"place": "waiting"})
    assert page.text("h1") == "Ada Öztürk-Weiß"


def test_adding_a_known_address_is_refused_at_it(organiser: Visitor, person: Registration) -> None:
    page = _new(organiser, person.workshop, {"email": "ADA@example.org"}, status=422)
    assert list(page.errors()) == ["email"]


def test_a_forged_place_is_refused(organiser: Visitor, workshop: Workshop) -> None:
    _new(organiser, workshop, {"place": "throne"}, status=422)
    assert db.session.scalars(sa.select(Registration)).all() == []


@pytest.mark.parametrize("action", ["", "edit", "cancel"])
@pytest.mark.parametrize("number", [0, 999_999, 99999999999999999999])
def test_unknown_people_are_not_found(
    organiser: Visitor, workshop: Workshop, action: str, number: int
) -> None:
    path = f"/{workshop.slug}/desk/participants/{number}"
    organiser.get(f"{path}/{action}" if action else path, status=404)


@pytest.mark.parametrize("action", ["", "edit", "cancel"])
def test_people_of_other_workshops_are_not_found(
    organiser: Visitor, person: Registration, action: str
) -> None:
    other = factories.make_workshop()
    db.session.commit()
    path = _url(person, action).replace(person.workshop.slug, other.slug, 1)
    organiser.get(path, status=404)


@pytest.mark.parametrize("action", ["confirm", "seat", "send-link"])
def test_actions_reach_only_people_of_the_workshop(
    organiser: Visitor, workshop: Workshop, action: str
) -> None:
    mine = make_registration(workshop, status=Status.HELD)
    other = factories.make_workshop()
    foreign = make_registration(other, status=Status.HELD)
    db.session.commit()
    page = organiser.get(_url(mine))
    form = page.all("form[action$='/send-link']")[0]
    form.set("action", f"/{workshop.slug}/desk/participants/{foreign.id}/{action}")
    organiser.submit(page, form=f"form[action$='{foreign.id}/{action}']", status=404)
    db.session.refresh(foreign)
    assert foreign.status is Status.HELD
