"""Reads about the programme: topics, rooms, days with their sessions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.agenda.models import AgendaSession, Room, SessionPerson, Speaker, Track
from app.agenda.timetable import LETTERS, Day, Person, Slot, Topic, make_days
from app.extensions import db, now
from app.sorting import sort_key
from app.workshops.models import Workshop

_TRACKS = Track.__table__.c  # without the mapping: this is asked for every visitor
_WRITTEN_TOPICS = (
    sa.select(_TRACKS.id, _TRACKS.name, _TRACKS.summary)
    .where(_TRACKS.workshop_id == sa.bindparam("workshop_id"))
    .order_by(_TRACKS.position, _TRACKS.id)
)
# Columns, not entities: these pages are opened often, and only read.
_SLOTS = (
    sa.select(
        AgendaSession.id,
        AgendaSession.kind,
        AgendaSession.title,
        AgendaSession.abstract,
        AgendaSession.language,
        AgendaSession.notes,
        AgendaSession.track_id,
        AgendaSession.room_id,
        AgendaSession.seats,
        AgendaSession.sign_up,
        AgendaSession.starts_at,
        AgendaSession.ends_at,
        AgendaSession.uid,
        AgendaSession.version,
        AgendaSession.updated_at,
        Room.name.label("room"),
        Room.position.label("room_position"),
    )
    .outerjoin(Room, Room.id == AgendaSession.room_id)
    .where(AgendaSession.starts_at.is_not(None), AgendaSession.deleted_at.is_(None))
    .order_by(AgendaSession.starts_at, Room.position, Room.name, AgendaSession.id)
)


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


def agenda_days(
    workshop: Workshop,
    at: datetime | None = None,
    *,
    topics: Iterable[Topic] | None = None,
    people: Mapping[int, tuple[Person, ...]] | None = None,
) -> tuple[Day, ...]:
    """All days of the workshop, also those without a session yet, and days with strays.

    Topics and people (by session) may be given by whoever has read them already.
    """
    if topics is None:
        topics = list_topics(workshop.id)
    slots = _slots(workshop, topics, at or now(), people)
    return make_days(slots, workshop.days)


def _slots(
    workshop: Workshop,
    topics: Iterable[Topic],
    at: datetime,
    people: Mapping[int, tuple[Person, ...]] | None = None,
) -> list[Slot]:
    by_id: dict[int | None, Topic] = {topic.id: topic for topic in topics}
    zone = workshop.zone
    if people is None:
        people = people_by_session(workshop.id)
    return [
        Slot(
            id=row.id,
            kind=row.kind,
            title=row.title,
            abstract=row.abstract,
            language=row.language,
            people=people.get(row.id, ()),
            topic=by_id.get(row.track_id),
            room_id=row.room_id,
            room=row.room or "",
            room_position=row.room_position or 0,
            seats=row.seats,
            sign_up=row.sign_up,
            starts=row.starts_at.astimezone(zone),
            ends=row.ends_at.astimezone(zone),
            is_now=row.starts_at <= at < row.ends_at,
            uid=row.uid,
            sequence=row.version,
            changed_at=row.updated_at,
            notes=row.notes,
        )
        for row in db.session.execute(_SLOTS.where(AgendaSession.workshop_id == workshop.id))
    ]


def people_by_session(workshop_id: int) -> dict[int, tuple[Person, ...]]:
    """Session id → who speaks there and who chairs, in their order."""
    found: dict[int, tuple[Person, ...]] = {}
    for row in db.session.execute(
        sa.select(
            SessionPerson.session_id,
            SessionPerson.role,
            Speaker.id,
            Speaker.name,
            Speaker.organisation,
        )
        .join(Speaker, Speaker.id == SessionPerson.speaker_id)
        .where(SessionPerson.workshop_id == workshop_id)
        .order_by(SessionPerson.session_id, SessionPerson.position, Speaker.id)
    ):
        person = Person(row.id, row.name, row.organisation, row.role)
        found[row.session_id] = (*found.get(row.session_id, ()), person)
    return found


def list_abouts(workshop_id: int) -> list[dict[str, Any]]:
    """`id` and `about` of all who say something about themselves and are in some session."""
    rows = db.session.execute(
        sa.select(Speaker.id, Speaker.about)
        .where(
            Speaker.workshop_id == workshop_id,
            Speaker.about != "",
            Speaker.id.in_(sa.select(SessionPerson.speaker_id)),
        )
        .order_by(Speaker.id)
    )
    return [{"id": row.id, "about": row.about} for row in rows]


def list_sessions(workshop_id: int) -> list[AgendaSession]:
    """The draft's sessions that have a time, in order of time."""
    return _listed(workshop_id, AgendaSession.starts_at.is_not(None))


def list_tray(workshop_id: int) -> list[AgendaSession]:
    """The draft's sessions that have no time yet, by title."""
    tray = _listed(workshop_id, AgendaSession.starts_at.is_(None))
    return sorted(tray, key=lambda session: sort_key(session.title))


def _listed(workshop_id: int, *conditions: sa.ColumnElement[bool]) -> list[AgendaSession]:
    query = sa.select(AgendaSession).where(
        AgendaSession.workshop_id == workshop_id, AgendaSession.deleted_at.is_(None), *conditions
    )
    return list(db.session.scalars(query.order_by(AgendaSession.starts_at, AgendaSession.id)))


def list_rooms(workshop_id: int) -> list[Room]:
    """The rooms in their order."""
    query = sa.select(Room).where(Room.workshop_id == workshop_id)
    return list(db.session.scalars(query.order_by(Room.position, Room.name)))


def written_topics(workshop_id: int) -> list[tuple[Any, ...]]:
    """The topics as the database has them: what the workshop's page shows of them."""
    rows = db.session.connection().execute(_WRITTEN_TOPICS, {"workshop_id": workshop_id})
    return [tuple(row) for row in rows]


def list_tracks(workshop_id: int) -> list[Track]:
    """The topics as they are edited, in their order."""
    query = sa.select(Track).where(Track.workshop_id == workshop_id)
    return list(db.session.scalars(query.order_by(Track.position, Track.name)))


def find_session(workshop_id: int, session_id: int) -> AgendaSession | None:
    """A session of this workshop's draft."""
    return db.session.scalar(
        sa.select(AgendaSession).filter_by(workshop_id=workshop_id, id=session_id, deleted_at=None)
    )


def find_room(workshop_id: int, room_id: int) -> Room | None:
    """A room of this workshop."""
    return db.session.scalar(sa.select(Room).filter_by(workshop_id=workshop_id, id=room_id))


def find_track(workshop_id: int, track_id: int) -> Track | None:
    """A topic of this workshop."""
    return db.session.scalar(sa.select(Track).filter_by(workshop_id=workshop_id, id=track_id))


def sessions_in_room(room: Room) -> list[AgendaSession]:
    """The sessions that take place there, in order of time, those in the tray too."""
    return _listed(room.workshop_id, AgendaSession.room_id == room.id)


def sessions_on_topic(track: Track) -> list[AgendaSession]:
    """The sessions that belong to the topic, in order of time, those in the tray too."""
    return _listed(track.workshop_id, AgendaSession.track_id == track.id)
