"""Each kind of warning, solved by keyboard: said in the panel, led to from there, gone after it.

What solves one is undone and done again, so each is also provoked by keyboard.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import time
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from app.agenda.draft import service
from app.agenda.draft.warnings import WarningKind
from app.agenda.models import AgendaSession, SessionKind, SignUpMode, Speaker
from app.agenda.releases import service as releases
from app.extensions import db
from app.registration.models import Status
from app.signup.service import sign_up
from tests.agenda.programme import add_room, add_session
from tests.factories import make_registration, make_workshop
from tests.journeys.browser import Axe
from tests.journeys.keys import Keys
from tests.journeys.test_editor import card, open_plan

Database = Callable[[], AbstractContextManager[Any]]


class Case(NamedTuple):
    """A warning of the plan: on which session, in which words, and the keys that solve it."""

    kind: WarningKind
    title: str
    says: str
    keys: str


IN_THE_PLAN = [
    Case(WarningKind.ROOM_TAKEN, "Ton", "Raum auch belegt durch „Film“", "ArrowRight"),
    Case(WarningKind.PERSON_TWICE, "Podium", "ist auch in „Lage“", "PageDown ArrowDown"),
    Case(WarningKind.BREAK_SHORT, "Kaffee", "Nur 5 Minuten lang", "Shift+ArrowDown"),
    Case(WarningKind.DOUBLE_BOOKED, "Schnitt", "Person ist auch in „Licht“", "PageDown"),
    Case(WarningKind.OVERBOOKED, "Probe", "2 angemeldet, 1 Platz", "ArrowLeft"),
    Case(WarningKind.NO_ROOM, "Aussprache", "Aussprache", "ArrowRight"),
]


def panel(page: Page, kind: WarningKind) -> Locator:
    """What the plan says of a kind of warning."""
    return page.locator(f".checks #check-{kind}")


@pytest.fixture
def day(database: Database) -> str:
    """A day on which nearly everything is amiss; returns its date."""
    with database():
        workshop = make_workshop(slug="plan")
        hall = add_room(workshop, "Saal", seats=90).id
        studio = add_room(workshop, "Studio", seats=1).id

        def add(title: str, hour: int, room: int | None, **values: Any) -> AgendaSession:
            times = {"starts": time(hour), "ends": time(hour + 1)}
            given = {"abstract": "…", "room_id": room, **times, **values}
            return add_session(workshop, title, **given)

        def move(session: AgendaSession, hour: int, room: int) -> None:
            place = service.Place(
                day=workshop.starts_on, starts=time(hour), minutes=60, room_id=room
            )
            service.move_session(workshop, session.id, place, version=session.version)

        add("Film", 8, hall)
        add("Ton", 8, hall)
        add("Kaffee", 9, None, ends=time(9, 5), kind=SessionKind.BREAK)
        add("Lage", 10, hall, speakers="Jana Tischendorf")
        add("Podium", 10, studio, speakers="Jana Tischendorf")
        add("Licht", 13, hall, sign_up=SignUpMode.OPEN)
        cut = add("Schnitt", 14, studio, sign_up=SignUpMode.OPEN)
        trial = add("Probe", 16, hall, sign_up=SignUpMode.OPEN)
        add("Aussprache", 17, None)
        _speaker().email = "jana@lka.example.org"
        releases.release(workshop)
        karla, zoe = make_registration(workshop), make_registration(workshop)
        for person, title in (
            (karla, "Licht"),
            (karla, "Schnitt"),
            (karla, "Probe"),
            (zoe, "Probe"),
        ):
            sign_up(person, _session(title).id)
        move(cut, 13, studio)
        move(trial, 16, studio)
        return workshop.starts_on.isoformat()


def test_in_the_plan(page: Page, day: str, sign_in_browser: Callable[..., Page], axe: Axe) -> None:
    keys = Keys(sign_in_browser())
    page.goto(f"/plan/desk/agenda?day={day}")
    expect(page.locator(".planner--live")).to_be_visible()
    assert axe(page) == []
    for case in IN_THE_PLAN:
        warning = panel(page, case.kind)
        expect(warning, case.kind).to_contain_text(case.says)
        if warning.get_attribute("open") is None:
            keys.press(warning.locator("summary"))
        own = card(page, case.title).locator("a")
        for _time in range(2):  # also where the address names it already
            keys.press(warning.get_by_role("link", name=case.title))
            expect(own, f"the way from {case.kind}").to_be_focused()
        keys.tap("Space", *case.keys.split(), "Enter")
        expect(warning, case.kind).to_have_count(0)
        expect(own).to_be_focused()
        keys.tap("Control+z")
        expect(warning, case.kind).to_contain_text(case.says)
        expect(own).to_be_focused()
        keys.tap("Control+y")
        expect(warning, case.kind).to_have_count(0)
    expect(page.locator(".checks")).to_have_count(0)


def test_by_fields(
    page: Page, database: Database, sign_in_browser: Callable[..., Page], axe: Axe
) -> None:
    with database():
        workshop = make_workshop(slug="plan")
        room = add_room(workshop, "Saal", seats=90).id
        talk = add_session(workshop, "Lage", room_id=room, speakers="Jana Tischendorf")
        given: dict[str, Any] = {"room_id": room, "abstract": "…"}
        given |= {"starts": time(11), "ends": time(12)}
        trial = add_session(workshop, "Probe", seats=2, sign_up=SignUpMode.OPEN, **given)
        given |= {"starts": time(15), "ends": time(16)}
        add_session(workshop, "Ausklang", day=workshop.ends_on, **given)
        releases.release(workshop)
        for _number in range(2):
            sign_up(make_registration(workshop), trial.id)
        _session("Probe").seats = 1
        gone = make_registration(workshop, status=Status.CANCELLED)
        _speaker().registration_id = gone.id
        workshop.ends_on = workshop.starts_on  # the session at the end is on no day of it now
        talk_id, trial_id = talk.id, trial.id
    keys = Keys(open_plan(sign_in_browser()))

    # Whoever cannot come is taken out, in the field to which the warning leads.
    cancelled = panel(page, WarningKind.SPEAKER_CANCELLED)
    expect(cancelled).to_contain_text("Jana Tischendorf")
    keys.follow(cancelled.get_by_role("link", name="Lage"))
    expect(page.get_by_label("Vortragende")).to_be_focused()
    keys.tap("Control+a", "Delete")
    _save(keys, talk_id)
    expect(cancelled).to_have_count(0)

    missing = panel(page, WarningKind.NO_ABSTRACT)
    keys.press(missing.locator("summary"))
    keys.follow(missing.get_by_role("link", name="Lage"))
    expect(page.get_by_label("Beschreibung")).to_be_focused()
    page.keyboard.type("Was wir gelernt haben.")
    _save(keys, talk_id)
    expect(missing).to_have_count(0)

    overbooked = panel(page, WarningKind.OVERBOOKED)
    expect(overbooked).to_contain_text("2 angemeldet, 1 Platz")
    keys.follow(overbooked.get_by_role("link", name="Probe"))
    expect(page.get_by_label("Plätze")).to_be_focused()
    keys.tap("Control+a", "2")
    _save(keys, trial_id)
    expect(overbooked).to_have_count(0)

    # On a day that the workshop no longer has; the dialog offers those that it has.
    outside = panel(page, WarningKind.OUTSIDE_DAY)
    keys.follow(outside.get_by_role("link", name="Ausklang"))
    own = card(page, "Ausklang").locator("a")
    expect(own).to_be_focused()
    keys.tap("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert axe(page) == []
    keys.type("Tag", page.get_by_label("Tag").locator("option").nth(1).inner_text())
    keys.press(page.get_by_role("dialog").get_by_role("button", name="Verschieben"))
    expect(page.locator(".checks")).to_have_count(0)
    expect(own).to_be_focused()


def _save(keys: Keys, session_id: int) -> None:
    keys.follow("Programmpunkt speichern")
    expect(keys.page.locator(f"#session-{session_id} a")).to_be_focused()


def _session(title: str) -> AgendaSession:
    return db.session.scalars(sa.select(AgendaSession).filter_by(title=title)).one()


def _speaker() -> Speaker:
    return db.session.scalars(sa.select(Speaker)).one()
