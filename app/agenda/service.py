"""Commands on the programme. They flush and never commit.

Two people may edit at once: who changes or deletes names the version that was on the screen, and
is refused with `ChangedMeanwhile` when it is no longer the present one.
"""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.journal import record
from app.agenda.models import (
    PALETTE,
    AgendaSession,
    Room,
    SessionKind,
    SessionRole,
    SignUpMode,
    Track,
)
from app.agenda.people import set_people
from app.agenda.queries import find_room, find_track
from app.extensions import db, now
from app.refusals import Refused
from app.workshops.models import Workshop

Entry = TypeVar("Entry", AgendaSession, Room, Track)
# What the journal calls them.
SUBJECTS: dict[type, str] = {AgendaSession: "session", Room: "room", Track: "topic"}


class EndsBeforeStart(Refused):
    """The end is not after the start."""


class OutsideWorkshop(Refused):
    """The day is none of the workshop's days."""


class NoSuchTime(Refused):
    """Clocks go forward on that day and leave this time out."""


class UnknownRoom(Refused):
    """The room is not one of this workshop's."""


class UnknownTopic(Refused):
    """The topic is not one of this workshop's."""


class UnknownColour(Refused):
    """The colour is not in the palette."""


class NameTaken(Refused):
    """Another room or topic of the workshop has this name."""


class ChangedMeanwhile(Refused):
    """Somebody else has saved a newer version."""


class DeletedMeanwhile(Refused):
    """Somebody else has deleted it."""


@dataclass(frozen=True, kw_only=True)
class SessionDraft:
    """A session as it is typed: a day and clock times in the workshop's zone.

    Without a day it lies in the tray and has only its length. `speakers` and `chair` hold one
    person a line: name, comma, organisation.
    """

    kind: SessionKind
    title: str
    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    minutes: int = 60
    room_id: int | None = None
    track_id: int | None = None
    speakers: str = ""
    chair: str = ""
    abstract: str = ""
    language: str = "de"
    seats: int | None = None
    sign_up: SignUpMode = SignUpMode.NONE
    notes: str = ""


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


def add_session(workshop: Workshop, draft: SessionDraft) -> AgendaSession:
    """A new session. Raises what `change_session` raises about the draft."""
    session = AgendaSession(
        workshop_id=workshop.id, uid=str(uuid4()), **_session_values(workshop, draft)
    )
    db.session.add(session)
    db.session.flush()
    _set_people(session, draft)
    _record("agenda.session_added", session)
    return session


def change_session(
    workshop: Workshop, session_id: int, draft: SessionDraft, *, version: int
) -> AgendaSession:
    """Change a session to the draft.

    Raises `EndsBeforeStart`, `OutsideWorkshop`, `NoSuchTime`, `UnknownRoom`, `UnknownTopic`,
    `ChangedMeanwhile` and `DeletedMeanwhile`.
    """
    session = _lock(AgendaSession, workshop, session_id, version)
    values = _session_values(workshop, draft)
    if _set_people(session, draft):
        values["updated_at"] = now()  # the people are part of the session: its version rises
    _change(session, values, "agenda.session_changed")
    return session


def delete_session(workshop: Workshop, session_id: int, *, version: int) -> None:
    """Take a session out of the draft. Raises `ChangedMeanwhile` and `DeletedMeanwhile`."""
    session = _lock(AgendaSession, workshop, session_id, version)
    session.deleted_at = now()
    db.session.flush()
    _record("agenda.session_deleted", session)


def add_room(workshop: Workshop, draft: RoomDraft) -> Room:
    """A new room. Raises `NameTaken`."""
    _check_name(Room, workshop, draft.name)
    room = Room(workshop_id=workshop.id, **_values(draft))
    db.session.add(room)
    db.session.flush()
    _record("agenda.room_added", room)
    return room


def change_room(workshop: Workshop, room_id: int, draft: RoomDraft, *, version: int) -> Room:
    """Change a room. Raises `NameTaken`, `ChangedMeanwhile` and `DeletedMeanwhile`."""
    room = _lock(Room, workshop, room_id, version)
    _check_name(Room, workshop, draft.name, besides=room.id)
    _change(room, _values(draft), "agenda.room_changed")
    return room


def delete_room(workshop: Workshop, room_id: int, *, version: int) -> None:
    """Delete a room; its sessions stay, without a room.

    Raises `ChangedMeanwhile` and `DeletedMeanwhile`.
    """
    room = _lock(Room, workshop, room_id, version)
    _leave(room, AgendaSession.room_id)
    _delete(room, "agenda.room_deleted")


def add_topic(workshop: Workshop, draft: TopicDraft) -> Track:
    """A new topic. Raises `NameTaken` and `UnknownColour`."""
    _check_topic(workshop, draft)
    topic = Track(workshop_id=workshop.id, **_values(draft))
    db.session.add(topic)
    db.session.flush()
    _record("agenda.topic_added", topic)
    return topic


def change_topic(workshop: Workshop, topic_id: int, draft: TopicDraft, *, version: int) -> Track:
    """Change a topic.

    Raises `NameTaken`, `UnknownColour`, `ChangedMeanwhile` and `DeletedMeanwhile`.
    """
    topic = _lock(Track, workshop, topic_id, version)
    _check_topic(workshop, draft, besides=topic.id)
    _change(topic, _values(draft), "agenda.topic_changed")
    return topic


def delete_topic(workshop: Workshop, topic_id: int, *, version: int) -> None:
    """Delete a topic; its sessions stay, without a topic.

    Raises `ChangedMeanwhile` and `DeletedMeanwhile`.
    """
    topic = _lock(Track, workshop, topic_id, version)
    _leave(topic, AgendaSession.track_id)
    _delete(topic, "agenda.topic_deleted")


def _session_values(workshop: Workshop, draft: SessionDraft) -> dict[str, Any]:
    """The draft as columns, checked."""
    if draft.room_id is not None and find_room(workshop.id, draft.room_id) is None:
        raise UnknownRoom(_("Choose one of the rooms in the list."), field="room_id")
    if draft.track_id is not None and find_track(workshop.id, draft.track_id) is None:
        raise UnknownTopic(_("Choose one of the topics in the list."), field="track_id")
    values = _values(draft)
    for name in ("day", "starts", "ends", "speakers", "chair"):
        del values[name]
    return {**values, **_times(workshop, draft)}


def _times(workshop: Workshop, draft: SessionDraft) -> dict[str, Any]:
    if draft.day is None or draft.starts is None or draft.ends is None:
        return {"starts_at": None, "ends_at": None}
    if draft.day not in workshop.days:
        raise OutsideWorkshop(_("Choose one of the workshop's days."), field="day")
    starts = _instant(draft.day, draft.starts, workshop.zone, "starts")
    ends = _instant(draft.day, draft.ends, workshop.zone, "ends")
    if ends <= starts:
        raise EndsBeforeStart(_("The end must be after the start."), field="ends")
    minutes = int((ends - starts).total_seconds() // 60)
    return {"starts_at": starts, "ends_at": ends, "minutes": minutes}


def _set_people(session: AgendaSession, draft: SessionDraft) -> bool:
    changed = [
        set_people(session, SessionRole.SPEAKER, draft.speakers),
        set_people(session, SessionRole.CHAIR, draft.chair),
    ]
    return any(changed)


def _instant(day: date, clock: time, zone: ZoneInfo, field: str) -> datetime:
    """The instant in UTC; of a time that comes twice when clocks go back, the first."""
    instant = datetime.combine(day, clock, zone).astimezone(UTC)
    if instant.astimezone(zone).time() != clock:
        raise NoSuchTime(
            _("Clocks go forward on this day, so this time does not exist."), field=field
        )
    return instant


def _check_topic(workshop: Workshop, draft: TopicDraft, besides: int | None = None) -> None:
    if draft.colour not in PALETTE:
        raise UnknownColour(_("Choose one of the colours in the list."), field="colour")
    _check_name(Track, workshop, draft.name, besides)


def _check_name(
    kind: type[Room] | type[Track], workshop: Workshop, name: str, besides: int | None = None
) -> None:
    found = db.session.scalar(
        sa.select(kind.id).where(kind.workshop_id == workshop.id, kind.name == name)
    )
    if found is not None and found != besides:
        raise NameTaken(_("This name is taken. Choose another."), field="name")


def _lock(kind: type[Entry], workshop: Workshop, entry_id: int, version: int) -> Entry:
    """The entry as it is now, kept from others until the transaction ends."""
    entry = db.session.scalar(
        sa.select(kind)
        .where(kind.id == entry_id, kind.workshop_id == workshop.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if entry is None or getattr(entry, "deleted_at", None):
        raise DeletedMeanwhile(_("Somebody else has deleted this meanwhile."))
    if entry.version != version:
        raise ChangedMeanwhile(_("Somebody else has changed this meanwhile."))
    return entry


def _change(entry: AgendaSession | Room | Track, values: dict[str, Any], action: str) -> None:
    changed = sorted(name for name, value in values.items() if getattr(entry, name) != value)
    for name in changed:
        setattr(entry, name, values[name])
    db.session.flush()
    if changed:
        _record(action, entry, {"fields": changed})


def _leave(entry: Room | Track, column: Any) -> None:
    """Let go of a room or topic, also by sessions that are deleted themselves."""
    for session in db.session.scalars(
        sa.select(AgendaSession).where(
            AgendaSession.workshop_id == entry.workshop_id, column == entry.id
        )
    ):
        setattr(session, column.key, None)
    db.session.flush()


def _delete(entry: AgendaSession | Room | Track, action: str) -> None:
    db.session.delete(entry)
    db.session.flush()
    _record(action, entry)


def _record(
    action: str, entry: AgendaSession | Room | Track, detail: dict[str, Any] | None = None
) -> None:
    record(
        action,
        workshop_id=entry.workshop_id,
        subject=SUBJECTS[type(entry)],
        subject_id=entry.id,
        detail=detail or {},
    )


def _values(draft: SessionDraft | RoomDraft | TopicDraft) -> dict[str, Any]:
    return {field.name: getattr(draft, field.name) for field in fields(draft)}
