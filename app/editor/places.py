"""The rooms and topics of the agenda, at the desk."""

from flask import Blueprint, abort, flash, render_template
from flask_babel import gettext as _

from app.accounts.rights import Right
from app.agenda.draft import places
from app.agenda.draft.queries import (
    find_room,
    find_track,
    list_rooms,
    list_topics,
    list_tracks,
    sessions_in_room,
    sessions_on_topic,
)
from app.agenda.models import Room, Track
from app.editor.editing import edit_page, saved, stored
from app.editor.entry_forms import RoomForm, TopicForm
from app.web.access import needs
from app.web.commands import Page, answer, done, to
from app.web.forms import VersionedForm
from app.workshops.current import current_workshop

bp = Blueprint("agenda_desk", __name__)


@bp.get("/<slug>/desk/agenda/rooms")
@needs(Right.EDIT_AGENDA)
def rooms() -> Page:
    """The rooms."""
    return render_template("editor/rooms.html", rooms=list_rooms(current_workshop.id))


@bp.route("/<slug>/desk/agenda/rooms/add", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def add_room() -> Page:
    """A new room."""
    form = RoomForm(data={"position": _next_position(list_rooms(current_workshop.id))})
    if form.validate_on_submit() and done(
        form, lambda: places.add_room(current_workshop, form.draft())
    ):
        return saved(form.name.data, "agenda_desk.rooms")
    return answer("editor/room.html", form, stored=None)


@bp.route("/<slug>/desk/agenda/rooms/<int:room_id>", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def edit_room(room_id: int) -> Page:
    """Change a room."""
    form = RoomForm(data=stored(find_room(current_workshop.id, room_id)))
    if form.validate_on_submit() and done(
        form,
        lambda: places.change_room(current_workshop, room_id, form.draft(), version=form.seen),
    ):
        return saved(form.name.data, "agenda_desk.rooms")
    return edit_page("editor/room.html", form, find_room, room_id)


@bp.route("/<slug>/desk/agenda/rooms/<int:room_id>/delete", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def delete_room(room_id: int) -> Page:
    """Ask, then delete a room."""
    room = find_room(current_workshop.id, room_id) or abort(404)
    losers = sessions_in_room(room)
    form = VersionedForm(data={"version": room.version})
    if form.validate_on_submit() and done(
        form, lambda: places.delete_room(current_workshop, room_id, version=form.seen)
    ):
        flash(_("The room is deleted."), "success")
        return to("agenda_desk.rooms")
    return edit_page("editor/delete_room.html", form, find_room, room_id, losers=losers)


@bp.get("/<slug>/desk/agenda/topics")
@needs(Right.EDIT_AGENDA)
def topics() -> Page:
    """The topics."""
    return render_template("editor/topics.html", topics=list_topics(current_workshop.id))


@bp.route("/<slug>/desk/agenda/topics/add", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def add_topic() -> Page:
    """A new topic."""
    form = TopicForm(data={"position": _next_position(list_tracks(current_workshop.id))})
    if form.validate_on_submit() and done(
        form, lambda: places.add_topic(current_workshop, form.draft())
    ):
        return saved(form.name.data, "agenda_desk.topics")
    return answer("editor/topic.html", form, stored=None)


@bp.route("/<slug>/desk/agenda/topics/<int:topic_id>", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def edit_topic(topic_id: int) -> Page:
    """Change a topic."""
    form = TopicForm(data=stored(find_track(current_workshop.id, topic_id)))
    if form.validate_on_submit() and done(
        form,
        lambda: places.change_topic(current_workshop, topic_id, form.draft(), version=form.seen),
    ):
        return saved(form.name.data, "agenda_desk.topics")
    return edit_page("editor/topic.html", form, find_track, topic_id)


@bp.route("/<slug>/desk/agenda/topics/<int:topic_id>/delete", methods=["GET", "POST"])
@needs(Right.EDIT_AGENDA)
def delete_topic(topic_id: int) -> Page:
    """Ask, then delete a topic."""
    topic = find_track(current_workshop.id, topic_id) or abort(404)
    losers = sessions_on_topic(topic)
    form = VersionedForm(data={"version": topic.version})
    if form.validate_on_submit() and done(
        form, lambda: places.delete_topic(current_workshop, topic_id, version=form.seen)
    ):
        flash(_("The topic is deleted."), "success")
        return to("agenda_desk.topics")
    return edit_page("editor/delete_topic.html", form, find_track, topic_id, losers=losers)


def _next_position(entries: list[Room] | list[Track]) -> int:
    return min(max((entry.position for entry in entries), default=0) + 1, 99)
