"""What forms do in a browser: a double click sends once, the list of errors takes the focus."""

import pytest
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from playwright.sync_api import Page, Route, expect
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired

from tests.journeys.browser import Axe

TEMPLATE = """
{% extends "layouts/public.html" %}
{% from "macros/forms.html" import post_form, field, buttons %}
{% set title = "Form" %}
{% block content %}
{% call post_form(form, action="/sent-by-the-test") %}
{{ field(form.name) }}{{ field(form.part) }}{{ buttons("Send") }}
{% endcall %}
{% endblock %}
"""


class NameForm(FlaskForm):  # type: ignore[misc]  # the package has no types
    """One field of text, one of choices."""

    name = StringField("Name", [InputRequired("Enter your name.")])
    part = RadioField(
        "Part",
        [InputRequired("Choose your part.")],
        choices=[SelectChoice("guest", "Guest"), SelectChoice("speaker", "Speaker")],
    )


@pytest.fixture
def tab(app: Flask, page: Page) -> Page:
    """The tab with the form as it comes back after nothing was filled in."""
    with app.test_request_context("/", method="POST", data={}):
        form = NameForm()
        assert not form.validate_on_submit()
        html = render_template_string(TEMPLATE, form=form)
    page.route(
        "**/form-of-the-test", lambda route: route.fulfill(body=html, content_type="text/html")
    )
    page.goto("/form-of-the-test")
    return page


def test_the_list_of_errors_takes_the_focus_and_leads_to_each_field(tab: Page, axe: Axe) -> None:
    expect(tab.locator(".error-summary")).to_be_focused()
    tab.get_by_role("link", name="Choose your part.").click()
    expect(tab.get_by_label("Guest")).to_be_focused()
    tab.get_by_role("link", name="Enter your name.").click()
    expect(tab.get_by_label("Name")).to_be_focused()
    assert axe(tab) == []


def test_a_double_click_sends_once(tab: Page) -> None:
    sent: list[str] = []

    def answer(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)  # like a download, this leaves the page standing

    tab.route("**/sent-by-the-test", answer)
    tab.get_by_role("button", name="Send").dblclick()
    tab.get_by_role("button", name="Send").click()
    expect(tab.locator("form[data-sending]")).to_have_count(1)
    assert sent == ["POST"]
    # Released after a while, so that a download can be had again.
    expect(tab.locator("form[data-sending]")).to_have_count(0, timeout=8000)
    with tab.expect_request("**/sent-by-the-test"):
        tab.get_by_role("button", name="Send").click()
