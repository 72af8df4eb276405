"""The main job, end to end: from the form on a phone to a badge in the organiser's hand."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect

from app.registration.models import Registration
from tests.factories import make_workshop
from tests.journeys.letters import letters, link, text
from tests.pdf import Pdf

PHONE = ViewportSize(width=375, height=760)
DESKTOP = ViewportSize(width=1280, height=900)


def test_from_registration_to_badge(
    app: Flask,
    page: Page,
    database: Callable[[], AbstractContextManager[Any]],
    sign_in_browser: Callable[..., Page],
    tmp_path: Path,
) -> None:
    page.set_viewport_size(PHONE)
    with database():
        workshop = make_workshop()
        slug, host = workshop.slug, workshop.organisations[12].name

    # A colleague registers on a phone.
    page.goto(f"/{slug}/")
    page.get_by_role("link", name="Jetzt anmelden").click()
    page.get_by_label("Vorname").fill("Żaneta")
    page.get_by_label("Nachname").fill("von der Łühe-Şahin")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill("zaneta.luehe@polizei.example.org")
    page.get_by_role("button", name="Weiter").click()
    page.locator("input[role=combobox]").fill(host)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("Dienststelle").fill("Stabsstelle Kommunikation")
    page.get_by_role("button", name="Weiter").click()
    for box in page.locator("input[name=days]").all():
        box.check()
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("button", name="Weiter").click()
    expect(page.locator("main")).to_contain_text("zaneta.luehe@polizei.example.org")
    page.get_by_role("button", name="Verbindlich anmelden").click()
    expect(page.locator("main")).to_contain_text("zaneta.luehe@polizei.example.org")

    # The mailed link proves the address; opening it alone does nothing.
    page.goto(link(letters(app)[-1]))
    with database() as session:
        assert session.query(Registration).one().status == "held"
    page.get_by_role("button", name="Anmeldung bestätigen").click()
    expect(page.locator("main")).to_contain_text("Sie sind angemeldet")
    assert "bestätigt" in text(letters(app)[-1])

    # The organiser finds the person and prints the badge.
    page.set_viewport_size(DESKTOP)
    sign_in_browser()
    page.goto(f"/{slug}/desk/participants")
    page.get_by_label("Suchen", exact=False).first.fill("luehe sahin")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="von der Łühe-Şahin, Żaneta").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Łühe")
    page.goto(f"/{slug}/desk/badges")
    expect(page.get_by_role("status")).to_have_text("1 neues Schild")
    page.get_by_role("button", name="Schilder drucken").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF öffnen").click()
    file = tmp_path / "badges.pdf"
    download.value.save_as(file)
    badge = Pdf(file.read_bytes())
    with database() as session:
        code = session.query(Registration).one().badge_code
    assert list(badge.codes()) == [f"{app.config['BASE_URL']}/c/{code}"]
    assert "Łühe" in badge.all_text
    # Whoever goes back sees the state as it is now.
    expect(page.locator("main")).to_contain_text("Alle Schilder sind gedruckt")
    page.go_back()
    expect(page.get_by_role("status")).to_have_text("Alle Schilder sind gedruckt")

    # The code on the badge leads staff to the person.
    page.goto(next(iter(badge.codes())))
    expect(page.get_by_role("heading", level=1)).to_have_text("Żaneta von der Łühe-Şahin")
