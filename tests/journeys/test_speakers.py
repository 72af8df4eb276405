"""A speaker's way through the own page: confirm, hand in slides, be told what is too large."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, expect

from app.agenda.releases import service as releases
from app.outbox.service import draw_link
from app.speakers.links import LINK_PURPOSE
from tests.agenda.programme import add_session
from tests.factories import make_workshop
from tests.materials import samples

Database = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def own_page(database: Database) -> str:
    """The address of a guest's own page."""
    with database():
        workshop = make_workshop()
        session = add_session(workshop, "Lage im Netz", speakers="Jördis Öztürk")
        releases.release(workshop)
        token = draw_link(LINK_PURPOSE, session.people[0].speaker_id)
        return f"/{workshop.slug}/speaker/{token}"


def test_by_keyboard_a_slot_is_confirmed_and_slides_are_handed_in(
    app: Flask, page: Page, own_page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_UPLOAD_MB", 0.01)
    page.goto(own_page)
    page.get_by_role("button", name="Termin bestätigen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Alles ist bestätigt. Vielen Dank.")).to_be_visible()
    page.get_by_role("link", name="Unterlagen einreichen").focus()
    page.keyboard.press("Enter")

    field = page.get_by_label("Datei", exact=True)
    large: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": bytes(20_000)}
    field.set_input_files(large)
    page.get_by_role("button", name="Datei hochladen").press("Enter")
    message = field.evaluate("element => element.validationMessage")
    assert message == "Wählen Sie eine Datei mit höchstens 0,01 MB."
    field.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": samples.picture()})
    page.get_by_role("button", name="Datei hochladen").press("Enter")
    expect(page.get_by_text("„a.png“ ist gespeichert.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="a.png", exact=True).click()
    assert download.value.suggested_filename == "a.png"
