"""A whole programme to take over: read from a file, a template or last year, shown, then written.

Nothing is written before somebody has seen it. Until then a plan is kept as `AgendaImport`.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _

from app.agenda.draft import places, service
from app.agenda.draft.history import lock_editor
from app.agenda.draft.people import Cast, put_people
from app.agenda.draft.queries import list_rooms, list_tracks
from app.agenda.intake import elapsed
from app.agenda.models import (
    PALETTE,
    AgendaImport,
    AgendaSession,
    Room,
    SessionKind,
    SessionRole,
    SignUpMode,
    Track,
)
from app.extensions import db, now
from app.refusals import Refused
from app.web.language import day as written_day
from app.workshops.locking import lock_workshop
from app.workshops.models import Workshop

KEPT = timedelta(days=1)
"""How long a plan waits to be taken over."""

DEFAULT_MINUTES = 60
MOST_SESSIONS = 400
MOST_PLACES = 50


class NotWaiting(Refused):
    """The plan is taken over already, too old, or somebody else's."""


@dataclass(frozen=True, kw_only=True)
class PlannedRoom:
    """A room that is made unless there is one of its name."""

    name: str
    seats: int | None = None
    equipment: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedTopic:
    """A topic that is made unless there is one of its name."""

    name: str
    summary: str = ""
    colour: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedPerson:
    """Somebody whom a file knows by more than the name; two of one name have two keys."""

    key: str
    name: str
    organisation: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedSession:
    """A session to be made; day and clock times in the workshop's zone, none of them: tray.

    An end at 00:00 is midnight at the end of the day; of an hour that comes twice, `fold` tells
    which. `minutes` is the length where more is known than the times; with a start and no end it
    would end after midnight. `where` says where it was read, for people: 'Row 7'. `persons` are
    the speakers where the file tells them apart.
    """

    title: str
    where: str = ""
    kind: SessionKind = SessionKind.TALK
    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    minutes: int | None = None
    room: str = ""
    topic: str = ""
    speakers: str = ""
    persons: tuple[PlannedPerson, ...] = ()
    chair: str = ""
    abstract: str = ""
    language: str = "de"
    seats: int | None = None
    sign_up: SignUpMode = SignUpMode.NONE


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A programme to take over, and what is not as it should be."""

    sessions: tuple[PlannedSession, ...]
    rooms: tuple[PlannedRoom, ...] = ()
    topics: tuple[PlannedTopic, ...] = ()
    problems: tuple[str, ...] = ()


def fit(workshop: Workshop, plan: Plan) -> Plan:
    """The plan with each session on a day of the workshop or in the tray, and told why.

    If none of the plan's days is one of the workshop's, they are shifted in their order.
    """
    notes: list[str] = []
    sessions = list(plan.sessions)
    days = sorted({session.day for session in sessions if session.day})
    if days and len(days) <= len(workshop.days) and not set(days) & set(workshop.days):
        shifted = dict(zip(days, workshop.days, strict=False))
        zones = workshop.zone, workshop.zone
        sessions = [onto(shifted[s.day], s, *zones) if s.day else s for s in sessions]
        notes.append(_("The days are shifted to those of the workshop."))
    fitted = []
    for session in sessions:
        problem = _what_is_wrong(workshop, session)
        if problem:
            problem += _lost_times(session)
            notes.append(f"{session.where}: {problem}" if session.where else problem)
        is_placed = session.day and not problem
        fitted.append(session if is_placed else _unplaced(session, workshop.zone))
    problems = sorted((*plan.problems, *notes), key=_row_of)
    return replace(plan, sessions=tuple(fitted), problems=tuple(problems))


def onto(day: date, session: PlannedSession, before: ZoneInfo, now: ZoneInfo) -> PlannedSession:
    """The session on another day: it starts by the clock as it did, and lasts as long."""
    if session.starts is None or session.ends is None:
        return replace(session, day=day)
    lasts = elapsed.length(session.day, session.starts, session.ends, before)
    if lasts <= timedelta():
        return replace(session, day=day)  # and is told to end before it starts
    ends = elapsed.end_after(day, session.starts, lasts, now)
    return replace(session, day=day, ends=ends, minutes=lasts // timedelta(minutes=1))


def _row_of(problem: str) -> int:
    """The row that a problem begins with, so that they stand in the order of the table."""
    found = re.match(r"\w+ (\d+): ", problem)
    return int(found[1]) if found else 0


def keep(workshop: Workshop, plan: Plan, account_id: int) -> AgendaImport:
    """Keep the plan until it is taken over; forget those that waited too long."""
    forget_old()
    kept = AgendaImport(
        id=secrets.token_hex(16),
        workshop_id=workshop.id,
        account_id=account_id,
        content=_to_json(plan),
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def forget_old() -> None:
    """Delete the plans of all workshops that nobody has taken over in time."""
    db.session.execute(sa.delete(AgendaImport).where(AgendaImport.created_at < now() - KEPT))


def find_plan(workshop: Workshop, import_id: str, account_id: int) -> Plan | None:
    """A plan that this account has read and not taken over yet."""
    if not re.fullmatch("[0-9a-f]{32}", import_id):
        return None  # a database may choke on what an address can hold
    kept = db.session.scalar(
        sa.select(AgendaImport).where(
            AgendaImport.id == import_id,
            AgendaImport.workshop_id == workshop.id,
            AgendaImport.account_id == account_id,
            AgendaImport.created_at >= now() - KEPT,
        )
    )
    return _from_json(kept.content) if kept else None


def take_over(
    workshop: Workshop, import_id: str, account_id: int, *, replaces: bool
) -> tuple[AgendaSession, ...]:
    """Write a kept plan into the draft: beside what is there, or in its place.

    Releases stay as they are. Raises `NotWaiting`.
    """
    plan = find_plan(workshop, import_id, account_id)
    # Deleting it first: of two sendings of the form one finds nothing any more.
    gone = db.session.execute(sa.delete(AgendaImport).where(AgendaImport.id == import_id))
    if plan is None or not gone.rowcount:  # type: ignore[attr-defined]  # a DELETE counts its rows
        raise NotWaiting(_("This is taken over already, or waited too long. Please begin anew."))
    lock_editor(account_id)
    _lock_draft(workshop)
    if replaces:
        _clear(workshop)
    return write(workshop, fit(workshop, plan))


def write(workshop: Workshop, plan: Plan) -> tuple[AgendaSession, ...]:
    """Make what is missing of the plan's rooms and topics, and all of its sessions."""
    rooms = _make_rooms(workshop, plan)
    topics = _make_topics(workshop, plan)
    cast = Cast(workshop.id)

    def made(session: PlannedSession) -> AgendaSession:
        draft = service.SessionDraft(
            **_values(session),
            room_id=rooms.get(session.room.casefold()),
            track_id=topics.get(session.topic.casefold()),
        )
        added = service.add_session(workshop, draft)
        if session.persons:
            speakers = [cast.find(p.key, p.name, p.organisation) for p in session.persons]
            put_people(added, SessionRole.SPEAKER, list(dict.fromkeys(speakers)))
        return added

    return tuple(map(made, plan.sessions))


def new_names(workshop: Workshop, plan: Plan) -> tuple[list[str], list[str]]:
    """The rooms and topics that taking the plan over would make."""
    known_rooms, known_topics = (
        {entry.name.casefold() for entry in entries}
        for entries in (list_rooms(workshop.id), list_tracks(workshop.id))
    )
    rooms = [room.name for room in _rooms_of(plan) if room.name.casefold() not in known_rooms]
    topics = [t.name for t in _topics_of(plan) if t.name.casefold() not in known_topics]
    return rooms, topics


def _unplaced(session: PlannedSession, zone: ZoneInfo) -> PlannedSession:
    """For the tray, as long as its times say."""
    minutes = session.minutes
    if minutes is None and session.starts and session.ends:
        lasts = elapsed.length(session.day, session.starts, session.ends, zone)
        minutes = lasts // timedelta(minutes=1)
    if minutes is None or minutes < service.SHORTEST:
        minutes = DEFAULT_MINUTES
    return replace(session, day=None, starts=None, ends=None, minutes=minutes)


def _what_is_wrong(workshop: Workshop, session: PlannedSession) -> str:
    """Why the session cannot stand where the plan wants it; empty if it can."""
    if session.day is None:
        return ""
    if session.starts and session.minutes and session.ends is None:
        return str(_("It ends after midnight; it goes to the tray"))
    if session.starts is None or session.ends is None:
        return str(_("Start or end is missing; it goes to the tray"))
    if session.day not in workshop.days:
        return str(_("This is none of the workshop's days; it goes to the tray"))
    return _wrong_times(workshop, session.day, session.starts, session.ends)


def _lost_times(session: PlannedSession) -> str:
    """' (24. Dezember 2026, 11:00–12:00).': what the file said and the tray does not keep."""
    clocks = "–".join(f"{clock:%H:%M}" for clock in (session.starts, session.ends) if clock)
    on = written_day(session.day) if session.day else ""
    return f" ({', '.join(filter(None, (on, clocks)))})."


def _wrong_times(workshop: Workshop, day: date, starts: time, ends: time) -> str:
    instants = elapsed.instants(day, starts, ends, workshop.zone)
    if instants is None:
        return str(_("Clocks go forward then; it goes to the tray"))
    first, last = instants
    if last <= first:
        return str(_("The end is before the start; it goes to the tray"))
    if last - first < timedelta(minutes=service.SHORTEST):
        return str(_("It is shorter than 5 minutes; it goes to the tray"))
    if last - first > timedelta(minutes=service.LONGEST):
        return str(_("It is longer than 24 hours; it goes to the tray"))
    return ""


def _lock_draft(workshop: Workshop) -> None:
    """Let others take over or delete rooms before or after this, in the order of all locks."""
    lock_workshop(workshop.id)
    for kind in (Room, Track):
        db.session.execute(
            sa.select(kind.id)
            .where(kind.workshop_id == workshop.id)
            .with_for_update(read=True, key_share=True)
        )


def _clear(workshop: Workshop) -> None:
    for session in db.session.scalars(
        sa.select(AgendaSession)
        .filter_by(workshop_id=workshop.id, deleted_at=None)
        .order_by(AgendaSession.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all():
        service.delete_session(workshop, session.id, version=session.version)


def _rooms_of(plan: Plan) -> list[PlannedRoom]:
    named = (PlannedRoom(name=session.room) for session in plan.sessions if session.room)
    return list(_each_once((*plan.rooms, *named)))


def _topics_of(plan: Plan) -> list[PlannedTopic]:
    named = (PlannedTopic(name=session.topic) for session in plan.sessions if session.topic)
    return list(_each_once((*plan.topics, *named)))


def _each_once(entries: Iterable[Any]) -> Iterable[Any]:
    found: dict[str, Any] = {}
    for entry in entries:
        found.setdefault(entry.name.casefold(), entry)
    return found.values()


def _make_rooms(workshop: Workshop, plan: Plan) -> dict[str, int]:
    known: list[Room] = list_rooms(workshop.id)
    ids = {room.name.casefold(): room.id for room in known}
    position = max((room.position for room in known), default=0)
    for room in _rooms_of(plan):
        if room.name.casefold() not in ids:
            position = min(position + 1, 99)
            made = places.add_room(workshop, places.RoomDraft(**asdict(room), position=position))
            ids[room.name.casefold()] = made.id
    return ids


def _make_topics(workshop: Workshop, plan: Plan) -> dict[str, int]:
    known: list[Track] = list_tracks(workshop.id)
    ids = {topic.name.casefold(): topic.id for topic in known}
    position = max((topic.position for topic in known), default=0)
    for topic in _topics_of(plan):
        if topic.name.casefold() not in ids:
            position = min(position + 1, 99)
            made = places.add_topic(
                workshop,
                places.TopicDraft(
                    name=topic.name,
                    summary=topic.summary,
                    colour=topic.colour or PALETTE[len(ids) % len(PALETTE)],
                    position=position,
                ),
            )
            ids[topic.name.casefold()] = made.id
    return ids


def _values(session: PlannedSession) -> dict[str, Any]:
    """What a draft of the session takes as it is."""
    apart = {"where", "room", "topic", "persons"}
    values = {f.name: getattr(session, f.name) for f in fields(session) if f.name not in apart}
    values["minutes"] = session.minutes or DEFAULT_MINUTES
    return values | ({"speakers": ""} if session.persons else {})


def _to_json(plan: Plan) -> dict[str, Any]:
    content = asdict(plan)
    for session in content["sessions"]:
        for name in ("starts", "ends"):
            session[name] = _clock_to_json(session[name]) if session[name] is not None else None
        session["day"] = session["day"].isoformat() if session["day"] else None
    return content


def _from_json(content: dict[str, Any]) -> Plan:
    return Plan(
        sessions=tuple(_session_from(values) for values in content["sessions"]),
        rooms=tuple(PlannedRoom(**values) for values in content["rooms"]),
        topics=tuple(PlannedTopic(**values) for values in content["topics"]),
        problems=tuple(content["problems"]),
    )


def _session_from(values: dict[str, Any]) -> PlannedSession:
    read = {"day": date.fromisoformat, "starts": _clock_from_json, "ends": _clock_from_json}
    typed = {name: parse(values[name]) if values[name] else None for name, parse in read.items()}
    kinds = {"kind": SessionKind(values["kind"]), "sign_up": SignUpMode(values["sign_up"])}
    persons = tuple(PlannedPerson(**person) for person in values["persons"])
    return PlannedSession(**{**values, **typed, **kinds, "persons": persons})


def _clock_to_json(clock: time) -> str:
    """'02:30:00', and '02:30:00/2' for the second of an hour that comes twice."""
    return clock.isoformat() + ("/2" if clock.fold else "")


def _clock_from_json(text: str) -> time:
    return time.fromisoformat(text.removesuffix("/2")).replace(fold=text.endswith("/2"))
