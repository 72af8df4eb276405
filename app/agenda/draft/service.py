"""Commands on the draft's sessions. They flush and never commit.

Two people may edit at once: who changes, moves or deletes names the version that was on the
screen, and is refused with `ChangedMeanwhile` when it is no longer the present one. A command that
names its editor's account is a step that `app.agenda.draft.undo` can take back.
"""

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _

from app.agenda.draft.conflicts import what_happened
from app.agenda.draft.history import Action, State, lock_editor, note_step, put_state, state_of
from app.agenda.draft.noting import note
from app.agenda.draft.people import set_people
from app.agenda.draft.queries import find_session
from app.agenda.models import AgendaSession, Room, SessionKind, SessionRole, SignUpMode, Track
from app.extensions import db, now
from app.refusals import ChangedMeanwhile, DeletedMeanwhile, Refused
from app.workshops.models import Workshop

Entry = TypeVar("Entry", AgendaSession, Room, Track)
STEP = 5  # minutes: what is moved begins and grows by these
SHORTEST, LONGEST = 5, 24 * 60  # minutes


class EndsBeforeStart(Refused):
    """The end is not after the start."""


class LengthNotAllowed(Refused):
    """It is too short or too long, or runs past midnight."""


class NotInSteps(Refused):
    """What is moved must begin and last in steps of five minutes."""


class OutsideWorkshop(Refused):
    """The day is none of the workshop's days."""


class NoSuchTime(Refused):
    """Clocks go forward on that day and leave this time out."""


class UnknownRoom(Refused):
    """The room is not one of this workshop's."""


class UnknownTopic(Refused):
    """The topic is not one of this workshop's."""


@dataclass(frozen=True, kw_only=True)
class SessionDraft:
    """A session as it is typed: a day and clock times in the workshop's zone.

    Without a day it lies in the tray and has only its length. `speakers` and `chair` hold one
    person a line: name, comma, organisation.
    """

    kind: SessionKind
    title: str
    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    minutes: int = 60
    room_id: int | None = None
    track_id: int | None = None
    speakers: str = ""
    chair: str = ""
    abstract: str = ""
    language: str = "de"
    seats: int | None = None
    sign_up: SignUpMode = SignUpMode.NONE
    notes: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a session is put: clock time in the workshop's zone; without a day into the tray."""

    day: date | None
    starts: time | None
    minutes: int
    room_id: int | None


def add_session(
    workshop: Workshop, draft: SessionDraft, *, account_id: int | None = None
) -> AgendaSession:
    """A new session. Raises what `change_session` raises about the draft."""
    lock_editor(account_id)
    session = AgendaSession(
        workshop_id=workshop.id, uid=str(uuid4()), **_session_values(workshop, draft)
    )
    db.session.add(session)
    db.session.flush()
    _set_people(session, draft)
    note("agenda.session_added", session, account_id=account_id)
    note_step(Action.ADDED, session, None, account_id)
    return session


def change_session(
    workshop: Workshop,
    session_id: int,
    draft: SessionDraft,
    *,
    version: int,
    account_id: int | None = None,
) -> AgendaSession:
    """Change a session to the draft.

    Raises `EndsBeforeStart`, `LengthNotAllowed`, `OutsideWorkshop`, `NoSuchTime`, `UnknownRoom`,
    `UnknownTopic`, `ChangedMeanwhile` and `DeletedMeanwhile`.
    """
    lock_editor(account_id)
    present = find_session(workshop.id, session_id)
    values = _session_values(workshop, _as_stored(workshop, present, draft))
    session = lock(AgendaSession, workshop, session_id, version)
    before = state_of(session)
    changed = change(session, values)
    people = _set_people(session, draft)
    if people and not changed:
        session.updated_at = now()  # the people are part of the session: its version rises
        db.session.flush()
    _note_change(Action.CHANGED, session, [*changed, *people], before, account_id)
    return session


def move_session(
    workshop: Workshop,
    session_id: int,
    place: Place,
    *,
    version: int,
    account_id: int | None = None,
) -> AgendaSession:
    """Move, resize, or put into the tray; starts and lengths in steps of five minutes.

    A start or length that was typed and is no multiple of five may be kept. Raises
    `LengthNotAllowed`, `NotInSteps`, `OutsideWorkshop`, `NoSuchTime`, `UnknownRoom`,
    `ChangedMeanwhile` and `DeletedMeanwhile`.
    """
    lock_editor(account_id)
    _check_room(workshop, place.room_id)
    session = lock(AgendaSession, workshop, session_id, version)
    before = state_of(session)
    _check_steps(workshop, session, place)
    values = {"room_id": place.room_id, **_placed(workshop, place)}
    changed = change(session, values)
    _note_change(_kind_of_move(before, changed, place), session, changed, before, account_id)
    return session


def duplicate_session(
    workshop: Workshop, session_id: int, *, account_id: int | None = None
) -> AgendaSession:
    """A copy with its people, in the tray. Raises `DeletedMeanwhile`."""
    lock_editor(account_id)
    present = find_session(workshop.id, session_id)
    if present is not None:
        hold(Room, workshop, present.room_id)
        hold(Track, workshop, present.track_id)
    original = lock(AgendaSession, workshop, session_id)
    copy = AgendaSession(
        workshop_id=workshop.id,
        uid=str(uuid4()),
        kind=original.kind,
        title=original.title,
    )
    db.session.add(copy)
    db.session.flush()
    put_state(copy, {**state_of(original), "starts_at": None, "ends_at": None})
    note("agenda.session_added", copy, account_id=account_id)
    note_step(Action.DUPLICATED, copy, None, account_id)
    return copy


def delete_session(
    workshop: Workshop, session_id: int, *, version: int, account_id: int | None = None
) -> None:
    """Take a session out of the draft. Raises `ChangedMeanwhile` and `DeletedMeanwhile`."""
    lock_editor(account_id)
    session = lock(AgendaSession, workshop, session_id, version)
    before = state_of(session)
    session.deleted_at = now()
    db.session.flush()
    note("agenda.session_deleted", session, account_id=account_id)
    note_step(Action.DELETED, session, before, account_id)


def lock(kind: type[Entry], workshop: Workshop, entry_id: int, version: int | None = None) -> Entry:
    """The entry as it is now, kept from others until the transaction ends.

    Raises `DeletedMeanwhile`, and `ChangedMeanwhile` if a version is named and is not the present
    one.
    """
    entry = db.session.scalar(
        sa.select(kind)
        .where(kind.id == entry_id, kind.workshop_id == workshop.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if isinstance(entry, AgendaSession) and entry.deleted_at:
        raise DeletedMeanwhile(what_happened(entry, workshop.zone))
    if entry is None:
        raise DeletedMeanwhile(_("Somebody else has deleted this meanwhile."))
    if version is None or entry.version == version:
        return entry
    if isinstance(entry, AgendaSession):
        raise ChangedMeanwhile(what_happened(entry, workshop.zone, entry.version - version))
    raise ChangedMeanwhile(_("Somebody else has changed this meanwhile."))


def hold(kind: type[Room] | type[Track], workshop: Workshop, entry_id: int | None) -> bool:
    """Keep a room or topic from being deleted until the transaction ends; False if it is gone.

    Taken before the lock of a session, everywhere: who deletes a room locks it before its sessions.
    """
    query = sa.select(kind.id).where(kind.id == entry_id, kind.workshop_id == workshop.id)
    return db.session.scalar(query.with_for_update(read=True, key_share=True)) is not None


def change(entry: AgendaSession | Room | Track, values: dict[str, Any]) -> list[str]:
    """Set the values; the names of those that differed."""
    changed = sorted(name for name, value in values.items() if getattr(entry, name) != value)
    for name in changed:
        setattr(entry, name, values[name])
    db.session.flush()
    return changed


def _note_change(
    action: Action,
    session: AgendaSession,
    changed: list[str],
    before: State,
    account_id: int | None,
) -> None:
    if not changed:
        return
    word = "agenda.session_changed" if action is Action.CHANGED else "agenda.session_moved"
    after = state_of(session)
    note(word, session, fields=changed, before=before, after=after, account_id=account_id)
    note_step(action, session, before, account_id)


def _kind_of_move(before: State, changed: list[str], place: Place) -> Action:
    if place.day is None and before["starts_at"]:
        return Action.SHELVED
    resized = "minutes" in changed and not {"starts_at", "room_id"} & set(changed)
    return Action.RESIZED if resized else Action.MOVED


def _session_values(workshop: Workshop, draft: SessionDraft) -> dict[str, Any]:
    """The draft as columns, checked."""
    _check_room(workshop, draft.room_id)
    if draft.track_id is not None and not hold(Track, workshop, draft.track_id):
        raise UnknownTopic(_("Choose one of the topics in the list."), field="track_id")
    values = {field.name: getattr(draft, field.name) for field in fields(draft)}
    for name in ("day", "starts", "ends", "speakers", "chair"):
        del values[name]
    values |= _times(workshop, draft)
    if not SHORTEST <= values["minutes"] <= LONGEST:
        field = "ends" if draft.day else "minutes"
        raise LengthNotAllowed(_("A session lasts from 5 minutes to 24 hours."), field=field)
    return values


def _times(workshop: Workshop, draft: SessionDraft) -> dict[str, Any]:
    if draft.day is None or draft.starts is None or draft.ends is None:
        return {"starts_at": None, "ends_at": None}
    _check_day(workshop, draft.day)
    starts = _instant(draft.day, draft.starts, workshop.zone, "starts")
    ends = _instant(end_day(draft.day, draft.ends), draft.ends, workshop.zone, "ends")
    if ends <= starts:
        raise EndsBeforeStart(_("The end must be after the start."), field="ends")
    minutes = int((ends - starts).total_seconds() // 60)
    return {"starts_at": starts, "ends_at": ends, "minutes": minutes}


def _as_stored(
    workshop: Workshop, session: AgendaSession | None, draft: SessionDraft
) -> SessionDraft:
    """The draft; if it has the stored times, each in the hour that is stored.

    When clocks go back an hour comes twice, and a form cannot say which.
    """
    if session is None or session.starts_at is None or session.ends_at is None:
        return draft
    starts, ends = (at.astimezone(workshop.zone) for at in (session.starts_at, session.ends_at))
    stored = starts.date(), starts.time(), ends.time()
    if stored != (draft.day, draft.starts, draft.ends):
        return draft
    return replace(draft, starts=starts.time(), ends=ends.time())


def _placed(workshop: Workshop, place: Place) -> dict[str, Any]:
    """The place as columns, checked."""
    if not SHORTEST <= place.minutes <= LONGEST:
        raise LengthNotAllowed(_("A session lasts from 5 minutes to 24 hours."), field="minutes")
    if place.day is None or place.starts is None:
        return {"starts_at": None, "ends_at": None, "minutes": place.minutes}
    _check_day(workshop, place.day)
    starts = _instant(place.day, place.starts, workshop.zone, "starts")
    ends = starts + timedelta(minutes=place.minutes)
    end = ends.astimezone(workshop.zone)
    if end.date() != place.day and end != _instant(
        end_day(place.day, time()), time(), workshop.zone, "minutes"
    ):
        raise LengthNotAllowed(_("A session must end before midnight."), field="minutes")
    return {"starts_at": starts, "ends_at": ends, "minutes": place.minutes}


def _check_steps(workshop: Workshop, session: AgendaSession, place: Place) -> None:
    kept = session.starts_at and session.starts_at.astimezone(workshop.zone).time()
    starts_well = place.starts is None or place.starts == kept or place.starts.minute % STEP == 0
    if not starts_well or (place.minutes != session.minutes and place.minutes % STEP):
        raise NotInSteps(_("Choose times in steps of 5 minutes."), field="starts")


def _check_room(workshop: Workshop, room_id: int | None) -> None:
    if room_id is not None and not hold(Room, workshop, room_id):
        raise UnknownRoom(_("Choose one of the rooms in the list."), field="room_id")


def _check_day(workshop: Workshop, day: date) -> None:
    if day not in workshop.days:
        raise OutsideWorkshop(_("Choose one of the workshop's days."), field="day")


def _set_people(session: AgendaSession, draft: SessionDraft) -> list[str]:
    """Make the typed people those of the session; the fields that this changed."""
    typed = (
        ("speakers", SessionRole.SPEAKER, draft.speakers),
        ("chair", SessionRole.CHAIR, draft.chair),
    )
    return [name for name, role, text in typed if set_people(session, role, text)]


def end_day(day: date, ends: time) -> date:
    """The day on which an end's clock stands: midnight, 24:00, is that of the next."""
    # Where the doubled hour begins at midnight (the Azores), its second one is of the day itself.
    return day + timedelta(days=1) if ends == time() and not ends.fold else day


def _instant(day: date, clock: time, zone: ZoneInfo, field: str) -> datetime:
    """The instant in UTC; of a time that comes twice when clocks go back, as its `fold` says."""
    instant = datetime.combine(day, clock, zone).astimezone(UTC)
    if instant.astimezone(zone).time() != clock:
        raise NoSuchTime(
            _("Clocks go forward on this day, so this time does not exist."), field=field
        )
    return instant
