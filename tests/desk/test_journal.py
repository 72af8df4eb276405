"""The journal: from what to what, and of people no more than what."""

from collections.abc import Callable
from datetime import time

from app.accounts import rights
from app.accounts.models import Role
from app.agenda.draft import places, service
from app.extensions import db
from app.workshops.models import Workshop
from tests.agenda.programme import add_room, add_session
from tests.factories import make_account, make_registration
from tests.pages import Visitor


def _latest(organiser: Visitor, workshop: Workshop) -> tuple[str, list[str]]:
    """The first line of the latest entry, and its changes."""
    page = organiser.get(f"/{workshop.slug}/desk/journal")
    first = ".journal li:first-child"
    line = page.texts(f"{first} > span:not(.journal__change)")[0]
    return line, page.texts(f"{first} .journal__change")


def test_a_move_is_told_from_where_to_where(organiser: Visitor, workshop: Workshop) -> None:
    hall, studio = add_room(workshop, "Großer Saal"), add_room(workshop, "Studio")
    talk = add_session(workshop, "Lage im Netz", room_id=hall.id)
    place = service.Place(
        day=workshop.starts_on, starts=time(10, 30), minutes=60, room_id=studio.id
    )
    service.move_session(workshop, talk.id, place, version=talk.version)
    line, changes = _latest(organiser, workshop)
    assert line == "Programmpunkt verschoben: „Lage im Netz“"
    assert [change.partition(": ")[0] for change in changes] == ["Zeit", "Raum"]
    assert "09:00–10:00 → " in changes[0]
    assert changes[0].endswith("10:30–11:30")
    assert changes[1] == "Raum: Großer Saal → Studio"

    shelf = service.Place(day=None, starts=None, minutes=60, room_id=studio.id)
    service.move_session(workshop, talk.id, shelf, version=talk.version)
    _line, changes = _latest(organiser, workshop)
    assert changes[0].endswith("10:30–11:30 → Ablage")

    # The room's name outlasts the room.
    places.delete_room(workshop, studio.id, version=studio.version)
    page = organiser.get(f"/{workshop.slug}/desk/journal")
    assert "Raum: Studio → –" in page.texts(".journal__change")


def test_settings_are_told_with_their_values_but_for_long_texts_and_people(
    organiser: Visitor, workshop: Workshop
) -> None:
    page = organiser.get(f"/{workshop.slug}/desk/settings/registration")
    organiser.submit(page, {"access": "listed", "seats": "80", "has_waiting_list": None})
    line, changes = _latest(organiser, workshop)
    assert line.startswith("Einstellungen geändert (")
    assert changes == [
        "Wer sich anmelden darf: Alle → Gelistete Organisationen; alle anderen nach Ihrer Freigabe",
        "Plätze: 10 → 80",
        "Warteliste führen, wenn alle Plätze vergeben sind: ja → nein",
    ]
    page = organiser.get(f"/{workshop.slug}/desk/settings/place")
    organiser.submit(page, {"contact_name": "Ute Öz", "venue": "Aula", "travel": "Zu Fuß."})
    _line, changes = _latest(organiser, workshop)
    assert changes == ["Tagungsort: – → Aula", "Anreise, Kontakt"]


def test_of_people_no_value_is_kept(organiser: Visitor, workshop: Workshop) -> None:
    person = make_registration(workshop, first_name="Jo", last_name="Ö", function="Sprecher")
    db.session.commit()
    page = organiser.get(f"/{workshop.slug}/desk/participants/{person.id}/edit")
    organiser.submit(page, {"function": "Leiter", "last_name": "Öz"})
    line, changes = _latest(organiser, workshop)
    assert line.startswith("Angaben geändert: Jo Öz")
    assert changes == ["Nachname, Funktion"]


def test_who_may_do_what_in_the_workshop_is_told_in_words(
    organiser: Visitor, workshop: Workshop
) -> None:
    somebody = make_account(role=Role.STAFF, workshop=workshop)
    rights.change_role(somebody, Role.ORGANISER, workshop.id, version=somebody.version)
    assert _latest(organiser, workshop)[0].startswith("Rolle eines Zugangs geändert")
    rights.end_role(somebody, workshop.id, version=somebody.version)
    assert _latest(organiser, workshop)[0].startswith("Rolle eines Zugangs beendet")


def test_the_whole_journal_has_pages_and_is_the_organisers_alone(
    organiser: Visitor, sign_in: Callable[..., Visitor], workshop: Workshop
) -> None:
    for number in range(59):
        add_room(workshop, f"Raum {number}")
    page = organiser.get(f"/{workshop.slug}/desk/")
    assert len(page.all(".journal li")) == 8
    assert page.one(".journal ~ p a").get("href") == f"/{workshop.slug}/desk/journal"
    first = organiser.get(f"/{workshop.slug}/desk/journal")
    last = organiser.get(f"/{workshop.slug}/desk/journal?page=99")
    assert (len(first.all(".journal li")), len(last.all(".journal li"))) == (50, 10)
    assert "Seite 2 von 2" in last.text()
    staff = sign_in(Role.STAFF, workshop)
    staff.get(f"/{workshop.slug}/desk/journal", status=403)
