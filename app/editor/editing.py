"""What the desk's pages of the agenda share: a form whose entry two people may have open."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.agenda.models import AgendaSession, Room, Track
from app.editor.entry_forms import stored_values
from app.web.commands import Page, answer, to
from app.web.forms import VersionedForm
from app.workshops.current import current_workshop

Finder = Callable[[int, int], Any]


def saved(name: str, endpoint: str, **values: Any) -> Response:
    """On to a page that says so."""
    flash(_("“%(name)s” is saved.", name=name), "success")
    return to(endpoint, **values)


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
