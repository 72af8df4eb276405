"""What changes the plan: move, copy, undo, redo. Forms send them, and the plan's script."""

from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.rights import Right
from app.agenda.draft import service
from app.agenda.draft import undo as undoing
from app.agenda.draft.queries import find_session
from app.editor.blueprint import bp
from app.editor.editing import edit_page
from app.editor.forms import MoveForm, stored_place
from app.editor.view import act, people_in_words, place_in_words, refuse, wants_part
from app.refusals import Refused
from app.web.access import needs
from app.web.commands import Page
from app.web.forms import show_refusal
from app.workshops.current import current_workshop


@bp.route("/<slug>/desk/agenda/sessions/<int:session_id>/move", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def move(session_id: int) -> Page:
    """Where a session stands, to be changed by fields; and whatever else is done with it."""
    session = find_session(current_workshop.id, session_id)
    form = MoveForm(data=stored_place(session, current_workshop) if session else None)
    form.offer(current_workshop)

    def page(refusal: Refused | None = None) -> Page:
        if refusal is not None:
            show_refusal(form, refusal)
        return edit_page(
            *("editor/move.html", form, find_session, session_id),
            is_part=wants_part(),
            people=people_in_words(session) if session else "",
        )

    if form.validate_on_submit():
        return act(
            lambda: (
                service.move_session(
                    current_workshop,
                    session_id,
                    form.place(),
                    version=form.seen,
                    account_id=current_user.id,
                ).id
            ),
            place_in_words,
            refused=page,
        )
    if form.is_submitted() and wants_part():
        return refuse(Refused(next(iter(form.errors.values()))[0]))
    return page()


@bp.post("/<slug>/desk/agenda/sessions/<int:session_id>/duplicate")
@needs(Right.EDIT_AGENDA)
def duplicate(session_id: int) -> Page:
    """A copy, into the tray."""
    return act(
        lambda: (
            service.duplicate_session(current_workshop, session_id, account_id=current_user.id).id
        ),
        lambda draft, copy: _("The copy of “%(title)s” lies in the tray.", title=draft.title(copy)),
    )


@bp.post("/<slug>/desk/agenda/undo")
@needs(Right.EDIT_AGENDA)
def undo() -> Page:
    """Take one's own latest step back."""
    step = undoing.steps(current_workshop, current_user.id).undo
    return act(
        lambda: undoing.undo(current_workshop, current_user.id).session_id,
        lambda _draft, _id: _("Undone: %(step)s", step=step),
    )


@bp.post("/<slug>/desk/agenda/redo")
@needs(Right.EDIT_AGENDA)
def redo() -> Page:
    """Take the step again that was undone last."""
    step = undoing.steps(current_workshop, current_user.id).redo
    return act(
        lambda: undoing.redo(current_workshop, current_user.id).session_id,
        lambda _draft, _id: _("Done again: %(step)s", step=step),
    )
