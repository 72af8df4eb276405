"""The agenda's main job, end to end: a day is built, published, changed; everybody hears of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from playwright.sync_api import Page, expect

from app.outbox.service import draw_link
from app.registration.links import LINK_PURPOSE
from tests.agenda.programme import add_room, add_session
from tests.factories import make_registration, make_workshop
from tests.journeys.browser import Axe
from tests.journeys.keys import Keys
from tests.journeys.letters import letters, link, text
from tests.journeys.test_editor import ROW, card, drag, left, open_plan, places

Database = Callable[[], AbstractContextManager[Any]]


def entry(letter: EmailMessage, title: str) -> tuple[str, int, str]:
    """UID, SEQUENCE and start of a session in the calendar file of a mail."""
    (file,) = letter.iter_attachments()
    calendar = Calendar.from_ical(file.get_content())
    assert isinstance(calendar, Calendar)
    (found,) = (event for event in calendar.events if event["summary"] == title)
    return str(found["uid"]), found.sequence, f"{found.start:%H:%M}"


@pytest.fixture
def mail_to(app: Flask) -> Callable[[str], EmailMessage]:
    """`mail_to("jana@…")`: the latest mail that arrived there."""
    return lambda address: [mail for mail in letters(app) if address in str(mail["To"])][-1]


@pytest.fixture
def people(database: Database) -> dict[str, str]:
    """A workshop without an agenda; the pages of two who take part, by their first names."""
    with database():
        workshop = make_workshop(slug="plan")
        return {
            name: f"/plan/registration/{draw_link(LINK_PURPOSE, person.id)}/agenda"
            for name in ("Karla", "Żaneta")
            for person in [
                make_registration(
                    workshop, first_name=name, email=f"{name[-4:]}@polizei.example.org"
                )
            ]
        }


def test_by_keyboard_alone_from_the_first_room_to_the_one_who_moves_up(
    page: Page,
    people: dict[str, str],
    sign_in_browser: Callable[..., Page],
    mail_to: Callable[[str], EmailMessage],
    database: Database,
    axe: Axe,
) -> None:
    keys = Keys(open_plan(sign_in_browser()))
    _add_rooms(keys)
    _build(keys, axe)
    assert places(database) == {
        "Begrüßung": "09:00–09:30 Saal",
        "Werkstatt Ton": "10:30–11:30 Studio",
    }
    _make_the_speaker_reachable(keys)

    keys.follow("Entwurf veröffentlichen")
    expect(page.locator("main")).to_contain_text("Eine Person ist betroffen.")
    keys.type("Anmerkung", "Erste Planung.")
    keys.follow("Fassung 1 veröffentlichen")
    expect(page.locator("main")).to_contain_text("1 E-Mail ist auf dem Weg.")
    first = mail_to("jana@lka.example.org")
    assert "Erste Planung." in text(first)

    for address in people.values():
        page.goto(address)
        name = "Platz sichern" if address == people["Karla"] else "Auf die Warteliste setzen"
        keys.follow(name)
    expect(page.locator(".agenda-card").last).to_contain_text("Warteliste, Platz 1")

    page.goto("/plan/desk/agenda")
    _move_the_workshop(keys)
    keys.follow("Entwurf veröffentlichen")
    concerned = page.locator(".changes__entry")
    expect(concerned).to_contain_text("Werkstatt Ton")
    expect(concerned.locator("dd")).to_contain_text(["Jana Tischendorf", "Karla", "Żaneta"])
    keys.press(concerned.locator("summary"))
    expect(concerned.locator("dd").last).to_be_visible()
    assert axe(page) == []
    keys.type("Anmerkung", "Der Saal wird für die Begrüßung gebraucht.")
    keys.follow("Fassung 2 veröffentlichen")
    expect(page.locator("main")).to_contain_text("3 E-Mails sind auf dem Weg.")

    # The same entry in the calendar, brought up to date.
    uid, sequence, starts = entry(first, "Werkstatt Ton")
    for name in ("jana@lka", "arla@polizei", "neta@polizei"):
        told = mail_to(f"{name}.example.org")
        assert "Der Saal wird für die Begrüßung gebraucht." in text(told)
        assert entry(told, "Werkstatt Ton")[0] == uid
        assert entry(told, "Werkstatt Ton")[1] > sequence
        assert entry(told, "Werkstatt Ton")[2] > starts

    page.goto(link(mail_to("arla@polizei.example.org")))
    expect(page.locator("main")).to_contain_text("11:30")
    keys.follow("Platz freigeben")
    moved_up = mail_to("neta@polizei.example.org")
    assert "nachgerückt" in str(moved_up["Subject"])
    page.goto(link(moved_up))
    expect(page.locator(".agenda-card").last).to_contain_text("Platz sicher")
    assert axe(page) == []
    page.goto(link(mail_to("jana@lka.example.org")))
    keys.follow("Termin bestätigen")


def _add_rooms(keys: Keys) -> None:
    keys.follow("Räume")
    for name, seats in (("Saal", "90"), ("Studio", "12")):
        keys.follow("Raum hinzufügen")
        keys.type("Name", name)
        keys.type("Plätze", seats)
        keys.follow("Raum speichern")
    keys.follow("Plan")


def _build(keys: Keys, axe: Axe) -> None:
    """One session by its form, one from the tray into the plan; a step back, and again."""
    page = keys.page
    keys.follow("Programmpunkt hinzufügen")
    keys.type("Titel", "Begrüßung")
    keys.type("Beginn", "0900am")
    keys.type("Ende", "0930am")
    keys.type("Raum", "Saal")
    keys.type("Beschreibung", "Worum es geht.")
    keys.follow("Programmpunkt speichern")
    expect(card(page, "Begrüßung").locator("a")).to_be_focused()
    expect(page.locator("main > .alert")).to_be_in_viewport(ratio=1)
    expect(page.locator("#plan-spoken")).to_have_text("„Begrüßung“ ist gespeichert.")

    keys.follow("Programmpunkt hinzufügen")
    keys.type("Titel", "Werkstatt Ton")
    keys.type("Tag", "Noch kein")
    keys.type("Länge", "60")
    keys.type("Raum", "Saal")
    keys.type("Vortragende", "Jana Tischendorf, LKA")
    keys.type("Beschreibung", "Wir nehmen auf.")
    keys.press(page.locator("summary", has_text="Platzvergabe"))
    keys.type("Platzvergabe", "Nach Eingang")
    keys.type("Plätze", "1")
    keys.follow("Programmpunkt speichern")
    expect(card(page, "Werkstatt Ton").locator("a")).to_be_focused()

    keys.tap("Space")
    expect(page.locator("#plan-spoken")).to_contain_text("„Werkstatt Ton“ ist aufgenommen")
    keys.tap("PageDown", "ArrowRight")
    expect(page.locator("#plan-spoken")).to_have_text("10:30 bis 11:30, Studio")
    assert axe(page) == []
    keys.tap("Enter")
    expect(card(page, "Werkstatt Ton")).to_contain_text("10:30–11:30")
    keys.press("Rückgängig")
    expect(page.locator(".tray")).to_contain_text("Werkstatt Ton")
    keys.press("Wiederherstellen")
    expect(card(page, "Werkstatt Ton")).to_contain_text("10:30–11:30")


def _make_the_speaker_reachable(keys: Keys) -> None:
    """The warning leads to the speaker, who then has an address."""
    page = keys.page
    keys.press(page.locator(".checks summary", has_text="Vortragende nicht angemeldet"))
    expect(page.locator("#check-speaker_unregistered")).to_contain_text("Jana Tischendorf")
    keys.follow(page.locator("#check-speaker_unregistered a"))
    keys.follow("Bearbeiten")
    keys.type("E-Mail", "jana@lka.example.org")
    keys.follow("Speichern")
    keys.follow("Programm")
    expect(page.locator(".checks")).to_have_count(0)


def _move_the_workshop(keys: Keys) -> None:
    page = keys.page
    expect(page.locator(".planner--live")).to_be_visible()
    keys.reach(card(page, "Werkstatt Ton").locator("a"))
    keys.tap("Space", "PageDown", "Enter")
    expect(card(page, "Werkstatt Ton")).to_contain_text("11:30–12:30")


def test_by_pointer_a_day_from_the_tray(
    page: Page, database: Database, sign_in_browser: Callable[..., Page], axe: Axe
) -> None:
    with database():
        workshop = make_workshop(slug="plan")
        add_room(workshop, "Saal")
        add_room(workshop, "Studio")
        for title in ("Begrüßung", "Werkstatt Ton", "Kaffeepause"):
            add_session(workshop, title, day=None, starts=None, ends=None, minutes=60)
    open_plan(sign_in_browser())
    for number, (title, room) in enumerate(
        (("Begrüßung", "Saal"), ("Werkstatt Ton", "Studio"), ("Kaffeepause", "Alle Räume"))
    ):
        target = page.locator(".grid__column").first.bounding_box()
        taken = card(page, title).bounding_box()
        assert target is not None
        assert taken is not None
        # Each an hour below the one before; it is taken at its middle, and hangs from its top.
        to_y = 450 + number * 12 * ROW
        middle = taken["y"] + taken["height"] / 2
        drag(page, card(page, title), to_x=left(page, room), by_y=to_y - middle)
        expect(page.locator(".tray .slot")).to_have_count(2 - number)
    assert axe(page) == []
    built = places(database)
    assert [place.split()[1] for place in built.values()] == ["Saal", "Studio", "alle"]

    box = card(page, "Werkstatt Ton").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 50, box["y"] + box["height"] - 3)
    page.mouse.down()
    page.mouse.move(box["x"] + 50, box["y"] + box["height"] - 3 - 6 * ROW, steps=4)
    page.mouse.up()
    expect(page.locator(".toast")).to_contain_text("Werkstatt Ton")
    shorter = places(database)
    assert shorter["Werkstatt Ton"] != built["Werkstatt Ton"]
    undo = page.locator(".steps-back button", has_text="Rückgängig")
    undo.click()
    expect(card(page, "Werkstatt Ton")).to_contain_text(built["Werkstatt Ton"].split()[0])
    undo.click()
    expect(page.locator(".tray .slot")).to_have_count(1)
    assert places(database) == {**built, "Kaffeepause": "Ablage"}
    page.locator(".steps-back button", has_text="Wiederherstellen").click()
    expect(page.locator(".tray .slot")).to_have_count(0)
    assert places(database) == built
