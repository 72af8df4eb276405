"""Sign-up in a real browser: by keyboard, moving up, and the distribution at the desk."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import time
from typing import Any

from playwright.sync_api import Page, expect

from app.agenda.models import SignUpMode
from app.agenda.releases import service as releases
from app.outbox.service import draw_link
from app.registration.links import LINK_PURPOSE
from app.registration.models import Registration
from app.signup import service
from tests import factories
from tests.agenda.programme import add_session
from tests.journeys.browser import Axe
from tests.journeys.test_pages import check_in_all_sizes

Database = Callable[[], AbstractContextManager[Any]]


def press(page: Page, name: str) -> None:
    """Reach a button or link by the Tab key alone, and press it."""
    for _step in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.textContent.replace(/\\s+/g, ' ').trim()")
        if focused == name:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"no way by keyboard to {name!r} on {page.url}")


def test_by_keyboard_onto_the_waiting_list_and_up(page: Page, database: Database) -> None:
    with database():
        workshop = factories.make_workshop()
        session = add_session(workshop, "Werkstatt", seats=1, sign_up=SignUpMode.OPEN)
        add_session(workshop, "Vortrag")
        releases.release(workshop)
        first, second = (factories.make_registration(workshop) for _n in range(2))
        service.sign_up(first, session.id)
        first_id, session_id = first.id, session.id
        home = f"/{workshop.slug}/registration/{draw_link(LINK_PURPOSE, second.id)}"
    page.goto(home)
    press(page, "Zu meinem Programm")
    card = page.locator(f"#session-{session_id}")
    press(page, "Auf die Warteliste setzen: Werkstatt")
    expect(card).to_contain_text("Warteliste, Platz 1")
    expect(card).to_be_in_viewport()  # the page stays where the button was
    press(page, "Merken: Vortrag")
    press(page, "Nur meine")
    expect(page.locator(".agenda-card")).to_have_count(2)

    with database() as database_session:
        service.sign_off(database_session.get_one(Registration, first_id), session_id)
    page.reload()
    expect(card).to_contain_text("Platz sicher")
    press(page, "Platz freigeben: Werkstatt")
    expect(card).to_have_count(0)


def test_wishes_and_their_distribution(
    page: Page, axe: Axe, database: Database, sign_in_browser: Callable[..., Page]
) -> None:
    with database():
        workshop = factories.make_workshop()
        for title in ("Film", "Ton"):
            add_session(workshop, title, starts=time(9), seats=1, sign_up=SignUpMode.WISHES)
        releases.release(workshop)
        people = [factories.make_registration(workshop) for _n in range(3)]
        links = [draw_link(LINK_PURPOSE, person.id) for person in people]
        slug = workshop.slug
    for link in links:
        page.goto(f"/{slug}/registration/{link}/agenda")
        page.locator(".kern-alert a").click()
        page.get_by_label("Erstwunsch").select_option(index=1)
        page.get_by_label("Zweitwunsch").select_option(index=2)
        if link == links[0]:
            check_in_all_sizes(page, axe)
        page.get_by_role("button", name="Wünsche speichern").click()
        expect(page.locator("main")).to_contain_text("Erstwunsch")

    sign_in_browser()
    page.goto(f"/{slug}/desk/agenda/sign-ups")
    page.get_by_role("button", name="Verteilung ansehen").click()
    expect(page.locator(".figure__value")).to_have_text(["1", "1", "0", "1"])
    check_in_all_sizes(page, axe)
    page.get_by_role("button", name="Plätze verteilen").click()
    expect(page.locator("main")).to_contain_text("3 Ergebnisse gehen per E-Mail hinaus.")
    page.get_by_role("link", name="Film").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    check_in_all_sizes(page, axe)
