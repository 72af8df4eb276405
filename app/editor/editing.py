"""What the desk's pages of the agenda share: a form whose entry two people may have open."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.agenda.models import AgendaSession, Room, Track
from app.editor.entry_forms import stored_values
from app.extensions import db
from app.refusals import Refused
from app.web.forms import VersionedForm, show_refusal
from app.workshops.current import current_workshop

Page = str | tuple[str, int] | BaseResponse
Finder = Callable[[int, int], Any]


def to(endpoint: str, **values: Any) -> BaseResponse:
    """On to a page, after something was saved."""
    return redirect(url_for(endpoint, **values), code=303)


def saved(name: str, endpoint: str, **values: Any) -> BaseResponse:
    """On to a page that says so."""
    flash(_("“%(name)s” is saved.", name=name), "success")
    return to(endpoint, **values)


def done(form: VersionedForm, command: Callable[[], object]) -> bool:
    """Run the command and commit; False if it was refused, which the form then shows."""
    try:
        command()
    except Refused as refusal:
        db.session.rollback()
        show_refusal(form, refusal)
        return False
    db.session.commit()
    return True


def answer(template: str, form: VersionedForm, **context: Any) -> Page:
    """The page with its form; 422 when it comes back with what was typed."""
    return render_template(template, form=form, **context), 422 if form.is_submitted() else 200


def edit_page(
    template: str, form: VersionedForm, find: Finder, entry_id: int, **context: Any
) -> Page:
    """The page of a stored entry, which somebody else may have changed or deleted meanwhile."""
    entry = find(current_workshop.id, entry_id)
    if entry is None and not form.is_submitted():
        abort(404)
    overtaken = form.is_submitted() and entry is not None and form.seen != entry.version
    if entry is not None:
        # Whoever has read the warning may save again and replace the other version.
        form.accept_version(entry.version)
    return answer(template, form, stored=entry, overtaken=overtaken, **context)


def stored(entry: AgendaSession | Room | Track | None) -> dict[str, Any] | None:
    """Values for a form; a posted form has its own, whatever became of the entry."""
    return stored_values(entry, current_workshop) if entry is not None else None
