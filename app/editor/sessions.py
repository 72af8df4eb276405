"""One session's forms: what it is, and the question before it is deleted."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import abort, flash, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.rights import Right
from app.agenda.draft import service
from app.agenda.draft.queries import agenda_days, find_session, list_rooms
from app.agenda.models import SessionKind
from app.agenda.timetable import Day
from app.editor.blueprint import bp
from app.editor.editing import edit_page, stored
from app.editor.entry_forms import SessionForm
from app.editor.view import act, way_back
from app.refusals import Refused
from app.web.access import needs
from app.web.commands import Page, answer, done
from app.web.forms import VersionedForm, show_refusal
from app.workshops.current import current_workshop

USUAL, USUAL_BREAK = timedelta(minutes=60), timedelta(minutes=30)
"""How long a new session or break is at first."""
LAST = time(23, 55)


@bp.route("/<slug>/desk/agenda/sessions/add", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def add_session() -> Page:
    """A new session or break; the address may name day, start, room and kind."""
    form = SessionForm(data=_suggested_session() if request.method == "GET" else None)
    form.offer(current_workshop)
    if form.validate_on_submit() and (
        added := done(
            form,
            lambda: service.add_session(current_workshop, form.draft(), account_id=current_user.id),
        )
    ):
        return _saved(form, added.result.id)
    return answer("editor/session.html", form, stored=None)


@bp.route("/<slug>/desk/agenda/sessions/<int:session_id>", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def edit_session(session_id: int) -> Page:
    """Change a session."""
    session = find_session(current_workshop.id, session_id)
    form = SessionForm(data=stored(session))
    form.offer(current_workshop)
    if form.validate_on_submit() and done(
        form,
        lambda: service.change_session(
            current_workshop,
            session_id,
            form.draft(),
            version=form.seen,
            account_id=current_user.id,
        ),
    ):
        return _saved(form, session_id)
    return edit_page("editor/session.html", form, find_session, session_id)


@bp.route("/<slug>/desk/agenda/sessions/<int:session_id>/delete", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def delete_session(session_id: int) -> Page:
    """Ask, then delete a session; undo brings it back, so a script need not ask."""
    session = find_session(current_workshop.id, session_id)
    if session is None and request.method == "GET":
        abort(404)
    form = VersionedForm(data={"version": session.version} if session else None)
    title = session.title if session else ""

    def page(refusal: Refused) -> Page:
        show_refusal(form, refusal)
        return edit_page("editor/delete_session.html", form, find_session, session_id)

    if form.validate_on_submit():
        return act(
            lambda: service.delete_session(
                current_workshop, session_id, version=form.seen, account_id=current_user.id
            ),
            lambda _draft, _id: _("“%(title)s” is deleted.", title=title),
            refused=page,
        )
    return edit_page("editor/delete_session.html", form, find_session, session_id)


def _saved(form: SessionForm, session_id: int) -> BaseResponse:
    """Back to the session's card, where whoever works by keyboard goes on."""
    flash(_("“%(name)s” is saved.", name=form.title.data), "success")
    on = date.fromisoformat(form.day.data) if form.day.data else None
    return way_back(on, session_id)


def _suggested_session() -> dict[str, Any]:
    """What the address names, and the time at which that day ends so far."""
    days = {day.on.isoformat(): day for day in agenda_days(current_workshop)}
    chosen = request.args.get("day")
    day = days[chosen] if chosen in days else next(iter(days.values()))
    kinds = {kind.value for kind in SessionKind}
    asked = request.args.get("kind")
    kind = asked if asked in kinds else SessionKind.TALK.value
    rooms = {str(room.id): room.id for room in list_rooms(current_workshop.id)}
    room_id = rooms.get(request.args.get("room", ""))
    starts = _asked_start() or max((slot.ends.time() for slot in day.slots), default=None)
    return {
        "day": day.on.isoformat(),
        "kind": kind,
        "title": _("Break") if kind == SessionKind.BREAK else "",
        "starts": starts,
        "ends": _usual_end(day, starts, kind, room_id) if starts else None,
        "room_id": room_id,
    }


def _usual_end(day: Day, starts: time, kind: str, room_id: int | None) -> time:
    """As long as usual, but not into what follows in that room, nor past the day's last step."""
    begin = datetime.combine(day.on, starts)
    following = (
        slot.starts.replace(tzinfo=None)
        for slot in day.slots
        if slot.room_id in {None, room_id} and slot.starts.replace(tzinfo=None) > begin
    )
    last = datetime.combine(day.on, LAST)
    usual = begin + (USUAL_BREAK if kind == SessionKind.BREAK else USUAL)
    return min((usual, last, *following)).time() if begin < last else LAST


def _asked_start() -> time | None:
    try:
        return time.fromisoformat(request.args.get("starts", ""))
    except ValueError:
        return None
