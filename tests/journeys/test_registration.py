"""Somebody registers on a phone: with JavaScript and without, by keyboard, on a bad line."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from app.outbox.service import draw_link
from app.registration.links import LINK_PURPOSE
from app.registration.models import Registration, Status
from app.workshops.models import ConsentKind, Workshop
from tests import factories
from tests.journeys.browser import Axe, overflowing, watch

Database = Callable[[], AbstractContextManager[Any]]
PHONE = {"width": 375, "height": 740}


@pytest.fixture
def slug(database: Database) -> str:
    """A workshop that asks everything."""
    with database():
        evening = "Abendessen im Ratskeller"
        return factories.make_workshop(slug="leipzig", evening_event=evening).slug


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def phone(
    request: pytest.FixtureRequest,
    browser: Browser,
    browser_context_args: dict[str, Any],
    live_server: str,
) -> Iterator[Page]:
    """A small window."""
    scripts = request.param == "with JavaScript"
    changes = {"viewport": PHONE, "java_script_enabled": scripts}
    context = browser.new_context(**{**browser_context_args, **changes})
    page = context.new_page()
    complaints = watch(page, live_server)
    yield page
    context.close()
    assert complaints == []


def press(page: Page, button: str, heading: str) -> None:
    """Press the button, and see the next page fit into the window."""
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("h1")).to_have_text(heading)
    assert overflowing(page) == []


def open_own_page(page: Page, database: Database, slug: str) -> None:
    """Follow the mailed link of the only registration."""
    with database() as session:
        registration = session.scalars(sa.select(Registration)).one()
        token = draw_link(LINK_PURPOSE, registration.id)
    page.goto(f"/{slug}/registration/{token}")


def test_registering_on_a_phone(phone: Page, slug: str, database: Database) -> None:
    page = phone
    page.goto(f"/{slug}/register")
    press(page, "Weiter", "Angaben zur Person")
    expect(page.get_by_role("link", name="Geben Sie den Vornamen ein.")).to_be_visible()
    page.get_by_label("Vorname").fill("Żaneta")
    page.get_by_label("Nachname").fill("von der Lühe")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill("zaneta@polizei.sachsen.de")
    press(page, "Weiter", "Ihre Organisation")
    page.get_by_label("Dienststelle").fill("Stabsstelle Kommunikation")
    press(page, "Weiter", "Ihre Teilnahme")
    page.get_by_label("Ich nehme am Abend teil: Abendessen im Ratskeller").check()
    press(page, "Weiter", "Ihre Einwilligungen")
    page.get_by_label("Mein Name, meine Organisation").check()
    press(page, "Weiter", "Angaben prüfen")
    expect(page.locator("dd", has_text="Polizei Sachsen")).to_be_visible()
    expect(page.get_by_text("Stabsstelle Kommunikation")).to_be_visible()
    press(page, "Verbindlich anmelden", "Fast geschafft: Bestätigen Sie Ihre E-Mail-Adresse")

    open_own_page(page, database, slug)
    press(page, "Anmeldung bestätigen", "Meine Anmeldung")
    expect(page.get_by_text("Sie sind angemeldet. Ihr Platz ist bestätigt.")).to_be_visible()
    expect(page.get_by_alt_text("QR-Code Ihrer Anmeldung")).to_be_visible()


def test_registering_with_the_keyboard_alone(page: Page, slug: str, database: Database) -> None:
    def go_to(label: str) -> None:
        for _key in range(60):
            page.keyboard.press("Tab")
            names = page.evaluate(
                "[...(document.activeElement.labels || [])].map(l => l.innerText).join()"
                " + document.activeElement.innerText"
            )
            if names.startswith(label):
                return
        raise AssertionError(f"{label} is not reached with the Tab key")

    page.goto(f"/{slug}/register")
    for label, text in (
        ("Vorname", "Ute"),
        ("Nachname", "Ähre"),
        ("Dienstliche E-Mail-Adresse", "ute@zoll.bund.de"),
    ):
        go_to(label)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Ihre Organisation")
    go_to("Behörde oder Organisation")
    page.keyboard.type("zollkrim")
    page.keyboard.press("Enter")
    for heading in ("Ihre Teilnahme", "Ihre Einwilligungen", "Angaben prüfen"):
        go_to("Weiter")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(heading)
    expect(page.get_by_text("Zollkriminalamt")).to_be_visible()
    go_to("Verbindlich anmelden")
    page.keyboard.press("Space")
    expect(page.locator("h1")).to_contain_text("Fast geschafft")

    with database() as session:
        assert session.scalars(sa.select(Registration)).one().last_name == "Ähre"


def test_what_was_typed_survives_a_reload_and_a_lost_connection(page: Page, slug: str) -> None:
    page.goto(f"/{slug}/register")
    page.get_by_label("Vorname").fill("Ute")
    page.reload()
    expect(page.get_by_label("Vorname")).to_have_value("Ute")

    page.get_by_label("Nachname").fill("Ähre")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill("ute@polizei.sachsen.de")
    page.context.set_offline(True)
    page.get_by_role("button", name="Weiter").click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.goto(f"/{slug}/register")
    expect(page.get_by_label("Nachname")).to_have_value("Ähre")

    press(page, "Weiter", "Ihre Organisation")
    press(page, "Zurück", "Angaben zur Person")
    expect(page.get_by_label("Nachname")).to_have_value("Ähre")
    assert page.evaluate("sessionStorage.length") == 0


def test_one_of_list_and_typed_name(page: Page, slug: str) -> None:
    page.goto(f"/{slug}/register")
    page.get_by_label("Vorname").fill("Ute")
    page.get_by_label("Nachname").fill("Ähre")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill("ute@polizei.sachsen.de")
    press(page, "Weiter", "Ihre Organisation")
    expect(page.get_by_role("combobox")).to_have_value("Polizei Sachsen")

    page.get_by_text("Die Organisation steht nicht in der Liste").click()
    page.get_by_label("Name der Organisation").fill("Weißer Ring")
    # The field shows what will be sent: one of both, and never two.
    expect(page.get_by_role("combobox")).to_have_value("Weißer Ring")
    expect(page.locator("select[name=organisation_id]")).to_have_value("")
    press(page, "Weiter", "Ihre Teilnahme")
    expect(page.get_by_label("Kfz-Kennzeichen")).to_be_hidden()
    page.get_by_label("Anreise", exact=True).select_option("Auto")
    expect(page.get_by_label("Kfz-Kennzeichen")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barriers_on_any_page(
    page: Page, slug: str, database: Database, axe: Axe, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    with database() as session:
        workshop = session.scalars(sa.select(Workshop)).one()
        links = []
        for status in Status:
            registration = factories.make_registration(
                workshop, status=status, consents=frozenset(ConsentKind)
            )
            links.append(f"/{slug}/registration/{draw_link(LINK_PURPOSE, registration.id)}")
    found = {}
    for path in (
        *(f"/{slug}/register", f"/{slug}/registration/link", f"/{slug}/registration/link/sent"),
        *(f"/{slug}/registration/none", *links, f"{links[1]}/change", f"{links[1]}/cancel"),
    ):
        page.goto(path)
        found[path] = axe(page)
    page.goto(f"/{slug}/register")
    press(page, "Weiter", "Angaben zur Person")
    found["errors"] = axe(page)
    page.get_by_label("Vorname").fill("Ute")
    page.get_by_label("Nachname").fill("Ähre")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill("ute@polizei.sachsen.de")
    for heading in ("Ihre Organisation", "Ihre Teilnahme", "Ihre Einwilligungen", "Angaben prüfen"):
        press(page, "Weiter", heading)
        found[heading] = axe(page)

    assert {where: what for where, what in found.items() if what} == {}
