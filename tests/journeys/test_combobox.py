"""The field that typing narrows down: static/js/combobox.js on a form of its own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from playwright.sync_api import Locator, Page, expect
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from app.web.headers import POLICY
from tests.factories import make_workshop
from tests.journeys.browser import Axe

TEMPLATE = """
{% extends "layouts/public.html" %}
{% from "macros/forms.html" import post_form, field, buttons %}
{% set title = "Choose" %}
{% block content %}
{% call post_form(form) %}{{ field(form.organisation) }}{{ buttons("Send") }}{% endcall %}
{% endblock %}
"""


class ChoiceForm(FlaskForm):  # type: ignore[misc]  # the package has no types
    """A grouped list with short names."""

    organisation = SelectField(
        "Organisation",
        [InputRequired()],
        description="Type a part of its name.",
        choices=[
            SelectChoice("", "Please choose"),
            SelectChoice("1", "Polizei Sachsen", {"data-search": "SN"}, "States"),
            SelectChoice("2", "Thüringer Polizei", {"data-search": "TH"}, "States"),
            SelectChoice("3", "Bundeskriminalamt", {"data-search": "BKA"}, "Federation"),
            SelectChoice("4", "Bundespolizei", {"data-search": "BPOL"}, "Federation"),
            SelectChoice("5", "Ørsted Politi", {"data-search": "ØP"}, "Neighbours"),
        ],
        render_kw={"data-combobox": ""},
    )


@pytest.fixture
def form(app: Flask, page: Page) -> Page:
    """The tab with the form, under the policy of every page."""
    with app.test_request_context():
        html = render_template_string(TEMPLATE, form=ChoiceForm())
    page.route(
        "**/form-of-the-test",
        lambda route: route.fulfill(
            body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY}
        ),
    )
    page.goto("/form-of-the-test")
    # By the element too: the plain list has the same role until the script takes over.
    expect(page.locator("input[role=combobox]")).to_be_visible()
    return page


@pytest.fixture
def box(form: Page) -> Locator:
    """The field that the label names."""
    return form.get_by_label("Organisation")


@pytest.fixture
def chosen(form: Page) -> Callable[[], str]:
    """The value that the form would send."""
    return lambda: str(
        form.evaluate("new FormData(document.querySelector('main form')).get('organisation')")
    )


def shown(page: Page) -> list[str]:
    return page.locator("[role=option]:visible").all_inner_texts()


def test_it_opens_with_all_groups_and_axe_finds_nothing(form: Page, box: Locator, axe: Axe) -> None:
    box.click()
    assert form.locator("[role=group]:visible > :first-child").all_inner_texts() == [
        "States",
        "Federation",
        "Neighbours",
    ]
    assert len(shown(form)) == 5
    assert box.get_attribute("aria-expanded") == "true"
    assert axe(form) == []


@pytest.mark.parametrize("typed", ["thüringer", "THUERINGER", "thuring", "th", "polizei thür"])
def test_spelling_case_and_short_names_all_find(
    form: Page, box: Locator, chosen: Callable[[], str], typed: str
) -> None:
    box.fill(typed)
    assert shown(form) == ["Thüringer Polizei"]
    box.press("Enter")
    assert (chosen(), box.input_value()) == ("2", "Thüringer Polizei")
    assert shown(form) == []


@pytest.mark.parametrize("typed", ["ørsted", "oersted", "Orsted", "ørs"])
def test_letters_without_a_mark_to_take_off_are_found_as_people_type_them(
    form: Page, box: Locator, typed: str
) -> None:
    box.fill(typed)
    assert shown(form) == ["Ørsted Politi"]


def test_the_number_of_matches_is_announced(form: Page, box: Locator) -> None:
    box.fill("bund")
    expect(form.get_by_role("status")).to_have_text("Treffer: 2")
    box.fill("xyz")
    expect(form.get_by_role("status")).to_contain_text("Kein Treffer")


def test_arrows_home_end_and_escape(form: Page, box: Locator, chosen: Callable[[], str]) -> None:
    def active() -> str:
        return form.locator("[aria-selected=true]").inner_text()

    box.press("ArrowDown")
    box.press("ArrowDown")
    assert active() == "Polizei Sachsen"
    box.press("End")
    assert active() == "Ørsted Politi"
    box.press("ArrowDown")
    assert active() == "Polizei Sachsen"
    box.press("ArrowUp")
    assert active() == "Ørsted Politi"
    box.press("Home")
    assert active() == "Polizei Sachsen"
    assert box.get_attribute("aria-activedescendant") == form.locator(
        "[aria-selected=true]"
    ).get_attribute("id")
    box.press("Escape")
    assert (shown(form), chosen()) == ([], "")


def test_a_click_chooses(form: Page, box: Locator, chosen: Callable[[], str]) -> None:
    box.click()
    form.get_by_role("option", name="Bundeskriminalamt").click()
    assert (chosen(), box.input_value()) == ("3", "Bundeskriminalamt")
    assert form.evaluate("document.activeElement.id") == "organisation"


def test_leaving_takes_the_only_match_but_never_guesses(
    box: Locator, chosen: Callable[[], str]
) -> None:
    box.fill("bka")
    box.press("Tab")
    assert (chosen(), box.input_value()) == ("3", "Bundeskriminalamt")
    box.fill("bund")
    box.press("Tab")
    assert (chosen(), box.input_value()) == ("", "bund")


def test_a_script_may_choose(form: Page, box: Locator) -> None:
    form.evaluate(
        """() => { const select = document.querySelector("select[name=organisation]");
                   select.value = "4"; select.dispatchEvent(new Event("change")); }"""
    )
    assert box.input_value() == "Bundespolizei"


@pytest.fixture
def registering(page: Page, database: Callable[[], AbstractContextManager[Any]]) -> Page:
    """The step of the registration form that asks for the organisation, with the usual list."""
    with database():
        slug = make_workshop().slug
    page.goto(f"/{slug}/register")
    page.get_by_label("Vorname").fill("Karla")
    page.get_by_label("Nachname").fill("Muster")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill("karla@amt.example")
    page.get_by_role("button", name="Weiter").click()
    expect(page.locator("input[role=combobox]")).to_be_visible()
    return page


def sent(page: Page) -> tuple[str, str]:
    """The chosen organisation's name and what was typed, as the form would send them."""
    return (
        str(
            page.evaluate(
                "(s => s.value && s.selectedOptions[0].text)"
                "(document.querySelector('select[name=organisation_id]'))"
            )
        ),
        page.locator("[name=other_organisation]").input_value(),
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Polizei Sachsen", "Polizei Sachsen"),
        ("polizei sachsen", "Polizei Sachsen"),
        ("Polizei  Sachsen-Anhalt", "Polizei Sachsen-Anhalt"),
        ("Bundespolizei", "Bundespolizei"),
        ("BKA", "Bundeskriminalamt"),
        ("BMI", "Bundesministerium des Innern"),
        ("bpol", "Bundespolizei"),
        ("ZKA", "Zollkriminalamt"),
        ("GZD", "Zoll (Generalzolldirektion)"),
        ("PBT", "Polizei beim Deutschen Bundestag"),
        ("DHPol", "Deutsche Hochschule der Polizei"),
        ("LKA NRW", "Polizei Nordrhein-Westfalen"),
        ("LKA BaWü", "Polizei Baden-Württemberg"),
        ("IM NRW", "Innenministerium Nordrhein-Westfalen"),
        ("Polizei RLP", "Polizei Rheinland-Pfalz"),
        ("polizei thueringen", "Polizei Thüringen"),
    ],
)
def test_what_is_meant_without_doubt_is_one_enter_away(
    registering: Page, typed: str, meant: str
) -> None:
    box = registering.locator("input[role=combobox]")
    box.press_sequentially(typed)
    box.press("Enter")
    assert sent(registering) == (meant, "")
    assert box.input_value() == meant


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Sachsen", "Polizei Sachsen"),
        ("NRW", "Polizei Nordrhein-Westfalen"),
        ("LKA", "Polizei Baden-Württemberg"),
        ("LKA Sachsen", "Polizei Sachsen"),
        ("achsen-anhalt", "Polizei Sachsen-Anhalt"),
        ("Polizei", "Polizei Baden-Württemberg"),
        ("Zoll", "Zoll (Generalzolldirektion)"),
    ],
)
def test_enter_never_chooses_among_several(registering: Page, typed: str, first: str) -> None:
    box = registering.locator("input[role=combobox]")
    box.press_sequentially(typed)
    assert shown(registering)[0] == first
    box.press("Enter")
    assert sent(registering) == ("", "")
    assert registering.url.endswith("/organisation")
    expect(registering.locator(".combobox [role=status]")).to_contain_text("Pfeiltasten")
    box.press("ArrowDown")
    box.press("Enter")
    assert sent(registering) == (first, "")


def test_the_best_stands_first_and_what_only_contains_it_last(registering: Page) -> None:
    registering.locator("input[role=combobox]").fill("Polizei Sachsen")
    assert shown(registering) == [
        "Polizei Sachsen",
        "Polizei Sachsen-Anhalt",
        "Polizei Niedersachsen",
    ]


def test_a_name_that_only_contains_what_was_typed_is_not_taken_for_it(
    box: Locator, chosen: Callable[[], str]
) -> None:
    box.fill("riminalamt")
    box.press("Enter")
    assert chosen() == ""
    box.press("Tab")
    assert (chosen(), box.input_value()) == ("", "riminalamt")


def test_what_is_not_in_the_list_is_offered_openly_and_kept_as_typed(
    registering: Page, axe: Axe
) -> None:
    box = registering.locator("input[role=combobox]")
    box.press_sequentially("Amt für $& Beispiele")
    assert shown(registering) == ["„Amt für $& Beispiele“ übernehmen"]
    assert axe(registering) == []
    box.press("Enter")
    assert sent(registering) == ("", "Amt für $& Beispiele")
    expect(registering.locator(".combobox__note")).to_contain_text("steht nicht in der Liste")
    assert axe(registering) == []
    registering.get_by_role("button", name="Weiter").click()
    registering.wait_for_url("**/participation")
    registering.go_back()
    expect(box).to_have_value("Amt für $& Beispiele")


def test_leaving_keeps_what_fits_nothing_and_choosing_drops_it(registering: Page) -> None:
    box = registering.locator("input[role=combobox]")
    box.press_sequentially("Xyz-Amt")
    box.press("Tab")
    assert sent(registering) == ("", "Xyz-Amt")
    box.fill("BKA")
    box.press("Enter")
    assert sent(registering) == ("Bundeskriminalamt", "")
    expect(registering.locator(".combobox__note")).to_be_hidden()


def test_several_that_fit_are_not_taken_as_typed_unless_one_says_so(registering: Page) -> None:
    box = registering.locator("input[role=combobox]")
    box.press_sequentially("Sachsen")
    box.press("Tab")
    assert sent(registering) == ("", "")
    registering.get_by_role("button", name="Weiter").click()
    expect(registering.locator(".error-summary")).to_be_visible()
    expect(box).to_have_value("Sachsen")  # nothing typed is lost
    box.press("End")
    box.fill("Sachsen")
    box.press("ArrowUp")
    box.press("Enter")
    assert sent(registering) == ("", "Sachsen")
