"""The shown release as JSON; docs/formats.md describes each name."""

from datetime import datetime
from typing import Any

from flask import current_app

from app.agenda.models import AgendaRelease
from app.agenda.releases.content import read_agenda
from app.agenda.timetable import Day, Slot
from app.workshops.models import Workshop

# Rises when a name goes away or changes its meaning; names that are added leave it as it is.
FORMAT = 1


def agenda_json(workshop: Workshop, release: AgendaRelease) -> dict[str, Any]:
    """A release for other programs. Times are local, with their offset from UTC."""
    content, zone = release.content, workshop.zone
    agenda = read_agenda(content, zone, release.released_at)
    return {
        "format": FORMAT,
        "workshop": {
            "slug": workshop.slug,
            "title": workshop.title,
            "starts_on": workshop.starts_on.isoformat(),
            "ends_on": workshop.ends_on.isoformat(),
            "time_zone": workshop.timezone,
            "place": workshop.place,
            "venue": workshop.venue,
            "url": workshop_address(workshop),
        },
        "release": {
            "number": release.number,
            "released_at": local(release.released_at, workshop).isoformat(timespec="seconds"),
        },
        "rooms": [
            {name: room[name] for name in ("id", "name", "seats", "equipment")}
            for room in content["rooms"]
        ],
        "tracks": [
            {"id": t.id, "name": t.name, "summary": t.summary, "colour": t.colour, "mark": t.letter}
            for t in agenda.topics
        ],
        "days": [_day(day) for day in agenda.days],
        "sessions": [_session(workshop, slot) for day in agenda.days for slot in day.slots],
    }


def workshop_address(workshop: Workshop) -> str:
    """'https://tagung.example.org/leipzig/'."""
    return f"{current_app.config['BASE_URL']}/{workshop.slug}/"


def session_address(workshop: Workshop, slot: Slot) -> str:
    """The page of a session."""
    return f"{workshop_address(workshop)}agenda/{slot.id}"


def local(at: datetime, workshop: Workshop) -> datetime:
    """An instant with the offset that holds in the workshop's zone."""
    return at.astimezone(workshop.zone)


def _day(day: Day) -> dict[str, Any]:
    return {
        "date": day.on.isoformat(),
        "starts_at": day.slots[0].starts.isoformat(),
        "ends_at": max(day.slots, key=lambda slot: slot.ends.timestamp()).ends.isoformat(),
        "sessions": [slot.id for slot in day.slots],
    }


def _session(workshop: Workshop, slot: Slot) -> dict[str, Any]:
    return {
        "id": slot.id,
        "uid": slot.uid,
        "kind": slot.kind.value,
        "title": slot.title,
        "abstract": slot.abstract,
        "language": slot.language,
        "starts_at": slot.starts.isoformat(),
        "ends_at": slot.ends.isoformat(),
        "minutes": slot.minutes,
        "room_id": slot.room_id,
        "track_id": slot.topic.id if slot.topic else None,
        "seats": slot.seats,
        "sign_up": slot.sign_up.value,
        "people": [
            {"id": p.id, "name": p.name, "organisation": p.organisation, "role": p.role.value}
            for p in slot.people
        ],
        "sequence": slot.sequence,
        "changed_at": local(slot.changed_at, workshop).isoformat(timespec="seconds"),
        "url": session_address(workshop, slot),
    }
