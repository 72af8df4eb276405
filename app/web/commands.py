"""How a route runs a command: one transaction, one commit, and a refusal is shown, not raised."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.extensions import db
from app.refusals import Refused
from app.web.forms import Form, show_refusal

Result = TypeVar("Result")
Page = str | tuple[str, int] | Response
"""What a view returns."""


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """A command that was run and committed, with what it returned."""

    result: Result


def done(form: Form, command: Callable[[], Result]) -> Done[Result] | None:
    """Run the command of a valid form and commit; None if refused, which the form then shows.

    `form.refusal` says to the route which refusal it was.
    """
    try:
        result = command()
    except Refused as refusal:
        db.session.rollback()
        show_refusal(form, refusal)
        return None
    db.session.commit()
    return Done(result)


def tell(command: Callable[[], object], said: str = "") -> bool:
    """Run the command of a button and commit; the next page says so, or why not (False)."""
    try:
        command()
    except Refused as refusal:
        db.session.rollback()
        flash(refusal.message, "warning")
        return False
    db.session.commit()
    if said:
        flash(said, "success")
    return True


def answer(template: str, form: Form, **context: Any) -> Page:
    """The page with its form; 422 when it comes back with what was typed."""
    return render_template(template, form=form, **context), 422 if form.is_submitted() else 200


def to(endpoint: str, **values: Any) -> Response:
    """On to a page, by GET whatever the method was."""
    return redirect(url_for(endpoint, **values), code=303)
