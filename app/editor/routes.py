"""The draft of the agenda at the desk: its sessions as a list and in forms."""

from typing import Any

from flask import Blueprint, abort, flash, render_template, request
from flask_babel import gettext as _

from app.agenda import service
from app.agenda.editing import Page, answer, done, edit_page, saved, stored, to
from app.agenda.forms import KINDS, SessionForm, VersionedForm
from app.agenda.models import SessionKind
from app.agenda.queries import agenda_days, find_session
from app.agenda.timetable import room_clashes
from app.web.access import Audience, audience
from app.workshops.current import current_workshop

bp = Blueprint("editor", __name__)


@bp.get("/<slug>/desk/agenda")
@audience(Audience.ORGANISER)
def grid() -> Page:
    """The plan."""
    return sessions()


@bp.get("/<slug>/desk/agenda/list")
@audience(Audience.ORGANISER)
def sessions() -> Page:
    """The draft as a list."""
    days = agenda_days(current_workshop)
    slots = [slot for day in days for slot in day.slots]
    return render_template(
        "editor/sessions.html",
        days=days,
        has_sessions=bool(slots),
        clashes=room_clashes(slots),
        strays=[slot for slot in slots if slot.starts.date() not in current_workshop.days],
        kinds=KINDS,
    )


@bp.route("/<slug>/desk/agenda/sessions/add", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def add_session() -> Page:
    """A new session or break; the address may name day and kind."""
    form = SessionForm(data=_suggested_session() if request.method == "GET" else None)
    form.offer(current_workshop)
    if form.validate_on_submit() and done(
        form, lambda: service.add_session(current_workshop, form.draft())
    ):
        return saved(form.title.data, "editor.grid")
    return answer("editor/session.html", form, stored=None)


@bp.route("/<slug>/desk/agenda/sessions/<int:session_id>", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def edit_session(session_id: int) -> Page:
    """Change a session."""
    session = find_session(current_workshop.id, session_id)
    form = SessionForm(data=stored(session))
    form.offer(current_workshop)
    if form.validate_on_submit() and done(
        form,
        lambda: service.change_session(
            current_workshop, session_id, form.draft(), version=form.seen
        ),
    ):
        return saved(form.title.data, "editor.grid")
    return edit_page("editor/session.html", form, find_session, session_id)


@bp.route("/<slug>/desk/agenda/sessions/<int:session_id>/delete", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def delete_session(session_id: int) -> Page:
    """Ask, then delete a session."""
    session = find_session(current_workshop.id, session_id) or abort(404)
    form = VersionedForm(data={"version": session.version})
    if form.validate_on_submit() and done(
        form, lambda: service.delete_session(current_workshop, session_id, version=form.seen)
    ):
        flash(_("The session is deleted."), "success")
        return to("editor.grid")
    return edit_page("editor/delete_session.html", form, find_session, session_id)


def _suggested_session() -> dict[str, Any]:
    """The day and kind that the address names, and the time at which that day ends so far."""
    days = {day.on.isoformat(): day for day in agenda_days(current_workshop)}
    chosen = request.args.get("day")
    day = days[chosen] if chosen in days else next(iter(days.values()))
    kinds = {kind.value for kind in SessionKind}
    asked = request.args.get("kind")
    kind = asked if asked in kinds else SessionKind.TALK.value
    ends = max((slot.ends for slot in day.slots), default=None)
    return {
        "day": day.on.isoformat(),
        "kind": kind,
        "title": _("Break") if kind == SessionKind.BREAK else "",
        "starts": ends.time() if ends else None,
    }
