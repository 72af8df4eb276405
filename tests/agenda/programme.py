"""Makes topics, rooms and sessions by the commands that the desk uses."""

from dataclasses import replace
from datetime import time
from typing import Any

from app.agenda.draft import places, service
from app.agenda.draft.queries import agenda_days
from app.agenda.models import AgendaSession, Room, SessionKind, Track
from app.agenda.releases import service as releases
from app.agenda.timetable import Day
from app.extensions import db
from app.workshops.models import Workshop


def draft(workshop: Workshop, **changes: Any) -> service.SessionDraft:
    """What an organiser would type for a talk on the first day."""
    typed = service.SessionDraft(
        kind=SessionKind.TALK,
        title="Lage im Netz",
        day=workshop.starts_on,
        starts=time(9),
        ends=time(10),
    )
    return replace(typed, **changes)


def add_session(workshop: Workshop, title: str, **changes: Any) -> AgendaSession:
    """A session, stored."""
    made = service.add_session(workshop, draft(workshop, title=title, **changes))
    db.session.commit()
    return made


def add_room(workshop: Workshop, name: str, **values: Any) -> Room:
    """A room, stored."""
    made = places.add_room(workshop, places.RoomDraft(name=name, **values))
    db.session.commit()
    return made


def add_topic(workshop: Workshop, name: str, **values: Any) -> Track:
    """A topic, stored."""
    made = places.add_topic(workshop, places.TopicDraft(name=name, **values))
    db.session.commit()
    return made


def filled_days(workshop: Workshop) -> list[Day]:
    """The draft's days that hold a session."""
    return [day for day in agenda_days(workshop) if day.slots]


def fill(workshop: Workshop, count: int) -> None:
    """A released programme with that many sessions, each with room and topic."""
    room, topic = add_room(workshop, "Saal"), add_topic(workshop, "Kampagnen")
    for number in range(count):
        add_session(
            workshop,
            f"Sitzung {number}",
            starts=time(8 + number // 6, number % 6 * 10),
            ends=time(8 + number // 6, number % 6 * 10 + 9),
            room_id=room.id,
            track_id=topic.id,
        )
    releases.release(workshop)
    db.session.commit()
