"""How a programme begins: after a template, or after that of an earlier workshop."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _

from app.agenda.draft.people import people_text
from app.agenda.draft.queries import list_rooms, list_sessions, list_tracks, list_tray
from app.agenda.intake.plans import Plan, PlannedRoom, PlannedSession, PlannedTopic, onto
from app.agenda.models import AgendaSession, SessionKind, SessionRole
from app.extensions import db
from app.workshops.models import Workshop

PARALLEL = 3
"""Topics side by side in the template."""

_TALK, _GROUP, _PANEL = SessionKind.TALK, SessionKind.WORKSHOP, SessionKind.PANEL
_BREAK, _EVENING = SessionKind.BREAK, SessionKind.EVENING


class _Line(NamedTuple):
    starts: str
    ends: str
    kind: SessionKind
    title: str = ""  # none: one session for each topic


def after_template(workshop: Workshop) -> Plan:
    """Arrival, opening, topics in parallel rooms, breaks, an evening and a closing."""
    rooms = [room.name for room in list_rooms(workshop.id)][:PARALLEL]
    names = [_("Main hall"), *(_("Room %(number)s", number=n) for n in (2, 3))]
    rooms += names[len(rooms) :]
    topics = [track.name for track in list_tracks(workshop.id)][:PARALLEL]
    topics += [_("Topic %(number)s", number=n) for n in range(len(topics) + 1, PARALLEL + 1)]
    sessions = [
        session
        for day in workshop.days
        for line in _lines_of(workshop, day)
        for session in _sessions_of(day, line, rooms, topics)
    ]
    return Plan(
        sessions=tuple(sessions),
        rooms=tuple(PlannedRoom(name=name) for name in rooms),
        topics=tuple(PlannedTopic(name=name) for name in topics),
    )


def after_workshop(
    workshop: Workshop, model: Workshop, *, with_texts: bool, with_speakers: bool
) -> Plan:
    """The draft of another workshop, its first day on this one's first day, and so on.

    Sessions begin by the clock as they did there and last as long.
    What stands on a day that this workshop does not have goes to the tray.
    """
    days = dict(zip(model.days, workshop.days, strict=False))

    def planned(session: AgendaSession) -> PlannedSession:
        starts, ends = (
            at.astimezone(model.zone) if at else None for at in (session.starts_at, session.ends_at)
        )
        there = PlannedSession(
            kind=session.kind,
            title=session.title,
            day=starts.date() if starts else None,
            starts=starts.time() if starts else None,
            ends=ends.time() if ends else None,
            minutes=session.minutes,
            room=session.room.name if session.room else "",
            topic=session.track.name if session.track else "",
            speakers=people_text(session, SessionRole.SPEAKER) if with_speakers else "",
            chair=people_text(session, SessionRole.CHAIR) if with_speakers else "",
            abstract=session.abstract if with_texts else "",
            language=session.language,
            seats=session.seats,
            sign_up=session.sign_up,
        )
        day = days.get(there.day) if there.day else None
        if day is None:
            return replace(there, day=None, starts=None, ends=None)
        return onto(day, there, model.zone, workshop.zone)

    return Plan(
        sessions=tuple(map(planned, (*list_sessions(model.id), *list_tray(model.id)))),
        rooms=tuple(
            PlannedRoom(name=room.name, seats=room.seats, equipment=room.equipment)
            for room in list_rooms(model.id)
        ),
        topics=tuple(
            PlannedTopic(name=track.name, summary=track.summary, colour=track.colour)
            for track in list_tracks(model.id)
        ),
    )


def has_draft(workshop: Workshop) -> bool:
    """Whether the draft has any session, in the tray or not."""
    query = sa.select(AgendaSession.id).filter_by(workshop_id=workshop.id, deleted_at=None)
    return db.session.scalar(query.limit(1)) is not None


def list_models(workshop: Workshop) -> list[Workshop]:
    """The other workshops that have a programme, the latest first."""
    filled = sa.exists().where(
        AgendaSession.workshop_id == Workshop.id, AgendaSession.deleted_at.is_(None)
    )
    query = sa.select(Workshop).where(Workshop.id != workshop.id, filled)
    return list(db.session.scalars(query.order_by(Workshop.starts_on.desc(), Workshop.id)))


def _lines_of(workshop: Workshop, day: date) -> list[_Line]:
    is_first, is_last = day == workshop.starts_on, day == workshop.ends_on
    lines: list[_Line] = []
    if is_first:
        lines += [
            _Line("09:30", "10:30", _BREAK, _("Arrival and coffee")),
            _Line("10:30", "11:00", _TALK, _("Opening")),
            _Line("11:00", "12:30", _PANEL, _("Best practice: a year in review")),
        ]
    else:
        lines += [
            _Line("09:00", "10:30", _GROUP),
            _Line("10:30", "11:00", _BREAK, _("Coffee break")),
            _Line("11:00", "12:30", _PANEL, _("Results of the topics"))
            if is_last
            else _Line("11:00", "12:30", _GROUP),
        ]
    if is_last and not is_first:
        lines += [
            _Line("12:30", "13:00", _TALK, _("Closing")),
            _Line("13:00", "14:00", _BREAK, _("Lunch and departure")),
        ]
        return lines
    lines += [
        _Line("12:30", "13:30", _BREAK, _("Lunch break")),
        _Line("13:30", "15:00", _GROUP),
        _Line("15:00", "15:30", _BREAK, _("Coffee break")),
    ]
    if is_last:
        return [*lines, _Line("15:30", "16:00", _TALK, _("Closing"))]
    lines.append(_Line("15:30", "17:00", _GROUP))
    if is_first:
        lines.append(_Line("19:00", "22:00", _EVENING, _("Evening event")))
    return lines


def _sessions_of(
    day: date, line: _Line, rooms: list[str], topics: list[str]
) -> list[PlannedSession]:
    placed = PlannedSession(
        title=line.title,
        kind=line.kind,
        day=day,
        starts=_clock(line.starts),
        ends=_clock(line.ends),
        room="" if line.kind in {_BREAK, _EVENING} else rooms[0],
    )
    if line.title:
        return [placed]
    return [
        PlannedSession(
            **{**vars(placed), "title": topic, "topic": topic, "room": room},
        )
        for room, topic in zip(rooms, topics, strict=True)
    ]


def _clock(text: str) -> time:
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a clock time has no zone
