"""The whole draft, read once for a page of the editor."""

from dataclasses import dataclass
from functools import cached_property

from app.agenda.draft.queries import (
    agenda_days,
    list_rooms,
    list_topics,
    list_tray,
    people_by_session,
)
from app.agenda.models import AgendaSession, Room
from app.agenda.timetable import Day, Person, Slot, Topic
from app.workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A session in the tray, with what its card shows."""

    session: AgendaSession
    topic: Topic | None
    people: tuple[Person, ...]

    @property
    def id(self) -> int:
        """The session's."""
        return self.session.id


@dataclass(frozen=True)
class AgendaDraft:
    """Days with their sessions, the tray, rooms and topics."""

    days: tuple[Day, ...]
    tray: tuple[Unplaced, ...]
    rooms: tuple[Room, ...]
    topics: tuple[Topic, ...]

    @cached_property
    def slots(self) -> dict[int | None, Slot]:
        """Session id → the session, of those that have a time."""
        return {slot.id: slot for day in self.days for slot in day.slots}

    def seats(self, slot: Slot) -> int | None:
        """As many as may sign up: the session's own seats, else those of its room."""
        return slot.seats or next((r.seats for r in self.rooms if r.id == slot.room_id), None)

    def title(self, session_id: int | None) -> str:
        """The title of a session of the draft; empty if it is none of them."""
        if session_id in self.slots:
            return self.slots[session_id].title
        return next((u.session.title for u in self.tray if u.id == session_id), "")


def read_draft(workshop: Workshop) -> AgendaDraft:
    """The draft as it is now, with as many queries for many sessions as for few."""
    listed = list_topics(workshop.id)
    topics: dict[int | None, Topic] = {topic.id: topic for topic in listed}
    people = people_by_session(workshop.id)
    tray = tuple(
        Unplaced(
            session,
            topics.get(session.track_id),
            people.get(session.id, ()),
        )
        for session in list_tray(workshop.id)
    )
    days = agenda_days(workshop, topics=listed, people=people)
    return AgendaDraft(days, tray, tuple(list_rooms(workshop.id)), tuple(listed))
