"""What a release holds: the draft frozen as JSON, and read back as the agenda of its pages.

Format 1: `topics`, `rooms` and `sessions` as they stood. Each session has `sequence` (RFC 5545:
one higher with each release in which the session changed) and `changed_at`. `cancelled` lists
what an earlier release held and this one no longer does, so that calendars hear of it.
"""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.agenda.models import SessionKind, SessionRole, SignUpMode
from app.agenda.queries import LETTERS, Agenda, list_rooms, list_sessions, people_by_session
from app.agenda.queries import list_topics as _draft_topics
from app.agenda.timetable import Person, Slot, Topic, make_days
from app.extensions import now
from app.workshops.models import Workshop

FORMAT = 1
Content = dict[str, Any]
# What changes by itself with a release, and is therefore no change of the session.
STAMPS = ("sequence", "changed_at")


def freeze(workshop: Workshop, previous: Content | None) -> Content:
    """The draft's placed sessions with all that they need, numbered on from the release before."""
    at = now().replace(microsecond=0)
    before = {entry["id"]: entry for entry in _all_sessions(previous)}
    sessions = [_stamped(entry, before.get(entry["id"]), at) for entry in _draft(workshop)]
    kept = {entry["id"] for entry in sessions}
    gone_already = {entry["id"] for entry in (previous or {}).get("cancelled", ())}
    return {
        "format": FORMAT,
        "topics": [
            {"id": t.id, "name": t.name, "summary": t.summary, "colour": t.colour}
            for t in _draft_topics(workshop.id)
        ],
        "rooms": [
            {"id": room.id, "name": room.name, "seats": room.seats, "equipment": room.equipment}
            for room in list_rooms(workshop.id)
        ],
        "sessions": sessions,
        "cancelled": [
            entry if entry["id"] in gone_already else _next(entry, entry["sequence"] + 1, at)
            for entry in before.values()
            if entry["id"] not in kept
        ],
    }


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


def read_slots(
    content: Content, entries: list[dict[str, Any]], zone: ZoneInfo, at: datetime
) -> list[Slot]:
    """Entries of this content as slots, in the order of the agenda."""
    topics = {topic.id: topic for topic in read_topics(content)}
    rooms = {room["id"]: (number, room["name"]) for number, room in enumerate(content["rooms"])}
    slots = []
    for entry in entries:
        starts, ends = (datetime.fromisoformat(entry[key]) for key in ("starts_at", "ends_at"))
        position, room = rooms.get(entry["room_id"], (len(rooms), ""))
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


def day_of(entry: dict[str, Any], zone: ZoneInfo) -> date:
    """The day on which a frozen session begins."""
    return datetime.fromisoformat(entry["starts_at"]).astimezone(zone).date()


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


def _all_sessions(content: Content | None) -> list[dict[str, Any]]:
    return [*content["sessions"], *content["cancelled"]] if content else []


def _stamped(entry: dict[str, Any], before: dict[str, Any] | None, at: datetime) -> dict[str, Any]:
    if before is None:
        return _next(entry, 0, at)
    stamps = {name: before[name] for name in STAMPS}
    unchanged = {**entry, **stamps} == before
    return {**entry, **stamps} if unchanged else _next(entry, before["sequence"] + 1, at)


def _next(entry: dict[str, Any], sequence: int, at: datetime) -> dict[str, Any]:
    return {**entry, "sequence": sequence, "changed_at": _iso(at)}


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
