"""How a route runs a command: committed, or undone and told."""

from collections.abc import Callable

import lxml.html
import pytest
import sqlalchemy as sa
from flask import Flask, get_flashed_messages

from app.accounts.forms import ForgotPasswordForm
from app.accounts.journal import record
from app.accounts.models import JournalEntry
from app.extensions import db
from app.refusals import ChangedMeanwhile, DeletedMeanwhile, Refused
from app.web.commands import Done, answer, done, tell, to
from app.web.forms import Form, text_field


class GuestForm(Form):
    """A form with one field."""

    name = text_field("Name", longest=10)


def _form() -> GuestForm:
    return GuestForm(meta={"csrf": False})


def _write() -> None:
    record("test.done", subject="test")


def _refuse(refusal: Refused) -> Callable[[], None]:
    """A command that has written already when it is refused."""

    def command() -> None:
        _write()
        raise refusal

    return command


def _stored() -> int:
    """How many commands have come to stay: what was not committed is dropped."""
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count(JournalEntry.id))) or 0


def test_a_command_that_is_done_is_committed(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"name": "Ada"}):
        form = _form()
        assert done(form, _write) == Done(None)
        assert _stored() == 1
    assert form.refusal is None
    assert form.errors == {}


@pytest.mark.parametrize(("field", "place"), [("name", "name"), ("seats", ""), (None, "")])
def test_a_refused_command_is_undone_and_shown_in_the_form(
    app: Flask, field: str | None, place: str
) -> None:
    refusal = Refused("Das geht nicht.", field=field)
    with app.test_request_context("/", method="POST", data={"name": "Ada"}):
        form = _form()
        assert not done(form, _refuse(refusal))
        db.session.commit()  # whatever the route does next
        assert _stored() == 0
    assert form.errors == {place: ["Das geht nicht."]}
    assert form.refusal is refusal
    assert form.name.data == "Ada"


@pytest.mark.parametrize(
    ("refusal", "overtaken"),
    [(ChangedMeanwhile("x"), True), (DeletedMeanwhile("x"), True), (Refused("x"), False)],
)
def test_a_form_knows_whether_somebody_was_faster(
    app: Flask, refusal: Refused, overtaken: bool
) -> None:
    with app.test_request_context("/", method="POST"):
        form = _form()
        assert not form.is_overtaken
        done(form, _refuse(refusal))
        assert form.is_overtaken is overtaken


def test_one_forms_refusal_is_not_another_ones(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        done(_form(), _refuse(Refused("x")))
        assert _form().refusal is None


def test_a_button_is_answered_on_the_next_page(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        assert tell(_write, "Erledigt.")
        assert not tell(_refuse(Refused("Das geht nicht.")), "Erledigt.")
        assert tell(_write)
        assert _stored() == 2
        assert get_flashed_messages(with_categories=True) == [
            ("success", "Erledigt."),
            ("warning", "Das geht nicht."),
        ]


@pytest.mark.parametrize("run", [tell, lambda command: done(_form(), command)])
def test_a_bug_is_no_refusal(app: Flask, run: Callable[[Callable[[], object]], bool]) -> None:
    def command() -> None:
        raise LookupError("bug")

    with app.test_request_context("/", method="POST"), pytest.raises(LookupError, match="bug"):
        run(command)


@pytest.mark.parametrize(
    ("method", "shown"), [("GET", (200, "stored@example.org")), ("POST", (422, "typed"))]
)
def test_a_page_comes_back_with_what_was_typed(
    app: Flask, method: str, shown: tuple[int, str]
) -> None:
    with app.test_request_context("/", method=method, data={"email": "typed"}):
        form = ForgotPasswordForm(data={"email": "stored@example.org"})
        response = app.make_response(answer("accounts/forgot_password.html", form))
    value = lxml.html.fromstring(response.get_data(as_text=True)).xpath(
        "string(//input[@name='email']/@value)"
    )
    assert (response.status_code, value) == shown


def test_one_goes_on_by_get(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        response = to("accounts.reset_password", token="abc", _anchor="main")
    assert (response.status_code, response.location) == (303, "/reset-password/abc#main")
