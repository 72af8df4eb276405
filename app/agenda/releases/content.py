"""What a release holds, JSON made of the draft (`freeze.py`), read back as the agenda of its pages.

Format 1: `topics`, `rooms`, `sessions` and what `speakers` say about themselves, as they stood.
Each session has `sequence` (RFC 5545: one higher with each release in which the session changed)
and `changed_at`. `cancelled` lists what an earlier release held and this one no longer does, so
that calendars hear of it; the name of its `room` stays with it, whatever becomes of the room.
"""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from app.agenda.models import SessionKind, SessionRole, SignUpMode
from app.agenda.timetable import LETTERS, Agenda, Person, Slot, Topic, make_days
from app.extensions import now

FORMAT = 1
Content = dict[str, Any]
Entry = dict[str, Any]
# What changes by itself with a release, and is therefore no change of the session.
STAMPS = ("sequence", "changed_at")
# What a release shows; `cancelled` follows from these.
_PARTS = ("topics", "rooms", "speakers", "sessions")


def is_same(content: Content, other: Content) -> bool:
    """Whether both show the same, down to the order of rooms; when it changed does not count."""
    return all(
        [without(entry, STAMPS) for entry in content[part]]
        == [without(entry, STAMPS) for entry in other[part]]
        for part in _PARTS
    )


def fingerprint(content: Content) -> str:
    """Stands for what the content shows: the same draft has the same one, whenever it is frozen."""
    shown = [[without(entry, STAMPS) for entry in content[part]] for part in _PARTS]
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


def without(entry: Entry, names: tuple[str, ...]) -> Entry:
    """The entry without the values of these names."""
    return {name: value for name, value in entry.items() if name not in names}
