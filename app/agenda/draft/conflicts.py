"""What somebody else did to a session meanwhile, in one sentence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import Account, JournalEntry
from app.agenda.models import AgendaEdit, AgendaSession
from app.extensions import db, now
from app.web.language import clock, day, weekday

# In the order in which a sentence names them.
FIELDS = {
    "title": _l("Title"),
    "kind": _l("Kind"),
    "starts_at": _l("Time"),
    "ends_at": _l("Time"),
    "minutes": _l("Length"),
    "room_id": _l("Room"),
    "track_id": _l("Topic"),
    "people": _l("Speakers"),
    "speakers": _l("Speakers"),
    "chair": _l("Chair"),
    "language": _l("Language"),
    "abstract": _l("Description"),
    "seats": _l("Seats"),
    "sign_up": _l("Sign-up"),
    "notes": _l("Internal notes"),
}
_PLACE = {"starts_at", "ends_at", "minutes", "room_id"}
# Journal and step are written in the same transaction as the change, a moment after it.
_BELONGS = timedelta(seconds=5)


def what_happened(session: AgendaSession, zone: ZoneInfo, changes: int = 1) -> str:
    """Who changed the session last, when, and what; `changes`: how many changes one has missed."""
    known = _journalled(session, max(changes, 1)) or _step(session)
    if known is None:
        return str(_("Somebody else has changed this meanwhile."))
    sentence, what = _sentence(session, zone, known.fields)
    return str(sentence) % {
        "name": known.who or _("Somebody else"),
        "when": _when(known.at, zone),
        "title": session.title,
        "what": what,
    }


@dataclass(frozen=True, slots=True)
class _Known:
    """The latest change, and the fields of all changes that were asked for."""

    at: datetime
    who: str
    fields: set[str]


def _journalled(session: AgendaSession, changes: int) -> _Known | None:
    """What the journal knows; None if the session was changed once more without it."""
    entries = db.session.execute(
        sa.select(JournalEntry.at, JournalEntry.detail, Account.name, Account.email)
        .outerjoin(Account, Account.id == JournalEntry.account_id)
        .where(JournalEntry.subject == "session", JournalEntry.subject_id == session.id)
        .order_by(JournalEntry.id.desc())
        .limit(changes)
    ).all()
    if not entries or entries[0].at < session.updated_at - _BELONGS:
        return None
    fields = {name for entry in entries for name in entry.detail.get("fields", ())}
    return _Known(entries[0].at, entries[0].name or entries[0].email or "", fields)


def _step(session: AgendaSession) -> _Known | None:
    """What undo remembers, of changes to many sessions that the journal names only as a whole."""
    edit = db.session.execute(
        sa.select(AgendaEdit.at, AgendaEdit.before, AgendaEdit.after, Account.name, Account.email)
        .join(Account, Account.id == AgendaEdit.account_id)
        .where(AgendaEdit.session_id == session.id, ~AgendaEdit.undone)
        .order_by(AgendaEdit.id.desc())
        .limit(1)
    ).first()
    if edit is None or edit.at < session.updated_at - _BELONGS:
        return None
    fields = {name for name, value in edit.after.items() if edit.before.get(name) != value}
    return _Known(edit.at, edit.name or edit.email, fields)


def _sentence(session: AgendaSession, zone: ZoneInfo, fields: set[str]) -> tuple[Any, str]:
    """What was done, with gaps for who and when, and what fills the gap `what`."""
    if session.deleted_at:
        return _l("%(name)s deleted “%(title)s” %(when)s."), ""
    if "deleted_at" in fields:
        return _l("%(name)s brought “%(title)s” back %(when)s."), ""
    if fields and fields <= _PLACE:
        return _l("%(name)s moved “%(title)s” %(when)s: %(what)s."), _place(session, zone)
    if fields == {"title"}:
        return _l("%(name)s renamed this session %(when)s: “%(title)s”."), ""
    changed = dict.fromkeys(str(FIELDS[name]) for name in FIELDS if name in fields)
    return _l("%(name)s changed “%(title)s” %(when)s: %(what)s."), ", ".join(changed)


def _when(at: datetime, zone: ZoneInfo) -> str:
    """'um 14:03 Uhr', with the day unless that is today."""
    local = at.astimezone(zone)
    if local.date() == now().astimezone(zone).date():
        return str(_("at %(clock)s", clock=clock(local, zone)))
    return str(_("on %(day)s at %(clock)s", day=day(local.date()), clock=clock(local, zone)))


def _place(session: AgendaSession, zone: ZoneInfo) -> str:
    """'Dienstag, 1. Juli, 10:00–11:00, Raum 2'; the tray where it has no time."""
    if session.starts_at is None or session.ends_at is None:
        return str(_("Tray"))
    starts, ends = (at.astimezone(zone) for at in (session.starts_at, session.ends_at))
    span = f"{clock(starts, zone)}–{clock(ends, zone)}"
    room = session.room.name if session.room else ""
    return ", ".join(filter(None, (weekday(starts.date()), span, room)))
