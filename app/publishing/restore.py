"""An earlier release as the draft again. Flushes and never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.journal import record
from app.agenda.draft.history import Action, State, lock_editor, note_step, put_state, state_of
from app.agenda.draft.places import RoomDraft, TopicDraft, add_room, add_topic
from app.agenda.draft.queries import list_rooms, list_tracks
from app.agenda.models import AgendaRelease, AgendaSession, Room, Speaker, Track
from app.agenda.releases.changes import Change, find_changes
from app.agenda.releases.content import Content, Entry
from app.agenda.releases.service import DraftChanged, prepare
from app.extensions import db
from app.workshops.models import Workshop

Place = TypeVar("Place", Room, Track)


@dataclass(frozen=True)
class Restoring:
    """What restoring would do to the draft; `seen` stands for this very draft."""

    changes: tuple[Change, ...]
    seen: str


def preview(workshop: Workshop, release: AgendaRelease) -> Restoring:
    """What restoring the release would change in the draft."""
    prepared = prepare(workshop)
    changes = find_changes(prepared.content, release.content, workshop.zone)
    return Restoring(changes, prepared.seen)


def restore(
    workshop: Workshop, release: AgendaRelease, *, seen: str, account_id: int | None = None
) -> None:
    """Make the draft what the release held. Raises `DraftChanged`.

    What was placed since goes to the tray, what was deleted since comes back, with rooms and
    topics made anew by name where they are gone; people who were deleted since stay away. Each
    session is a step of the editor's that can be undone by itself. Internal notes stay.
    """
    lock_editor(account_id)
    sessions = db.session.scalars(
        sa.select(AgendaSession)
        .filter_by(workshop_id=workshop.id)
        .order_by(AgendaSession.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if prepare(workshop).seen != seen:
        raise DraftChanged(_("The draft has changed meanwhile. Please look at the changes again."))
    content = release.content
    entries = {entry["id"]: entry for entry in content["sessions"]}
    rooms, topics = _rooms(workshop, content), _topics(workshop, content)
    speakers = set(db.session.scalars(sa.select(Speaker.id).filter_by(workshop_id=workshop.id)))
    for session in sessions:
        before = state_of(session)
        entry = entries.get(session.id)
        if entry is not None:
            wanted = _state(before, entry, rooms, topics, speakers)
        elif before["deleted_at"] is None:
            wanted = {**before, "starts_at": None, "ends_at": None}
        else:
            continue
        if wanted != before:
            put_state(session, wanted)
            note_step(Action.CHANGED, session, before, account_id)
    record(
        "agenda.restored",
        workshop_id=workshop.id,
        subject="workshop",
        subject_id=workshop.id,
        detail={"release": release.number},
    )


def _state(
    before: State,
    entry: Entry,
    rooms: dict[int, int],
    topics: dict[int, int],
    speakers: set[int],
) -> State:
    same = ("title", "abstract", "language", "kind", "seats", "sign_up", "starts_at", "ends_at")
    starts, ends = (datetime.fromisoformat(entry[name]) for name in ("starts_at", "ends_at"))
    people = [person for person in entry["people"] if person["id"] in speakers]
    return {
        **before,
        **{name: entry[name] for name in same},
        "minutes": int((ends - starts).total_seconds() // 60),
        "room_id": rooms.get(entry["room_id"]),
        "track_id": topics.get(entry["track_id"]),
        "deleted_at": None,
        "people": [[person["id"], person["role"], n] for n, person in enumerate(people)],
    }


def _rooms(workshop: Workshop, content: Content) -> dict[int, int]:
    """The release's rooms by id → those of now: the same, else of the same name, else new."""
    present = list_rooms(workshop.id)
    used = {entry["room_id"] for entry in content["sessions"]}
    found = {}
    for room in content["rooms"]:
        if room["id"] in used:
            known = _same(present, room)
            found[room["id"]] = known.id if known else _new_room(workshop, room).id
    return found


def _topics(workshop: Workshop, content: Content) -> dict[int, int]:
    present = list_tracks(workshop.id)
    used = {entry["track_id"] for entry in content["sessions"]}
    found = {}
    for topic in content["topics"]:
        if topic["id"] in used:
            known = _same(present, topic)
            found[topic["id"]] = known.id if known else _new_topic(workshop, topic).id
    return found


def _same(present: Sequence[Place], wanted: Entry) -> Place | None:
    by_id = next((place for place in present if place.id == wanted["id"]), None)
    return by_id or next((place for place in present if place.name == wanted["name"]), None)


def _new_room(workshop: Workshop, room: Entry) -> Room:
    position = min(len(list_rooms(workshop.id)) + 1, 99)
    values = {name: room[name] for name in ("name", "seats", "equipment")}
    return add_room(workshop, RoomDraft(position=position, **values))


def _new_topic(workshop: Workshop, topic: Entry) -> Track:
    position = min(len(list_tracks(workshop.id)) + 1, 99)
    values = {name: topic[name] for name in ("name", "summary", "colour")}
    return add_topic(workshop, TopicDraft(position=position, **values))
