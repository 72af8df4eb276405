"""Reads about the programme: topics, rooms, days with their sessions."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.agenda.models import AgendaSession, Room, Track
from app.agenda.timetable import Day, Slot, Topic, make_days
from app.extensions import db, now
from app.workshops.models import Workshop

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# Columns, not entities: the page is opened often, and only read.
_SLOTS = (
    sa.select(
        AgendaSession.id,
        AgendaSession.kind,
        AgendaSession.title,
        AgendaSession.abstract,
        AgendaSession.speakers,
        AgendaSession.notes,
        AgendaSession.track_id,
        AgendaSession.room_id,
        AgendaSession.starts_at,
        AgendaSession.ends_at,
        Room.name,
        Room.position,
    )
    .outerjoin(Room, Room.id == AgendaSession.room_id)
    .order_by(AgendaSession.starts_at, Room.position, Room.name, AgendaSession.id)
)


@dataclass(frozen=True, slots=True)
class Agenda:
    """The programme as it is shown."""

    topics: tuple[Topic, ...]
    days: tuple[Day, ...]

    @property
    def is_running(self) -> bool:
        """Whether some session is on at this moment."""
        return any(slot.is_now for day in self.days for slot in day.slots)


def list_topics(workshop_id: int) -> list[Topic]:
    """The topics of a workshop in their order, each with its letter."""
    rows = db.session.execute(
        sa.select(Track.id, Track.name, Track.summary, Track.colour)
        .where(Track.workshop_id == workshop_id)
        .order_by(Track.position, Track.name)
    )
    return [
        Topic(row.id, row.name, row.summary, row.colour, LETTERS[number % len(LETTERS)])
        for number, row in enumerate(rows)
    ]


def find_released_agenda(workshop: Workshop, at: datetime | None = None) -> Agenda | None:
    """The programme, unless it is still being drawn up."""
    return get_agenda(workshop, at) if workshop.agenda_released_at else None


def get_agenda(workshop: Workshop, at: datetime | None = None) -> Agenda:
    """The programme, released or not; `at` is the instant that counts as now."""
    topics = list_topics(workshop.id)
    return Agenda(tuple(topics), make_days(_slots(workshop, topics, at or now())))


def agenda_days(workshop: Workshop, at: datetime | None = None) -> tuple[Day, ...]:
    """All days of the workshop, also those without a session yet, and days with strays."""
    slots = _slots(workshop, list_topics(workshop.id), at or now())
    return make_days(slots, workshop.days)


def _slots(workshop: Workshop, topics: list[Topic], at: datetime) -> list[Slot]:
    by_id: dict[int | None, Topic] = {topic.id: topic for topic in topics}
    zone = workshop.zone
    return [
        Slot(
            id=row[0],
            kind=row[1],
            title=row[2],
            abstract=row[3],
            speakers=row[4],
            notes=row[5],
            topic=by_id.get(row[6]),
            room_id=row[7],
            room=row[10] or "",
            room_position=row[11] or 0,
            starts=row[8].astimezone(zone),
            ends=row[9].astimezone(zone),
            is_now=row[8] <= at < row[9],
        )
        for row in db.session.execute(_SLOTS.where(AgendaSession.workshop_id == workshop.id))
    ]


def list_sessions(workshop_id: int) -> list[AgendaSession]:
    """All sessions in order of time."""
    return list(
        db.session.scalars(
            sa.select(AgendaSession)
            .where(AgendaSession.workshop_id == workshop_id)
            .order_by(AgendaSession.starts_at, AgendaSession.id)
        )
    )


def list_rooms(workshop_id: int) -> list[Room]:
    """The rooms in their order."""
    query = sa.select(Room).where(Room.workshop_id == workshop_id)
    return list(db.session.scalars(query.order_by(Room.position, Room.name)))


def list_tracks(workshop_id: int) -> list[Track]:
    """The topics as they are edited, in their order."""
    query = sa.select(Track).where(Track.workshop_id == workshop_id)
    return list(db.session.scalars(query.order_by(Track.position, Track.name)))


def find_session(workshop_id: int, session_id: int) -> AgendaSession | None:
    """A session of this workshop."""
    return db.session.scalar(
        sa.select(AgendaSession).filter_by(workshop_id=workshop_id, id=session_id)
    )


def find_room(workshop_id: int, room_id: int) -> Room | None:
    """A room of this workshop."""
    return db.session.scalar(sa.select(Room).filter_by(workshop_id=workshop_id, id=room_id))


def find_track(workshop_id: int, track_id: int) -> Track | None:
    """A topic of this workshop."""
    return db.session.scalar(sa.select(Track).filter_by(workshop_id=workshop_id, id=track_id))


def sessions_in_room(room: Room) -> list[AgendaSession]:
    """The sessions that take place there, in order of time."""
    return [s for s in list_sessions(room.workshop_id) if s.room_id == room.id]


def sessions_on_topic(track: Track) -> list[AgendaSession]:
    """The sessions that belong to the topic, in order of time."""
    return [s for s in list_sessions(track.workshop_id) if s.track_id == track.id]


def programme_span(workshop_id: int) -> tuple[datetime, datetime] | None:
    """First start and last end, in UTC; None without any session."""
    first, last = db.session.execute(
        sa.select(sa.func.min(AgendaSession.starts_at), sa.func.max(AgendaSession.ends_at)).where(
            AgendaSession.workshop_id == workshop_id
        )
    ).one()
    return (first, last) if first else None
