"""The speakers at the desk."""

from collections.abc import Callable
from datetime import time

import pytest
import sqlalchemy as sa
from flask import Flask

from app.agenda.models import SessionPerson, Speaker
from app.agenda.releases import service as releases
from app.extensions import db, now
from app.outbox.delivery import deliver_due
from app.outbox.models import Message
from app.outbox.service import draw_link, find_link_subject
from app.registration.models import Status
from app.registration.service import cancel
from app.speakers import service
from app.speakers.directory import list_known, name_key, suggest
from app.speakers.links import LINK_PURPOSE
from app.speakers.queries import addresses_of
from tests.agenda.programme import add_session
from tests.counting import counted_queries
from tests.factories import make_registration, make_workshop
from tests.pages import Page, Visitor
from tests.speakers.conftest import Cast, named


def rows(page: Page) -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row.cssselect("th, td")]
        for row in page.all("tbody tr")
    ]


def test_the_list_says_who_is_known_and_has_confirmed(organiser: Visitor, cast: Cast) -> None:
    waiting = make_registration(cast.workshop, status=Status.WAITING, last_name="Brandt")
    service.link(named("Ole Brandt"), waiting)
    assert rows(organiser.get(cast.desk)) == [
        ["Ole Brandt", "Reels Offen", "Warteliste", "–", "–"],
        ["Dr. Karla Muster", "Lage im Netz Offen", "Angemeldet", "–", "–"],
        ["Jördis ÖztürkHochschule Rheinau", "Lage im Netz Offen", "Gast", "–", "–"],
    ]
    cancel(cast.registration)
    cast.guest.email = ""
    releases.withdraw(cast.workshop)
    assert [row[1:3] for row in rows(organiser.get(cast.desk))][1:] == [
        ["Lage im Netz Nicht veröffentlicht", "Storniert"],
        ["Lage im Netz Nicht veröffentlicht", "Gast ohne Adresse"],
    ]


def test_names_are_in_german_order() -> None:
    names = [
        "Prof. Dr. Özgür Zahn",
        "Żaneta von der Lühe",
        "Dr.-Ing. Otto Ähre",
        "Ahrens",
        "Mara L",
    ]
    assert sorted(names, key=name_key) == [names[2], names[3], names[4], names[1], names[0]]


def test_those_who_are_registered_are_suggested_and_linked(organiser: Visitor, cast: Cast) -> None:
    ole = make_registration(cast.workshop, first_name="Ole", last_name="Brandt")
    joe = make_registration(cast.workshop, first_name="Jördis", last_name="Öztürk")
    page = organiser.get(cast.desk)
    assert "2 Vortragende sind vermutlich angemeldet." in page.text()
    page = organiser.submit(page, form=".suggestions li:first-child form")
    assert page.path == cast.desk
    assert named("Ole Brandt").registration_id == ole.id
    assert "Eine vortragende Person ist vermutlich angemeldet." in page.text()
    values = page.form_values(".suggestions form")
    organiser.client.post(f"{cast.desk}/link-all", data={"csrf_token": values["csrf_token"]})
    db.session.expire_all()
    assert (cast.guest.registration_id, cast.guest.email) == (joe.id, "")
    assert "vermutlich" not in organiser.get(cast.desk).text()


def test_of_namesakes_nobody_is_suggested(cast: Cast) -> None:
    first = make_registration(cast.workshop, first_name="Ole", last_name="Brandt")
    speakers = [named("Ole Brandt"), cast.guest]
    assert [k.id for k in suggest(speakers, list_known(cast.workshop.id)).values()] == [first.id]
    make_registration(cast.workshop, first_name="Ole", last_name="Brandt")
    assert suggest(speakers, list_known(cast.workshop.id)) == {}


def test_a_registration_is_chosen_by_name_and_let_go(organiser: Visitor, cast: Cast) -> None:
    page = organiser.get(f"{cast.desk}/{cast.guest.id}")
    elsewhere = make_registration(make_workshop())
    for wrong in ("", "x", str(elsewhere.id), "9" * 30):
        answer = organiser.submit(
            page, {"registration_id": wrong}, form=".link-form form", status=422
        )
        assert answer.errors() == {"registration_id": "Wählen Sie einen Eintrag aus der Liste."}
    taken = {"registration_id": str(cast.registration.id)}
    answer = organiser.submit(page, taken, form=".link-form form", status=422)
    assert "„Dr. Karla Muster“ ist bereits diese Person." in answer.text()

    page = organiser.get(f"{cast.desk}/{cast.chair.id}")
    page = organiser.submit(page, form="form[action$='/unlink']")
    assert "Gast ohne Adresse" in page.text()
    # Whoever is no longer linked has no address of a guest left by accident.
    assert cast.chair.id not in addresses_of(cast.workshop.id)


def test_addresses_are_the_registrations_or_the_guests(cast: Cast) -> None:
    found = addresses_of(cast.workshop.id)
    assert {i: (r.email, r.name, r.registration_id) for i, r in found.items()} == {
        cast.guest.id: ("joerdis@example.org", "Jördis Öztürk", None),
        cast.chair.id: (cast.registration.email, "Karla Muster", cast.registration.id),
    }
    cancel(cast.registration)
    assert set(addresses_of(cast.workshop.id)) == {cast.guest.id}


def test_links_go_to_all_who_have_none_and_then_to_those_who_have_to_confirm(
    organiser: Visitor, cast: Cast, visitor: Visitor, mails: Callable[[], list[Message]]
) -> None:
    page = organiser.get(f"{cast.desk}/invite")
    assert page.texts(".alert li") == ["Ole Brandt"]  # has no address
    page = organiser.submit(page)
    assert "2 E-Mails sind auf dem Weg." in page.text()
    first, second = sorted(mails(), key=lambda m: m.recipient)
    assert first.recipient == "joerdis@example.org"
    assert "- Lage im Netz: " in first.text
    assert "09:00 Uhr, Großer Saal" in first.text
    deliver_due()
    for mail in (first, second):
        assert mail.link_path == f"/{cast.workshop.slug}/speaker/{{token}}"
    assert second.link_purpose == "registration"

    page = organiser.get(f"{cast.desk}/invite")
    assert page.texts("label")[-2:] == [
        "Alle, die noch keinen Zugang haben (0)",
        "Alle, die noch bestätigen müssen (2)",
    ]
    visitor.submit(visitor.get(cast.page), form="form[action$='/confirm']")
    page = organiser.submit(page)
    assert "1 E-Mail ist auf dem Weg." in page.text()
    page = organiser.get(f"{cast.desk}/{named('Ole Brandt').id}")
    assert not page.all("form[action$='/invite']")


def test_a_speaker_is_edited_and_a_stale_form_refused(organiser: Visitor, cast: Cast) -> None:
    first = organiser.get(f"{cast.desk}/{cast.guest.id}/edit")
    second = organiser.get(f"{cast.desk}/{cast.guest.id}/edit")
    page = organiser.submit(first, {"name": " ", "email": "kein", "about": "Ü"}, status=422)
    assert set(page.errors()) == {"name", "email"}
    assert page.one("textarea").text.strip() == "Ü"
    version = cast.session.version
    organiser.submit(page, {"name": "Jördis Oez", "email": "Neu@Example.org", "about": "Forscht"})
    db.session.expire_all()
    assert (cast.guest.name, cast.guest.email) == ("Jördis Oez", "neu@example.org")
    assert cast.session.version > version  # who is in a session is part of it
    assert find_link_subject(LINK_PURPOSE, cast.token) is None
    page = organiser.submit(second, {"name": "Zweite"}, status=422)
    assert "Ihre Eingaben sind noch nicht gespeichert" in page.text()
    assert page.one("input[name=name]").get("value") == "Zweite"
    page = organiser.submit(page)
    assert page.text("h1") == "Zweite"
    # A participant's address is the registration's.
    assert not organiser.get(f"{cast.desk}/{cast.chair.id}/edit").all("input[name=email]")


def test_two_entries_of_one_person_become_one(organiser: Visitor, cast: Cast) -> None:
    add_session(cast.workshop, "Zwei", starts=time(11), ends=time(12), speakers="Karla Muster")
    twin = named("Karla Muster")
    twin.about, twin.email = "Leitet die Redaktion.", "k@example.org"
    draw_link(LINK_PURPOSE, twin.id)
    page = organiser.get(f"{cast.desk}/{cast.chair.id}/merge")
    organiser.submit(page, {"other_id": str(cast.chair.id)}, status=422)
    page = organiser.submit(page, {"other_id": str(twin.id)})
    assert page.texts("section a[href*='/sessions/']")[:1] == ["Lage im Netz"]
    db.session.expire_all()
    assert (cast.chair.about, cast.chair.email) == ("Leitet die Redaktion.", "")
    assert cast.chair.registration_id == cast.registration.id
    people = db.session.scalars(sa.select(SessionPerson).filter_by(speaker_id=cast.chair.id)).all()
    assert len(people) == 2
    assert [s.name for s in db.session.scalars(sa.select(Speaker).order_by(Speaker.name))] == [
        "Dr. Karla Muster", "Jördis Öztürk", "Ole Brandt",
    ]  # fmt: skip
    service.link(cast.guest, make_registration(cast.workshop))
    with pytest.raises(service.NotTheSame):
        service.merge(cast.guest, cast.chair)


def test_only_who_is_in_no_session_is_deleted(organiser: Visitor, cast: Cast) -> None:
    ole = named("Ole Brandt")
    page = organiser.get(f"{cast.desk}/{ole.id}/delete")
    assert "steht im Programm" in organiser.submit(page, status=422).text()
    cast.other_session.deleted_at = now()
    assert organiser.submit(page).path == cast.desk
    assert "Ole Brandt" not in organiser.get(cast.desk).text("table")


def test_other_workshops_speakers_are_not_found(
    sign_in: Callable[..., Visitor], cast: Cast
) -> None:
    elsewhere = make_workshop()
    organiser = sign_in(workshop=elsewhere)
    root = f"/{elsewhere.slug}/desk/agenda"
    for page in ("", "/edit", "/merge", "/delete"):
        organiser.get(f"{root}/speakers/{cast.guest.id}{page}", status=404)
    organiser.get(f"{root}/sessions/{cast.session.id}/files", status=404)
    organiser.get(cast.desk, status=403)
    assert "Noch keine Vortragenden" in organiser.get(f"{root}/speakers").text()


def test_the_number_of_queries_does_not_grow(app: Flask, organiser: Visitor, cast: Cast) -> None:
    counts = []
    for numbers in (range(0), range(6)):
        for number in numbers:
            add_session(cast.workshop, f"S{number}", speakers=f"Neu {number}\nDa {number}")
        with counted_queries() as queries:
            organiser.get(cast.desk)
        counts.append(len(queries))
    assert counts[0] == counts[1]
