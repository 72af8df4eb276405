"""How every text field is cleaned, and where refusals are shown."""

from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup
from wtforms.widgets import html_params

from app.refusals import Refused
from app.web.forms import (
    Form,
    attributes,
    long_text_field,
    show_refusal,
    text_field,
)


class Letter(Form):
    """A form with one field of each kind."""

    name = text_field("Name", required="Enter a name.", longest=10)
    body = long_text_field("Text", longest=20)


def _sent(app: Flask, **data: str) -> Letter:
    with app.test_request_context("/", method="POST", data=data):
        form = Letter(meta={"csrf": False})
        form.validate()
        return form


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Enter a name."),
        ("   ", "Enter a name."),
        ("a\x00b", "Zeichen 2 lässt sich nicht darstellen: U+0000. Entfernen Sie es."),
        ("x" * 11, "Verwenden Sie höchstens 10 Zeichen."),
    ],
)
def test_bad_lines_get_one_message(app: Flask, typed: str, message: str) -> None:
    assert _sent(app, name=typed).errors == {"name": [message]}


def test_a_character_that_cannot_be_displayed_is_named_with_its_place(app: Flask) -> None:
    form = _sent(app, name="Anna", body="eins\nzw\uf0ffei")
    assert form.errors == {
        "body": ["Zeile 2, Zeichen 3 lässt sich nicht darstellen: U+F0FF. Entfernen Sie es."]
    }


def test_markup_is_text_like_any_other(app: Flask) -> None:
    form = _sent(app, name="<b>x</b>", body="a\nb")
    assert form.errors == {}
    assert (form.name.data, form.body.data) == ("<b>x</b>", "a\nb")


def test_a_refusal_stands_at_its_field_or_above_the_form(app: Flask) -> None:
    form = _sent(app, name="Anna")
    show_refusal(form, Refused("No.", field="name"))
    show_refusal(form, Refused("Never.", field="unknown"))
    show_refusal(form, Refused("Not now."))
    assert form.name.errors == ["No."]
    assert form.form_errors == ["Never.", "Not now."]


@pytest.mark.parametrize(
    "values",
    [
        {"class_": "a b", "data_some_thing": 1, "aria_label": "x", "required": True, "off": False},
        {"value": "\" onfocus='x' <b>&amp;", "id": None, "max": 3},
        {"value": Markup('safe" <i>')},  # as markup that somebody passes on
    ],
)
def test_attributes_are_written_as_wtforms_would(values: dict[str, Any]) -> None:
    assert attributes(**values) == html_params(**values)
