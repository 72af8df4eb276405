"""The desk in a real browser: search as you type, select, act."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.registration.models import Status
from tests.factories import make_registration, make_workshop

Database = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def slug(database: Database) -> str:
    """A workshop with some people."""
    with database():
        workshop = make_workshop(seats=50)
        for first, last in (("Anna", "Müller"), ("Şükrü", "Çağlayan"), ("Jo", "von der Straße")):
            make_registration(workshop, first_name=first, last_name=last)
        make_registration(workshop, last_name="Wartezimmer", status=Status.HELD)
        return str(workshop.slug)


def test_typing_searches_and_the_address_follows(
    sign_in_browser: Callable[..., Page], slug: str
) -> None:
    page = sign_in_browser()
    page.goto(f"/{slug}/desk/participants")
    expect(page.locator("tbody tr")).to_have_count(4)
    page.get_by_label("Suchen").fill("mueller")
    expect(page.locator("tbody th a")).to_have_text(["Müller, Anna"])
    assert "q=mueller" in page.url
    expect(page.get_by_label("Suchen")).to_be_focused()
    page.get_by_role("link", name="„mueller“").click()
    expect(page.locator("tbody tr")).to_have_count(4)


def test_on_a_phone_rows_are_cards_and_still_rows_of_a_table(
    sign_in_browser: Callable[..., Page], slug: str
) -> None:
    page = sign_in_browser()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/{slug}/desk/participants")
    scrolls = "element => element.scrollWidth > element.clientWidth"
    assert not page.locator(".table-scroll").evaluate(scrolls)
    name = page.get_by_role("rowheader", name="Müller, Anna")
    organisation = page.get_by_role("row", name="Müller, Anna").get_by_role("cell").nth(1)
    above, below = name.bounding_box(), organisation.bounding_box()
    assert above is not None
    assert below is not None
    assert above["x"] == below["x"]
    assert above["y"] + above["height"] <= below["y"]


def test_a_filter_works_without_a_button(sign_in_browser: Callable[..., Page], slug: str) -> None:
    page = sign_in_browser()
    page.goto(f"/{slug}/desk/participants?status=held")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_text("Weitere Filter").click()
    page.get_by_label("Rolle").select_option(label="Vortrag")
    expect(page.locator(".empty__title")).to_have_text("Niemand gefunden")
    assert "status=held" in page.url


def test_the_bar_of_the_selection_comes_with_a_selection(
    sign_in_browser: Callable[..., Page], slug: str
) -> None:
    page = sign_in_browser()
    page.goto(f"/{slug}/desk/participants?status=confirmed")
    button = page.get_by_role("button", name="Schilder der Auswahl drucken")
    expect(button).to_be_hidden()
    page.get_by_label("Anna Müller auswählen").check()
    button.click()
    page.wait_for_url(lambda url: "/desk/badges?ids=" in url)


def test_a_person_is_confirmed_and_cancelled(
    sign_in_browser: Callable[..., Page], slug: str
) -> None:
    page = sign_in_browser()
    page.goto(f"/{slug}/desk/participants?status=held")
    page.locator("tbody th a").click()
    page.get_by_role("button", name="Für die Person bestätigen").click()
    expect(page.get_by_text("Angemeldet. Der Platz ist bestätigt.")).to_be_visible()
    page.get_by_role("link", name="Anmeldung stornieren").click()
    page.get_by_role("button", name="Anmeldung stornieren").click()
    expect(page.get_by_text("Storniert am")).to_be_visible()
