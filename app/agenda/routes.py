"""The programme's pages: the released one for everybody, the draft at the desk."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.agenda import releases, service
from app.agenda.calendar import agenda_calendar
from app.agenda.forms import (
    KINDS,
    RoomForm,
    SessionForm,
    TopicForm,
    VersionedForm,
    stored_values,
)
from app.agenda.models import AgendaSession, Room, SessionKind, Track
from app.agenda.queries import (
    agenda_days,
    find_room,
    find_session,
    find_track,
    get_agenda,
    list_rooms,
    list_topics,
    list_tracks,
    sessions_in_room,
    sessions_on_topic,
)
from app.agenda.releases import find_released_agenda, shown_content
from app.agenda.timetable import room_clashes
from app.extensions import db
from app.refusals import Refused
from app.web.access import Audience, audience, may_open
from app.web.forms import show_refusal
from app.workshops.current import current_workshop

bp = Blueprint("agenda", __name__)

Page = str | tuple[str, int] | BaseResponse
Finder = Callable[[int, int], Any]


@bp.get("/<slug>/agenda")
@audience(Audience.EVERYONE)
def show() -> Page:
    """The released programme; organisers see the draft."""
    agenda = find_released_agenda(current_workshop)
    is_draft = agenda is None and may_open("agenda.edit")
    if is_draft:
        agenda = get_agenda(current_workshop)
    # Translated once each, not at every session.
    kinds = {kind: str(label) for kind, label in KINDS.items()}
    return render_template("agenda/show.html", agenda=agenda, is_draft=is_draft, kinds=kinds)


@bp.get("/<slug>/agenda.ics")
@audience(Audience.EVERYONE)
def calendar() -> Response:
    """The released programme for calendars."""
    content = shown_content(current_workshop) or abort(404)
    response = Response(agenda_calendar(current_workshop, content), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'inline; filename="{current_workshop.slug}.ics"'
    return response


@bp.get("/<slug>/desk/agenda")
@audience(Audience.ORGANISER)
def edit() -> Page:
    """The draft as a list."""
    days = agenda_days(current_workshop)
    slots = [slot for day in days for slot in day.slots]
    return render_template(
        "agenda/edit.html",
        days=days,
        has_sessions=bool(slots),
        clashes=room_clashes(slots),
        strays=[slot for slot in slots if slot.starts.date() not in current_workshop.days],
        kinds=KINDS,
    )


@bp.post("/<slug>/desk/agenda/release")
@audience(Audience.ORGANISER)
def release() -> Page:
    """Show the programme to everybody."""
    try:
        releases.release(current_workshop, account_id=current_user.id)
    except releases.NothingToRelease as refusal:
        db.session.rollback()
        flash(refusal.message, "warning")
        return _to("agenda.edit")
    db.session.commit()
    flash(_("The agenda is published."), "success")
    return _to("agenda.edit")


@bp.route("/<slug>/desk/agenda/withdraw", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def withdraw() -> Page:
    """Ask, then show the programme to organisers only."""
    form = VersionedForm()
    if form.validate_on_submit():
        releases.withdraw(current_workshop)
        db.session.commit()
        flash(_("The agenda is withdrawn. Only the organisers see it."), "success")
        return _to("agenda.edit")
    return render_template("agenda/withdraw.html", form=form)


@bp.route("/<slug>/desk/agenda/sessions/add", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def add_session() -> Page:
    """A new session or break; the address may name day and kind."""
    form = SessionForm(data=_suggested_session() if request.method == "GET" else None)
    form.offer(current_workshop)
    if form.validate_on_submit() and _done(
        form, lambda: service.add_session(current_workshop, form.draft())
    ):
        return _saved(form.title.data, "agenda.edit")
    return _answer("agenda/session.html", form, stored=None)


@bp.route("/<slug>/desk/agenda/sessions/<int:session_id>", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def edit_session(session_id: int) -> Page:
    """Change a session."""
    session = find_session(current_workshop.id, session_id)
    form = SessionForm(data=_stored(session))
    form.offer(current_workshop)
    if form.validate_on_submit() and _done(
        form,
        lambda: service.change_session(
            current_workshop, session_id, form.draft(), version=form.seen
        ),
    ):
        return _saved(form.title.data, "agenda.edit")
    return _edit_page("agenda/session.html", form, find_session, session_id)


@bp.route("/<slug>/desk/agenda/sessions/<int:session_id>/delete", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def delete_session(session_id: int) -> Page:
    """Ask, then delete a session."""
    session = find_session(current_workshop.id, session_id) or abort(404)
    form = VersionedForm(data={"version": session.version})
    if form.validate_on_submit() and _done(
        form, lambda: service.delete_session(current_workshop, session_id, version=form.seen)
    ):
        flash(_("The session is deleted."), "success")
        return _to("agenda.edit")
    return _edit_page("agenda/delete_session.html", form, find_session, session_id)


@bp.get("/<slug>/desk/agenda/rooms")
@audience(Audience.ORGANISER)
def rooms() -> Page:
    """The rooms."""
    return render_template("agenda/rooms.html", rooms=list_rooms(current_workshop.id))


@bp.route("/<slug>/desk/agenda/rooms/add", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def add_room() -> Page:
    """A new room."""
    form = RoomForm(data={"position": _next_position(list_rooms(current_workshop.id))})
    if form.validate_on_submit() and _done(
        form, lambda: service.add_room(current_workshop, form.draft())
    ):
        return _saved(form.name.data, "agenda.rooms")
    return _answer("agenda/room.html", form, stored=None)


@bp.route("/<slug>/desk/agenda/rooms/<int:room_id>", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def edit_room(room_id: int) -> Page:
    """Change a room."""
    form = RoomForm(data=_stored(find_room(current_workshop.id, room_id)))
    if form.validate_on_submit() and _done(
        form,
        lambda: service.change_room(current_workshop, room_id, form.draft(), version=form.seen),
    ):
        return _saved(form.name.data, "agenda.rooms")
    return _edit_page("agenda/room.html", form, find_room, room_id)


@bp.route("/<slug>/desk/agenda/rooms/<int:room_id>/delete", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def delete_room(room_id: int) -> Page:
    """Ask, then delete a room."""
    room = find_room(current_workshop.id, room_id) or abort(404)
    losers = sessions_in_room(room)
    form = VersionedForm(data={"version": room.version})
    if form.validate_on_submit() and _done(
        form, lambda: service.delete_room(current_workshop, room_id, version=form.seen)
    ):
        flash(_("The room is deleted."), "success")
        return _to("agenda.rooms")
    return _edit_page("agenda/delete_room.html", form, find_room, room_id, losers=losers)


@bp.get("/<slug>/desk/agenda/topics")
@audience(Audience.ORGANISER)
def topics() -> Page:
    """The topics."""
    return render_template("agenda/topics.html", topics=list_topics(current_workshop.id))


@bp.route("/<slug>/desk/agenda/topics/add", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def add_topic() -> Page:
    """A new topic."""
    form = TopicForm(data={"position": _next_position(list_tracks(current_workshop.id))})
    if form.validate_on_submit() and _done(
        form, lambda: service.add_topic(current_workshop, form.draft())
    ):
        return _saved(form.name.data, "agenda.topics")
    return _answer("agenda/topic.html", form, stored=None)


@bp.route("/<slug>/desk/agenda/topics/<int:topic_id>", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def edit_topic(topic_id: int) -> Page:
    """Change a topic."""
    form = TopicForm(data=_stored(find_track(current_workshop.id, topic_id)))
    if form.validate_on_submit() and _done(
        form,
        lambda: service.change_topic(current_workshop, topic_id, form.draft(), version=form.seen),
    ):
        return _saved(form.name.data, "agenda.topics")
    return _edit_page("agenda/topic.html", form, find_track, topic_id)


@bp.route("/<slug>/desk/agenda/topics/<int:topic_id>/delete", methods=["GET", "POST"])
@audience(Audience.ORGANISER)
def delete_topic(topic_id: int) -> Page:
    """Ask, then delete a topic."""
    topic = find_track(current_workshop.id, topic_id) or abort(404)
    losers = sessions_on_topic(topic)
    form = VersionedForm(data={"version": topic.version})
    if form.validate_on_submit() and _done(
        form, lambda: service.delete_topic(current_workshop, topic_id, version=form.seen)
    ):
        flash(_("The topic is deleted."), "success")
        return _to("agenda.topics")
    return _edit_page("agenda/delete_topic.html", form, find_track, topic_id, losers=losers)


def _to(endpoint: str) -> BaseResponse:
    return redirect(url_for(endpoint), code=303)


def _done(form: VersionedForm, command: Callable[[], object]) -> bool:
    """Run the command and commit; False if it was refused, which the form then shows."""
    try:
        command()
    except Refused as refusal:
        db.session.rollback()
        show_refusal(form, refusal)
        return False
    db.session.commit()
    return True


def _answer(template: str, form: VersionedForm, **context: Any) -> Page:
    """The page with its form; 422 when it comes back with what was typed."""
    return render_template(template, form=form, **context), 422 if form.is_submitted() else 200


def _edit_page(
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
    return _answer(template, form, stored=entry, overtaken=overtaken, **context)


def _stored(entry: AgendaSession | Room | Track | None) -> dict[str, Any] | None:
    """Values for a form; a posted form has its own, whatever became of the entry."""
    return stored_values(entry, current_workshop) if entry is not None else None


def _saved(name: str, endpoint: str) -> BaseResponse:
    flash(_("“%(name)s” is saved.", name=name), "success")
    return _to(endpoint)


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


def _next_position(entries: list[Room] | list[Track]) -> int:
    return min(max((entry.position for entry in entries), default=0) + 1, 99)
