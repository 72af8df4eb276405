"""How a release is made: the draft frozen as JSON (`content.py` says what it holds)."""

from datetime import UTC, datetime
from typing import Any

from app.agenda.draft.queries import (
    list_abouts,
    list_rooms,
    list_sessions,
    list_topics,
    people_by_session,
)
from app.agenda.releases.content import FORMAT, STAMPS, Content, Entry, without
from app.extensions import now
from app.workshops.models import Workshop

# What only the database knows; people know rooms, topics and each other by name.
_KEYS = ("room_id", "track_id", "people")


def freeze(workshop: Workshop, previous: Content | None) -> Content:
    """The draft's placed sessions with all that they need, numbered on from the release before."""
    at = now().replace(microsecond=0)
    content: Content = {
        "format": FORMAT,
        "topics": [
            {"id": t.id, "name": t.name, "summary": t.summary, "colour": t.colour}
            for t in list_topics(workshop.id)
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
        **without(entry, (*STAMPS, *_KEYS)),
        "room": _name(content["rooms"], entry["room_id"]),
        "topic": _name(content["topics"], entry["track_id"]),
        "people": [without(person, ("id",)) for person in entry["people"]],
    }


def _name(entries: list[Entry], entry_id: int | None) -> str:
    return next((str(entry["name"]) for entry in entries if entry["id"] == entry_id), "")


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None
