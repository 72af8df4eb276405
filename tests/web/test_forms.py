"""How every text field is cleaned, and where refusals are shown."""

from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup
from wtforms import IntegerField, PasswordField, StringField
from wtforms.validators import Length
from wtforms.widgets import html_params

from app.refusals import Refused
from app.web.forms import (
    Form,
    attributes,
    long_text_field,
    number_or_none,
    show_refusal,
    text_field,
)
from app.web.texts import clean_line, clean_text, without_undisplayable


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


def test_of_a_text_that_is_too_long_nothing_else_is_checked(app: Flask) -> None:
    """The checks after it may take long, and a form that saves holds the write lock meanwhile."""
    seen: list[str] = []

    class Plate(Form):
        mine = text_field("Plate", longest=20, validators=[lambda _f, field: seen.append(field)])
        other = StringField("Other", validators=[lambda _f, field: seen.append(field)])
        password = PasswordField("P", validators=[lambda _f, field: seen.append(field)])
        late = StringField("L", validators=[lambda _f, f: seen.append(f), Length(max=5)])

    sent = {"mine": "A" * 21, "other": "A" * 10_001, "password": "A" * 129, "late": "A" * 6}
    with app.test_request_context("/", method="POST", data=sent):
        form = Plate(meta={"csrf": False})
        assert not form.validate()

    assert seen == []
    assert {name: len(errors) for name, errors in form.errors.items()} == dict.fromkeys(sent, 1)
    assert form.mine.data == sent["mine"]


def test_a_number_larger_than_any_row_has_is_no_number(app: Flask) -> None:
    class Version(Form):
        version = IntegerField()

    with app.test_request_context("/", method="POST", data={"version": "9" * 30}):
        assert not Version(meta={"csrf": False}).validate()


def test_a_heap_of_marks_is_neither_composed_nor_taken(app: Flask) -> None:
    """Composing takes as long as their number squared: 100,000 of them half a minute."""
    heap = "a" + "\u0301\u0316" * 60_000

    assert clean_line(heap) is heap
    assert clean_text(heap) is heap
    assert len(without_undisplayable(heap)) == 31  # what an import keeps of it
    assert clean_line("e\u0301\u0316" * 1000) == "\u00e9\u0316" * 1000
    assert _sent(app, name="Zo" + "e\u0308" * 8).errors == {}

    class Note(Form):
        text = long_text_field("Text", longest=200)

    with app.test_request_context("/", method="POST", data={"text": "a" + "\u0301" * 31}):
        form = Note(meta={"csrf": False})
        assert not form.validate()
    assert form.errors == {
        "text": [
            "Zeile 1, Zeichen 32 lässt sich nicht darstellen:"
            " U+0301 COMBINING ACUTE ACCENT. Entfernen Sie es."
        ]
    }


@pytest.mark.parametrize("sent", ["7", "007", 7])
def test_a_chosen_entry_is_a_number(sent: Any) -> None:
    assert number_or_none(sent) == 7


@pytest.mark.parametrize("sent", ["", None])
def test_the_empty_entry_is_none(sent: Any) -> None:
    assert number_or_none(sent) is None


@pytest.mark.parametrize("sent", ["x", "1.5", "9" * 11, "9" * 5000])
def test_what_is_no_number_of_an_entry_is_no_choice(sent: str) -> None:
    with pytest.raises(ValueError, match=r"no number|invalid literal"):
        number_or_none(sent)
