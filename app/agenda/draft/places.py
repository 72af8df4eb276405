"""Commands on rooms and topics. They flush and never commit.

Who changes or deletes names the version that was on the screen, as in `app.agenda.draft.service`.
"""

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.agenda.draft.noting import note
from app.agenda.draft.service import change, lock
from app.agenda.models import PALETTE, AgendaSession, Room, Track
from app.extensions import db
from app.refusals import Refused
from app.workshops.models import Workshop


class UnknownColour(Refused):
    """The colour is not in the palette."""


class NameTaken(Refused):
    """Another room or topic of the workshop has this name."""


@dataclass(frozen=True, kw_only=True)
class RoomDraft:
    """A room as it is typed."""

    name: str
    seats: int | None = None
    equipment: str = ""
    position: int = 1


@dataclass(frozen=True, kw_only=True)
class TopicDraft:
    """A topic as it is typed."""

    name: str
    summary: str = ""
    colour: str = PALETTE[0]
    position: int = 1


def add_room(workshop: Workshop, draft: RoomDraft) -> Room:
    """A new room. Raises `NameTaken`."""
    room = Room(workshop_id=workshop.id)
    _save(room, draft)
    note("agenda.room_added", room)
    return room


def change_room(workshop: Workshop, room_id: int, draft: RoomDraft, *, version: int) -> Room:
    """Change a room. Raises `NameTaken`, `ChangedMeanwhile` and `DeletedMeanwhile`."""
    room = lock(Room, workshop, room_id, version)
    _change("agenda.room_changed", room, draft)
    return room


def delete_room(workshop: Workshop, room_id: int, *, version: int) -> None:
    """Delete a room; its sessions stay, without a room.

    Raises `ChangedMeanwhile` and `DeletedMeanwhile`.
    """
    room = lock(Room, workshop, room_id, version)
    _leave(room, AgendaSession.room_id)
    _delete(room, "agenda.room_deleted")


def add_topic(workshop: Workshop, draft: TopicDraft) -> Track:
    """A new topic. Raises `NameTaken` and `UnknownColour`."""
    _check_colour(draft)
    topic = Track(workshop_id=workshop.id)
    _save(topic, draft)
    note("agenda.topic_added", topic)
    return topic


def change_topic(workshop: Workshop, topic_id: int, draft: TopicDraft, *, version: int) -> Track:
    """Change a topic.

    Raises `NameTaken`, `UnknownColour`, `ChangedMeanwhile` and `DeletedMeanwhile`.
    """
    topic = lock(Track, workshop, topic_id, version)
    _check_colour(draft)
    _change("agenda.topic_changed", topic, draft)
    return topic


def delete_topic(workshop: Workshop, topic_id: int, *, version: int) -> None:
    """Delete a topic; its sessions stay, without a topic.

    Raises `ChangedMeanwhile` and `DeletedMeanwhile`.
    """
    topic = lock(Track, workshop, topic_id, version)
    _leave(topic, AgendaSession.track_id)
    _delete(topic, "agenda.topic_deleted")


def _change(action: str, entry: Room | Track, draft: RoomDraft | TopicDraft) -> None:
    before = {name: getattr(entry, name) for name in asdict(draft)}
    changed = _save(entry, draft)
    if changed:
        note(action, entry, fields=changed, before=before, after=asdict(draft))


def _save(entry: Room | Track, draft: RoomDraft | TopicDraft) -> list[str]:
    """Store what was typed under a name that no other has; the names of the changed values."""
    kind, workshop_id, besides = type(entry), entry.workshop_id, entry.id
    _check_name(kind, workshop_id, draft.name, besides)
    try:
        with db.session.begin_nested():
            db.session.add(entry)
            return change(entry, asdict(draft))
    except sa.exc.IntegrityError:
        # Somebody took the name between the look at it and now.
        _check_name(kind, workshop_id, draft.name, besides)
        raise


def _check_name(
    kind: type[Room] | type[Track], workshop_id: int, name: str, besides: int | None
) -> None:
    found = db.session.scalar(
        sa.select(kind.id).where(kind.workshop_id == workshop_id, kind.name == name)
    )
    if found is not None and found != besides:
        raise NameTaken(_("This name is taken. Choose another."), field="name")


def _check_colour(draft: TopicDraft) -> None:
    if draft.colour not in PALETTE:
        raise UnknownColour(_("Choose one of the colours in the list."), field="colour")


def _leave(entry: Room | Track, column: Any) -> None:
    """Let go of a room or topic, also by sessions that are deleted themselves."""
    for session in db.session.scalars(
        sa.select(AgendaSession)
        .where(AgendaSession.workshop_id == entry.workshop_id, column == entry.id)
        .order_by(AgendaSession.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all():
        setattr(session, column.key, None)
        before, after = {column.key: entry.id}, {column.key: None}
        note("agenda.session_changed", session, fields=before, before=before, after=after)
    db.session.flush()


def _delete(entry: Room | Track, action: str) -> None:
    db.session.delete(entry)
    db.session.flush()
    note(action, entry)
