"""Beginning an agenda, and feedback after it, in a real browser."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from app.agenda.intake.table import blank_table
from app.agenda.releases import service as releases
from app.extensions import now
from app.outbox.service import draw_link
from app.registration import links
from tests.agenda.programme import add_session
from tests.factories import make_registration, make_workshop
from tests.journeys.browser import Axe
from tests.journeys.test_pages import check_in_all_sizes

Database = Callable[[], AbstractContextManager[Any]]


def test_an_agenda_begins_with_a_table(
    sign_in_browser: Callable[..., Page], database: Database, axe: Axe, tmp_path: Path
) -> None:
    table = tmp_path / "programm.xlsx"
    with database():
        workshop = make_workshop()
        slug = workshop.slug
        table.write_bytes(blank_table(workshop))
    page = sign_in_browser()
    page.goto(f"/{slug}/desk/agenda")
    page.get_by_role("link", name="Programm beginnen").click()
    page.get_by_label("Datei", exact=True).set_input_files(table)
    page.get_by_role("button", name="Vorschau der Datei").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    check_in_all_sizes(page, axe)
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.locator("main")).to_contain_text("3 Programmpunkte sind übernommen.")
    expect(page.locator("main")).to_contain_text("Lage im Netz")


def test_feedback_after_a_session(
    app: Flask, page: Page, database: Database, axe: Axe, live_server: str
) -> None:
    with database():
        yesterday = (now() - timedelta(days=1)).date()
        workshop = make_workshop(starts_on=yesterday, ends_on=yesterday)
        session = add_session(workshop, "Lage im Netz")
        releases.release(workshop)
        token = draw_link(links.LINK_PURPOSE, make_registration(workshop).id)
        url = f"/{workshop.slug}/registration/{token}/agenda/{session.id}/feedback"
    page.goto(url)
    check_in_all_sizes(page, axe)
    page.get_by_label("Teils, teils").check()
    page.get_by_label("Was war gut?").fill("Praxis")
    page.get_by_role("button", name="Rückmeldung senden").click()
    expect(page.locator("main")).to_contain_text("Vielen Dank für Ihre Rückmeldung.")
    check_in_all_sizes(page, axe)
