"""What a release holds: the draft frozen as JSON, and read back as the agenda of its pages.

Format 1: `topics`, `rooms`, `sessions` and what `speakers` say about themselves, as they stood.
Each session has `sequence` (RFC 5545: one higher with each release in which the session changed)
and `changed_at`. `cancelled` lists what an earlier release held and this one no longer does, so
that calendars hear of it; the name of its `room` stays with it, whatever becomes of the room.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from app.agenda.draft.queries import (
    LETTERS,
    Agenda,
    list_abouts,
    list_rooms,
    list_sessions,
    people_by_session,
)
from app.agenda.draft.queries import list_topics as _draft_topics
from app.agenda.models import SessionKind, SessionRole, SignUpMode
from app.agenda.timetable import Person, Slot, Topic, make_days
from app.extensions import now
from app.workshops.models import Workshop

FORMAT = 1
Content = dict[str, Any]
Entry = dict[str, Any]
# What changes by itself with a release, and is therefore no change of the session.
STAMPS = ("sequence", "changed_at")
# What a release shows; `cancelled` follows from these.
_PARTS = ("topics", "rooms", "speakers", "sessions")
# What only the database knows; people know rooms, topics and each other by name.
_KEYS = ("room_id", "track_id", "people")


def freeze(workshop: Workshop, previous: Content | None) -> Content:
    """The draft's placed sessions with all that they need, numbered on from the release before."""
    at = now().replace(microsecond=0)
    content: Content = {
        "format": FORMAT,
        "topics": [
            {"id": t.id, "name": t.name, "summary": t.summary, "colour": t.colour}
            for t in _draft_topics(workshop.id)
        ],
        "rooms": [
            {"id": room.id, "name": room.name, "seats": room.seats, "equipment": room.equipment}
            for room in list_rooms(workshop.id)
        ],
        "speakers": list_abouts(workshop.id),
        "sessions": _draft(workshop),
        "cancelled": [],
    }
    _stamp(content, previous, at)
    if previous:
        kept = {entry["id"] for entry in content["sessions"]}
        content["cancelled"] = [
            *(_gone(e, previous, at) for e in previous["sessions"] if e["id"] not in kept),
            *(entry for entry in previous["cancelled"] if entry["id"] not in kept),
        ]
    return content


def is_same(content: Content, other: Content) -> bool:
    """Whether both show the same, down to the order of rooms; when it changed does not count."""
    return all(
        [_without(entry, STAMPS) for entry in content[part]]
        == [_without(entry, STAMPS) for entry in other[part]]
        for part in _PARTS
    )


def fingerprint(content: Content) -> str:
    """Stands for what the content shows: the same draft has the same one, whenever it is frozen."""
    shown = [[_without(entry, STAMPS) for entry in content[part]] for part in _PARTS]
    return sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


def read_agenda(content: Content, zone: ZoneInfo, at: datetime | None = None) -> Agenda:
    """The agenda as a release froze it; `at` is the instant that counts as now."""
    slots = read_slots(content, content["sessions"], zone, at or now())
    return Agenda(tuple(read_topics(content)), make_days(slots))


def read_topics(content: Content) -> list[Topic]:
    """The topics in their order, each with its letter."""
    return [
        Topic(t["id"], t["name"], t["summary"], t["colour"], LETTERS[number % len(LETTERS)])
        for number, t in enumerate(content["topics"])
    ]


def read_abouts(content: Content) -> dict[int, str]:
    """Speaker id → what they say about themselves."""
    return {speaker["id"]: speaker["about"] for speaker in content["speakers"]}


def read_slots(
    content: Content, entries: list[dict[str, Any]], zone: ZoneInfo, at: datetime
) -> list[Slot]:
    """Entries of this content as slots, in the order of the agenda."""
    topics = {topic.id: topic for topic in read_topics(content)}
    rooms = {room["id"]: (number, room["name"]) for number, room in enumerate(content["rooms"])}
    slots = []
    for entry in entries:
        starts, ends = (datetime.fromisoformat(entry[key]) for key in ("starts_at", "ends_at"))
        position, room = rooms.get(entry["room_id"], (len(rooms), entry.get("room", "")))
        slots.append(
            Slot(
                id=entry["id"],
                kind=SessionKind(entry["kind"]),
                title=entry["title"],
                abstract=entry["abstract"],
                language=entry["language"],
                people=tuple(
                    Person(p["id"], p["name"], p["organisation"], SessionRole(p["role"]))
                    for p in entry["people"]
                ),
                topic=topics.get(entry["track_id"]),
                room_id=entry["room_id"],
                room=room,
                room_position=position,
                seats=entry["seats"],
                sign_up=SignUpMode(entry["sign_up"]),
                starts=starts.astimezone(zone),
                ends=ends.astimezone(zone),
                is_now=starts <= at < ends,
                uid=entry["uid"],
                sequence=entry["sequence"],
                changed_at=datetime.fromisoformat(entry["changed_at"]),
            )
        )
    return sorted(slots, key=lambda slot: (slot.starts, slot.room_position, slot.id))


def span(content: Content) -> tuple[datetime, datetime] | None:
    """First start and last end, in UTC; None without any session."""
    sessions = content["sessions"]
    if not sessions:
        return None
    return (
        min(datetime.fromisoformat(entry["starts_at"]) for entry in sessions),
        max(datetime.fromisoformat(entry["ends_at"]) for entry in sessions),
    )


def _draft(workshop: Workshop) -> list[dict[str, Any]]:
    people = people_by_session(workshop.id)
    return [
        {
            "id": session.id,
            "uid": session.uid,
            "kind": session.kind.value,
            "title": session.title,
            "abstract": session.abstract,
            "language": session.language,
            "track_id": session.track_id,
            "room_id": session.room_id,
            "seats": session.seats,
            "sign_up": session.sign_up.value,
            "starts_at": _iso(session.starts_at),
            "ends_at": _iso(session.ends_at),
            "people": [
                {"id": p.id, "name": p.name, "organisation": p.organisation, "role": p.role.value}
                for p in people.get(session.id, ())
            ],
        }
        for session in list_sessions(workshop.id)
    ]


def _stamp(content: Content, previous: Content | None, at: datetime) -> None:
    """Number the sessions: on from the release before where people see a difference."""
    before = {entry["id"]: entry for entry in previous["sessions"]} if previous else {}
    gone = {entry["id"]: entry for entry in previous["cancelled"]} if previous else {}
    for entry in content["sessions"]:
        old = before.get(entry["id"])
        if old is not None and previous and _seen(entry, content) == _seen(old, previous):
            entry.update({name: old[name] for name in STAMPS})
            continue
        last = old or gone.get(entry["id"])
        entry.update(sequence=last["sequence"] + 1 if last else 0, changed_at=_iso(at))


def _gone(entry: Entry, previous: Content, at: datetime) -> Entry:
    """A session of the release before as cancelled by this one."""
    return {
        **entry,
        "room": _name(previous["rooms"], entry["room_id"]),
        "sequence": entry["sequence"] + 1,
        "changed_at": _iso(at),
    }


def _seen(entry: Entry, content: Content) -> Entry:
    """What people see of a session: its room may be renamed, or made anew with the same name."""
    return {
        **_without(entry, (*STAMPS, *_KEYS)),
        "room": _name(content["rooms"], entry["room_id"]),
        "topic": _name(content["topics"], entry["track_id"]),
        "people": [_without(person, ("id",)) for person in entry["people"]],
    }


def _name(entries: list[Entry], entry_id: int | None) -> str:
    return next((str(entry["name"]) for entry in entries if entry["id"] == entry_id), "")


def _without(entry: Entry, names: tuple[str, ...]) -> Entry:
    return {name: value for name, value in entry.items() if name not in names}


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
